import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callModule } from './call-module.js';

const root = join(__dirname, '..', '..');

describe('dependencies between projects', () => {
  it('manifests, tsconfig references and the lock file state the projects that the sources import', () => {
    expect(callModule('inner-dependencies.mjs', 'innerDependencies', root)).toEqual([]);
  });

  it('an import that no manifest states is found, in specs too', () => {
    const directory = mkdtempSync(join(tmpdir(), 'custos-house-'));
    const write = (file: string, content: unknown): void => {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), typeof content === 'string' ? content : JSON.stringify(content));
    };
    const manifestsOf = (name: string) => {
      write(`libs/core/${name}/package.json`, { name: `@custos/core-${name}`, version: '0.1.0' });
      write(`libs/core/${name}/tsconfig.lib.json`, { exclude: ['src/**/*.spec.ts'] });
      write(`libs/core/${name}/tsconfig.spec.json`, {});
    };
    for (const name of ['small', 'large', 'other']) manifestsOf(name);
    mkdirSync(join(directory, 'apps'));
    mkdirSync(join(directory, 'tools'));
    write('package-lock.json', { packages: {} });
    write('libs/core/large/src/index.ts', "export { x } from '@custos/core-small';");
    write('libs/core/large/src/large.spec.ts', "import { y } from '@custos/core-other/testing';");
    const found = callModule('inner-dependencies.mjs', 'innerDependencies', directory) as [string, string][];
    rmSync(directory, { recursive: true });
    const texts = Object.fromEntries(found.map(([file, text]) => [file, JSON.parse(text) as unknown]));
    expect(texts).toEqual({
      'libs/core/large/package.json': {
        ...{ name: '@custos/core-large', version: '0.1.0' },
        dependencies: { '@custos/core-small': '0.1.0' },
        devDependencies: { '@custos/core-other': '0.1.0' },
      },
      'libs/core/large/tsconfig.lib.json': {
        exclude: ['src/**/*.spec.ts'],
        references: [{ path: '../../../libs/core/small/tsconfig.lib.json' }],
      },
      'libs/core/large/tsconfig.spec.json': {
        references: [{ path: '../../../libs/core/other/tsconfig.lib.json' }],
      },
    });
  });
});
