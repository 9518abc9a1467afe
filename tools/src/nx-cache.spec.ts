import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callModule } from './call-module.js';
import { root, sourceOf, tracked } from './tracked.js';

interface Target {
  readonly cache: boolean;
  readonly inputs?: readonly Input[];
  readonly options: { readonly command: string; readonly cwd: string; readonly env?: object };
}
type Input = string | { readonly env?: string; readonly runtime?: string };
interface NxJson {
  readonly cacheDirectory: string;
  readonly namedInputs: Readonly<Record<string, readonly Input[]>>;
  readonly targetDefaults: Readonly<Record<string, Target>>;
}
interface Manifest {
  readonly nx?: { readonly namedInputs?: Readonly<Record<string, readonly Input[]>> };
}

const nxJson = JSON.parse(sourceOf('nx.json').text) as NxJson;
const projects = (callModule('projects.mjs', 'projectsOf', root) as { path: string }[]).map(({ path }) => path);
const cached = Object.entries(nxJson.targetDefaults).filter(([, { cache }]) => cache);

/** The inputs of a project's cached targets, with the names of inputs resolved. */
function inputsOf(project: string): readonly Input[] {
  const { nx } = JSON.parse(sourceOf(`${project}/package.json`).text) as Manifest;
  const named = { ...nxJson.namedInputs, ...nx?.namedInputs };
  const resolve = (input: Input): readonly Input[] =>
    typeof input === 'string' && input in named ? named[input]!.flatMap(resolve) : [input];
  return ['default', 'alsoReads', 'surroundings'].flatMap(resolve);
}

/** Variables that no result depends on: set by the runner, or read by commands and never by a suite. */
const NO_INPUTS = ['CUSTOS_RESULTS', 'CUSTOS_STARTED_AT', 'CUSTOS_DOWNLOAD_MS', 'KAFKAJS_NO_PARTITIONER_WARNING'];
/** Only the suite `containers` reads it, which is never cached. */
const NOT_CACHED = ['TESTCONTAINERS_RYUK_DISABLED'];

