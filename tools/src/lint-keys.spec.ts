import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callModule } from './call-module.js';
import { root, tracked } from './tracked.js';

interface Project {
  readonly path: string;
  readonly dependencies: readonly string[];
}

/** A checkout in which `app` builds on `middle`, that on `core`; `other` stands alone. */
function checkout(): string {
  const directory = mkdtempSync(join(tmpdir(), 'custos-lint-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  write('eslint.config.mjs', 'export default [];');
  write('tools/package.json', '{ "name": "@x/tools" }');
  for (const [path, reference] of [
    ['libs/a/core', undefined],
    ['libs/a/middle', '../core/tsconfig.lib.json'],
    ['libs/a/other', undefined],
    ['apps/app', '../../libs/a/middle/tsconfig.lib.json'],
  ] as const) {
    write(`${path}/package.json`, JSON.stringify({ name: path }));
    write(`${path}/tsconfig.json`, JSON.stringify({ references: [{ path: './tsconfig.lib.json' }] }));
    write(`${path}/tsconfig.lib.json`, JSON.stringify({ references: reference ? [{ path: reference }] : [] }));
    write(`${path}/src/index.ts`, 'export const one = 1;');
    write(`${path}/src/index.spec.ts`, 'it("is one", () => 1);');
    write(`${path}/dist/index.d.ts`, 'export declare const one = 1;');
  }
  return directory;
}

describe('keys of clean lints', () => {
  const directory = checkout();
  const all = ['apps/app', 'libs/a/core', 'libs/a/middle', 'libs/a/other', 'tools'];
  const projects = callModule('projects.mjs', 'projectsOf', directory) as readonly Project[];
  const keys = (version = 'v24') =>
    callModule('lint-keys.mjs', 'lintKeys', directory, projects, version) as Readonly<Record<string, string>>;
  /** The projects that a change makes lint again. */
  const lintedAfter = (path: string): readonly string[] => {
    const before = keys();
    const file = join(directory, path);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('1', '2') + '\n');
    const after = keys();
    writeFileSync(file, text);
    expect(keys()).toEqual(before);
    return all.filter((each) => before[each] !== after[each]);
  };
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('a source and a spec are of their project alone', () => {
    expect(lintedAfter('libs/a/core/src/index.ts')).toEqual(['libs/a/core']);
    expect(lintedAfter('libs/a/core/src/index.spec.ts')).toEqual(['libs/a/core']);
  });

  it('a declaration is of all that build on it, directly and indirectly', () => {
    expect(lintedAfter('libs/a/core/dist/index.d.ts')).toEqual(['apps/app', 'libs/a/middle']);
    expect(lintedAfter('apps/app/dist/index.d.ts')).toEqual([]);
  });

  it('a manifest, with the tags of the boundary rule, is of its project and all that build on it', () => {
    expect(lintedAfter('libs/a/middle/package.json')).toEqual(['apps/app', 'libs/a/middle']);
  });

  it('settings and the version of Node are of every project', () => {
    expect(lintedAfter('eslint.config.mjs')).toEqual(all);
    const [before, after] = [keys('v24'), keys('v26')];
    expect(all.filter((each) => before[each] !== after[each])).toEqual(all);
  });

  it('every source stands in a project and in the program that is linted', () => {
    const projectsHere = (callModule('projects.mjs', 'projectsOf', root) as readonly Project[]).map(({ path }) => path);
    const outside = tracked
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => !projectsHere.some((path) => file.startsWith(`${path}/src/`)));
    expect(outside).toEqual([]);
  });
});
