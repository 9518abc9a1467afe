import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProjects } from './projects.js';
import { createRebuilder, type Rebuilder, type Restartable } from './rebuild.js';
import { watchSources } from './watch-sources.js';

const LIMIT_MS = 120_000;
const root = mkdtempSync(join(tmpdir(), 'custos-dev-'));
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => rmSync(root, { recursive: true }));

/** trace and validator rest on chain, trace alone on epcis; the command line on both apps' rooms. */
const REST_ON: Readonly<Record<string, readonly string[]>> = {
  'libs/core/chain': [],
  'libs/core/epcis': [],
  'apps/validator': ['@custos/core-chain'],
  'apps/trace': ['@custos/core-chain', '@custos/core-epcis'],
  'apps/cli': ['@custos/core-chain'],
};
const nameOf = (folder: string): string =>
  `@custos/${folder
    .replace(/^libs\//, '')
    .replace(/^apps\//, 'app-')
    .replace('/', '-')}`;

const write = (folder: string, text: string, file = 'main.ts'): void =>
  writeFileSync(join(root, folder, 'src', file), text);

/** A compiler that keeps code and drops comments, and refuses what says so. */
async function compile(): Promise<boolean> {
  for (const folder of Object.keys(REST_ON)) {
    const src = join(root, folder, 'src');
    const texts = readdirSync(src)
      .filter((file) => !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(join(src, file), 'utf8'));
    if (texts.some((text) => text.includes('wrong'))) return false;
    writeFileSync(join(root, folder, 'dist', 'main.js'), texts.join('\n').replaceAll(/\/\/.*/g, ''));
  }
  return true;
}

interface Scene {
  readonly rebuilder: Rebuilder;
  readonly restarted: string[];
  readonly said: string[];
  readonly builds: () => number;
  until(holds: () => boolean): Promise<void>;
}

/** Two validators and trace run; `isBroken` says what does not come up. */
async function scene({
  isBroken = () => false,
  slow,
}: { isBroken?: (name: string) => boolean; slow?: () => Promise<void> } = {}): Promise<Scene> {
  for (const [folder, dependencies] of Object.entries(REST_ON)) {
    for (const part of ['src', 'dist']) mkdirSync(join(root, folder, part), { recursive: true });
    const manifest = {
      name: nameOf(folder),
      dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
    };
    writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
    write(folder, `say('${folder}');`);
  }
  await compile();
  const restarted: string[] = [];
  const said: string[] = [];
  let builds = 0;
  const process = (name: string, app: string): Restartable => ({
    name,
    project: `@custos/app-${app}`,
    async restart() {
      if (isBroken(name)) throw new Error('it ended at once');
      restarted.push(name);
    },
  });
  const projects = readProjects(root);
  const rebuilder = createRebuilder({
    projects,
    processes: [process('validator-1', 'validator'), process('validator-2', 'validator'), process('trace', 'trace')],
    own: '@custos/app-cli',
    async build() {
      builds++;
      await slow?.();
      return compile();
    },
    say: (line) => void said.push(line),
  });
  const stopWatching = watchSources(projects, rebuilder.changed);
  stops.push(() => {
    stopWatching();
    return rebuilder.stop();
  });
  const until = async (holds: () => boolean): Promise<void> => {
    const deadline = Date.now() + LIMIT_MS;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`not in time: ${JSON.stringify({ restarted, said, builds })}`);
      await new Promise(setImmediate);
    }
  };
  return { rebuilder, restarted, said, builds: () => builds, until };
}

const ends = (said: readonly string[], words: string) => () => said.some((line) => line.includes(words));

test('a change restarts the processes that rest on it, one after another, and no others', async () => {
  const { restarted, said, until } = await scene();
  write('libs/core/epcis', `say('changed');`);
  await until(ends(said, 'trace runs'));
  expect(restarted).toEqual(['trace']);
  expect(said).toEqual(['changed: @custos/core-epcis', 'trace runs the new code']);
  write('libs/core/chain', `say('changed');`);
  await until(() => restarted.length === 4);
  expect(restarted.slice(1)).toEqual(['validator-1', 'validator-2', 'trace']);
  expect(said).toContainEqual(expect.stringContaining('the starter itself has changed'));
});

test('what changes no code restarts nothing: a comment, a test', async () => {
  const { restarted, said, until } = await scene();
  write('apps/trace', `say('apps/trace');// why`);
  await until(ends(said, 'nothing that runs has changed'));
  write('apps/trace', 'expect(1)', 'main.spec.ts');
  await until(() => said.length === 2);
  expect(said[1]).toContain('nothing that runs has changed');
  expect(restarted).toEqual([]);
});

test('what does not compile restarts nothing, and the change that mends it all that changed since', async () => {
  const { restarted, said, until } = await scene();
  write('apps/validator', 'wrong');
  await until(ends(said, 'does not compile'));
  expect(restarted).toEqual([]);
  write('apps/validator', `say('mended');`);
  await until(() => restarted.length === 2);
  expect(restarted).toEqual(['validator-1', 'validator-2']);
});

test('a process that does not come up is told, and does not keep the others from theirs', async () => {
  let broken = true;
  const { restarted, said, until } = await scene({ isBroken: (name) => broken && name === 'validator-1' });
  write('apps/validator', `say('crashes');`);
  await until(() => restarted.length === 1);
  expect([restarted, said]).toEqual([
    ['validator-2'],
    expect.arrayContaining(['validator-1 did not come up: it ended at once']),
  ]);
  broken = false;
  write('apps/validator', `say('works');`);
  await until(() => restarted.length === 3);
});

test('changes during a build are one more build, and none begins after the stop', async () => {
  let go = (): void => undefined;
  const slow = () => new Promise<void>((resolve) => (go = resolve));
  const { rebuilder, said, builds, restarted, until } = await scene({ slow });
  rebuilder.changed();
  await until(() => builds() === 1);
  for (let i = 0; i < 5; i++) rebuilder.changed();
  go();
  await until(() => builds() === 2);
  const stopped = rebuilder.stop();
  rebuilder.changed();
  write('apps/trace', `say('too late');`);
  go();
  await stopped;
  expect([builds(), restarted]).toEqual([2, []]);
  expect(said).toContainEqual(expect.stringContaining('nothing that runs has changed'));
});
