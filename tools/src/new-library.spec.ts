import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callModule } from './call-module.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'custos-room-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  for (const folder of ['apps', 'libs/core', 'node_modules/@custos'])
    mkdirSync(join(root, folder), { recursive: true });
  write('tsconfig.json', '{ "files": [], "references": [] }');
  write('package-lock.json', '{ "packages": { "": {}, "node_modules/zod": {} } }');
  write('tools/arrows.mjs', 'export const CORE = {\n  bytes: [],\n};\n');
});

afterEach(() => rmSync(root, { recursive: true }));

describe('npm run new:lib', () => {
  it('makes a room that the build, the lock file and the arrows know', () => {
    const todo = callModule('new-library.mjs', 'newLibrary', root, 'core/light-rules') as readonly string[];
    expect(todo.join()).toContain('README.md');
    const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
    expect(JSON.parse(textOf('libs/core/light-rules/package.json'))).toMatchObject({
      name: '@custos/core-light-rules',
      nx: { tags: ['layer:core', 'core:light-rules'] },
    });
    expect(JSON.parse(textOf('tsconfig.json'))).toMatchObject({ references: [{ path: './libs/core/light-rules' }] });
    expect(Object.keys((JSON.parse(textOf('package-lock.json')) as { packages: object }).packages)).toEqual([
      '',
      'libs/core/light-rules',
      'node_modules/@custos/core-light-rules',
      'node_modules/zod',
    ]);
    expect(readlinkSync(join(root, 'node_modules/@custos/core-light-rules'))).toBe('../../libs/core/light-rules');
    expect(textOf('tools/arrows.mjs')).toContain("  'light-rules': ['bytes'],");
  });

  it.each(['rules', 'web/rules', 'core/Rules', 'core/../rules', 'core/'])('refuses %s, and makes nothing', (place) => {
    expect(() => callModule('new-library.mjs', 'newLibrary', root, place)).toThrow('say LAYER/NAME');
    expect(existsSync(join(root, 'libs/core/rules'))).toBe(false);
  });

  it('refuses a name that is taken', () => {
    mkdirSync(join(root, 'libs/core/rules'));
    expect(() => callModule('new-library.mjs', 'newLibrary', root, 'core/rules')).toThrow('is there already');
  });
});
