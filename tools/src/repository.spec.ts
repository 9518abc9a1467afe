import { basename, dirname, join } from 'node:path';
import { importCircles } from './import-circles.js';
import {
  AIM_FILE_LINES,
  AIM_FUNCTION_LINES,
  declaredNames,
  functionsOf,
  hasLonelyTest,
  hasMarker,
  isTable,
  isTestCode,
  linesOf,
  MAX_FILE_LINES,
  MAX_FOLDER_FILES,
  MAX_FUNCTION_LINES,
  saysNothing,
  type Source,
} from './source-rules.js';
import { sourceOf, tracked } from './tracked.js';

const read = (file: string): string => sourceOf(file).text;

const sources = tracked.filter((file) => file.endsWith('.ts') && !file.includes('/dist/')).map(sourceOf);
const production = sources.filter(({ path }) => !isTestCode(path));
const functions = production.flatMap(functionsOf);
/** The texts of this folder show what is wrong. */
const written = sources.filter(({ path }) => !path.startsWith('tools/src/'));
const projects = tracked.filter((file) => basename(file) === 'package.json' && file !== 'package.json').map(dirname);

const tooLong = (all: readonly Source[]): readonly string[] =>
  all.filter((source) => linesOf(source) > MAX_FILE_LINES && !isTable(source)).map(({ path }) => path);
const tooLongFunctions = (all: readonly Source[]): readonly string[] =>
  all
    .flatMap(functionsOf)
    .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
    .map(({ path, name, lines }) => `${path}: ${name} has ${lines} lines`);
const crowdedFolders = (all: readonly Source[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { path } of all) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > MAX_FOLDER_FILES)
    .map(([folder, count]) => `${folder}: ${count} files`);
};
const namesThatSayNothing = (all: readonly Source[]): readonly string[] =>
  all.flatMap((source) =>
    declaredNames(source)
      .filter((name) => saysNothing(name, ['base']))
      .map((name) => `${source.path}: ${name}`),
  );

describe('sizes (STYLE, Budgets)', () => {
  it(`a source file has at most ${MAX_FILE_LINES} lines, unless its header says it is a table`, () => {
    expect(tooLong(sources)).toEqual([]);
  });

  it(`a function has at most ${MAX_FUNCTION_LINES} lines`, () => {
    expect(tooLongFunctions(production)).toEqual([]);
  });

  it(`a folder has at most ${MAX_FOLDER_FILES} source files, specs and fixtures apart`, () => {
    expect(crowdedFolders(production)).toEqual([]);
  });

  it('what is above the aims may only become less (tools/sizes.json)', () => {
    const allowed = JSON.parse(read('tools/sizes.json')) as { longFiles: number; longFunctions: number };
    const longFiles = production.filter((source) => linesOf(source) > AIM_FILE_LINES && !isTable(source)).length;
    const longFunctions = functions.filter(({ lines }) => lines > AIM_FUNCTION_LINES).length;
    expect({ longFiles, withinRatchet: longFiles <= allowed.longFiles }).toEqual({ longFiles, withinRatchet: true });
    expect({ longFunctions, withinRatchet: longFunctions <= allowed.longFunctions }).toEqual({
      longFunctions,
      withinRatchet: true,
    });
  });

  it('canary: each would be reported', () => {
    const path = 'bad.ts';
    const body = (lines: number): string => `${'  x();\n'.repeat(lines)}`;
    expect(tooLong([{ path, text: 'x();\n'.repeat(401) }])).toEqual([path]);
    const many = Array.from({ length: 16 }, (_, i) => ({ path: `src/room/${i}.ts`, text: '' }));
    expect([crowdedFolders(many), crowdedFolders(many.slice(1))]).toEqual([['src/room: 16 files'], []]);
    expect(tooLong([{ path, text: `// A table: of x\n${'x();\n'.repeat(401)}` }])).toEqual([]);
    const text = `function short() {\n${body(68)}}\nconst late = () => {\n${body(69)}};\nclass A {\n  step() {\n${body(80)}  }\n}\n`;
    expect(tooLongFunctions([{ path, text }])).toEqual(['bad.ts: late has 71 lines', 'bad.ts: step has 82 lines']);
  });
});

describe('names (STYLE 18)', () => {
  it('no file and no folder has a name that says nothing', () => {
    expect(sources.map(({ path }) => path).filter((path) => saysNothing(path.replace(/\.ts$/, '')))).toEqual([]);
  });

  it('no declaration and no parameter has one', () => {
    expect(namesThatSayNothing(production)).toEqual([]);
  });

  it('canary: each would be reported', () => {
    expect(['libs/x/utils/a.ts', 'src/json-helper.ts', 'unitManager'].filter((name) => saysNothing(name))).toHaveLength(
      3,
    );
    expect(['master-data.ts', 'basement', 'database'].filter((name) => saysNothing(name))).toEqual([]);
    const text = 'const eventData = 1; function f(info: string) {} class KeyManager { impl() {} } const baseUnit = 2;';
    expect(namesThatSayNothing([{ path: 'x.ts', text }])).toEqual(
      ['eventData', 'info', 'KeyManager', 'impl'].map((name) => `x.ts: ${name}`),
    );
  });
});

describe('nothing is left behind', () => {
  it('nothing is left for later in a comment without its issue', () => {
    expect(written.filter(hasMarker).map(({ path }) => path)).toEqual([]);
  });

  it('no test is switched off or alone', () => {
    expect(written.filter(hasLonelyTest).map(({ path }) => path)).toEqual([]);
  });

  it('canary: each would be reported', () => {
    const marked = ['// TO' + 'DO: later', '/* FIX' + 'ME */', '// TO' + 'DO(#12): when web comes'];
    expect(marked.map((text) => hasMarker({ path: 'x.ts', text }))).toEqual([true, true, false]);
    const alone = ['it.only(', 'describe.skip(', 'fit(', 'it('].map((call) => `${call}'x', () => 1)`);
    expect(alone.map((text) => hasLonelyTest({ path: 'x.ts', text }))).toEqual([true, true, true, false]);
  });
});

describe('imports', () => {
  it('no files import each other in a circle, types included', () => {
    expect(importCircles(production)).toEqual([]);
    const circle = [
      { path: 'a/one.ts', text: "import type { Two } from './two.js';" },
      { path: 'a/two.ts', text: "import { three } from '../b/three.js';" },
      { path: 'b/three.ts', text: "export { one } from '../a/one.js';" },
      { path: 'b/four.ts', text: "import { three } from './three.js';" },
    ];
    expect(importCircles(circle)).toEqual([['a/one.ts', 'a/two.ts', 'b/three.ts']]);
  });
});

describe('packages', () => {
  const loose = (manifest: Record<string, Record<string, string>>): readonly string[] => {
    const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifest;
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => /^[\^~*><]|^latest$/.test(version))
      .map(([name, version]) => `${name} ${version}`);
  };
  const manifestOf = (project: string) =>
    JSON.parse(read(join(project, 'package.json'))) as Record<string, Record<string, string>>;

  it('the lock file names no host, and every dependency is pinned exactly', () => {
    expect(read('package-lock.json')).not.toContain('"resolved": "http');
    expect(['.', ...projects].flatMap((project) => loose(manifestOf(project)))).toEqual([]);
    expect(loose({ dependencies: { a: '^1.0.0', b: '1.0.0' }, devDependencies: { c: 'latest' } })).toEqual([
      'a ^1.0.0',
      'c latest',
    ]);
  });

  it('every project is compiled by the root build', () => {
    const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    expect(references.map(({ path }) => path.slice(2)).sort()).toEqual([...projects].sort());
  });
});