const variablesOf = (text: string): readonly string[] =>
  [...text.matchAll(/process\.env(?:\.|\[')(\w+)/g)].map((match) => match[1]!);

/** Files outside the projects that a text names: `'../../../vectors/x.json'`, `'docs/guides/a.md'`. */
function namedOutside(text: string): readonly string[] {
  const names = [...text.matchAll(/'(?:\.\.\/)*((?:docs|vectors|deploy|bench)\/[\w/.-]*|[\w-]+\.(?:yml|md))'/g)];
  return names.map((match) => match[1]!).filter((name) => tracked.some((file) => file.startsWith(name)));
}
const covers = (inputs: readonly Input[], name: string): boolean =>
  inputs.some(
    (input) =>
      typeof input === 'string' &&
      input.startsWith('{workspaceRoot}/') &&
      name.startsWith(input.slice('{workspaceRoot}/'.length).replace(/\*.*$/, '')),
  );

describe('what nx may take from its cache', () => {
  it('lies inside the checkout', () => {
    expect(nxJson.cacheDirectory).toBe('.nx/cache');
    expect(tracked.filter((file) => file.startsWith('.nx/'))).toEqual([]);
  });

  it('are suites that only compute, with their files, their dependencies, and the surroundings as inputs', () => {
    expect(cached.map(([name]) => name)).toEqual(['test', 'sim']);
    for (const [, { inputs }] of cached) expect(inputs).toEqual(['default', '^default', 'alsoReads', 'surroundings']);
  });

  it('runs with no environment but the one that its runner sets', () => {
    for (const suite of ['test', 'sim', 'int', 'e2e', 'containers']) {
      const { options } = nxJson.targetDefaults[suite]!;
      expect(options).toEqual({ command: `node tools/run-suite.mjs {projectRoot} ${suite}`, cwd: '{workspaceRoot}' });
    }
  });

  it('depends on every variable that code and tests read, and on the Node that runs them', () => {
    const given = nxJson.namedInputs['surroundings']!.map((input) => (input as { env?: string }).env);
    const read = tracked
      .filter((file) => /\.(ts|cjs)$/.test(file) && !file.startsWith('tools/src/'))
      .flatMap((file) => variablesOf(sourceOf(file).text));
    const missing = new Set(read.filter((name) => ![...given, ...NO_INPUTS, ...NOT_CACHED].includes(name)));
    expect([...missing]).toEqual([]);
    expect(given).toEqual(expect.arrayContaining(['CI', 'CUSTOS_SEED', 'CUSTOS_SUITE', 'NODE_OPTIONS', 'TZ']));
    const stamp = execFileSync(process.execPath, [join(root, 'tools/outside-inputs.mjs')], { encoding: 'utf8' });
    expect(stamp).toMatch(/^v\d+\.\d+\.\d+ \w+ \w+ \d+ [0-9a-f]{64}\n$/);
  });

  it('depends on the files outside its project that its specs name', () => {
    const specs = tracked.filter((file) => /\.(spec|contract)\.ts$/.test(file) && !/\.(int|e2e)\.spec/.test(file));
    const missing = specs.flatMap((file) => {
      const inputs = inputsOf(projects.find((project) => file.startsWith(`${project}/`))!);
      return namedOutside(sourceOf(file).text)
        .filter((name) => !covers(inputs, name))
        .map((name) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
    expect(covers(inputsOf('tools'), 'README.md')).toBe(true);
    expect(covers(inputsOf('libs/core/bytes'), 'docs/guides/metrics.md')).toBe(false);
    expect(namedOutside("read('docs/guides/metrics.md'); join(x, '../../vectors', 'y'); 'docker-compose.yml'")).toEqual(
      ['docs/guides/metrics.md', 'docker-compose.yml'],
    );
  });
});

describe('nx itself, in a small checkout', () => {
  const parent = mkdtempSync(join(tmpdir(), 'custos-nx-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  function checkout(name: string): string {
    const directory = join(parent, name);
    mkdirSync(directory);
    const files = tracked.filter((file) =>
      /^(\.gitignore|nx\.json|jest\.config\.cjs|tsconfig\.base\.json|package(-lock)?\.json|tools\/[^/]*|libs\/dev\/servers\/jest\/.*)$/.test(
        file,
      ),
    );
    for (const file of files) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      cpSync(join(root, file), join(directory, file));
    }
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    mkdirSync(join(directory, 'libs/core/small/src'), { recursive: true });
    const manifest = { name: '@custos/core-small', nx: { targets: { test: {} } } };
    writeFileSync(join(directory, 'libs/core/small/package.json'), JSON.stringify(manifest));
    spec(directory, 'expect(process.env.CUSTOS_SEED).not.toBe("2")');
    return directory;
  }
  function spec(directory: string, body: string): void {
    writeFileSync(join(directory, 'libs/core/small/src/a.spec.ts'), `it('is right', () => { ${body}; });`);
  }
  /** Whether the suite passed, and whether its result came from the cache. */
  function nxTest(directory: string, env: Readonly<Record<string, string>> = {}) {
    const { PATH, HOME } = process.env;
    const nx = join(directory, 'node_modules/nx/dist/bin/nx.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [nx, 'test', '@custos/core-small'], {
      cwd: directory,
      env: { PATH, HOME, FORCE_COLOR: '0', ...env },
      encoding: 'utf8',
    });
    const output = `${stdout}${stderr}`;
    if (!/Tests: .*1 (passed|failed)/.test(output)) throw new Error(output);
    return { passed: status === 0, fromCache: output.includes('1/1 hit') };
  }

  it('runs without an environment of ours; a variable, a file and another checkout each run again', () => {
    const [first, second] = [checkout('first'), checkout('second')];
    expect(nxTest(first)).toEqual({ passed: true, fromCache: false });
    expect(nxTest(first)).toEqual({ passed: true, fromCache: true });
    expect(nxTest(first, { CUSTOS_SEED: '2' })).toEqual({ passed: false, fromCache: false });
    expect(nxTest(second)).toEqual({ passed: true, fromCache: false });
    spec(first, 'expect(1).toBe(2)');
    expect(nxTest(first)).toEqual({ passed: false, fromCache: false });
  });
});
