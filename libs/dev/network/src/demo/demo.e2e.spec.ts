import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(__dirname, '..', '..', '..', '..', '..');
const START = join(root, 'tools', 'start.mjs');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 26_000 + (process.pid % 47) * 40;
/** Milliseconds of one test. */
const TEST_MS = 600_000;

/** The last line that the demo prints before it waits. */
const LAST = /^ {3}npm run demo/;

/** One demo for all of them, on a machine that has Node and nothing else: no Java, no Docker, no broker, no Postgres. */
describe('the demo with Node alone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-node-alone-'));
  const options = ['--directory', join(directory, 'demo'), '--port-base', String(PORTS)];
  const { CUSTOS_KAFKA: _kafka, CUSTOS_LANES: _lanes, CUSTOS_POSTGRES: _postgres, ...others } = process.env;
  const lines: string[] = [];
  let demo: ChildProcess;
  let exit: Promise<unknown[]>;

  beforeAll(async () => {
    chmodSync(directory, 0o755);
    const path = join(directory, 'path');
    mkdirSync(path);
    symlinkSync(process.execPath, join(path, 'node'));
    demo = spawn('node', [START, 'demo', ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...others, PATH: path },
    });
    exit = once(demo, 'exit');
    for await (const line of createInterface({ input: demo.stdout! })) {
      lines.push(line);
      if (LAST.test(line)) break;
    }
  }, TEST_MS);
  afterAll(async () => {
    demo?.kill('SIGTERM');
    await exit;
    rmSync(directory, { recursive: true, force: true });
  }, TEST_MS);

  /** Runs a printed line as a reader would, in a shell of the checkout. */
  const shell = (line: string): string =>
    execFileSync('sh', ['-c', line], { cwd: root, encoding: 'utf8', env: others });
  const printed = (beginning: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`   ${beginning}`)).map((line) => line.trim());
  /** Processes of the network by their names, as it noted them. */
  const processes = (): Readonly<Record<string, string>> => {
    const logs = join(directory, 'demo', 'logs');
    const files = readdirSync(logs).filter((name) => name.endsWith('.pid'));
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(logs, name), 'utf8')]));
  };

  it('plays its story on file lanes to the end, and says what that means', () => {
    const text = lines.join('\n');
    expect(text).toContain('files carry the lanes: there is no Kafka here');
    expect(text).toContain('every process of the network must run on this machine');
    expect(lines.filter((line) => /^\d+\. /.test(line))).toHaveLength(10);
    expect(text).toContain('right from block 0');
    expect(text).toContain('every step came out as it should');
    const lanes = readdirSync(join(directory, 'demo', 'servers', 'lanes')).filter((name) => name.includes('.final.'));
    expect(lanes).toHaveLength(4);
  });

  it('prints a description of each interface that opens', async () => {
    const pages = lines.flatMap((line) => /(http\S+\/docs)$/.exec(line)?.[1] ?? []);
    expect(pages).toHaveLength(4);
    for (const page of pages) expect((await fetch(page)).headers.get('content-type')).toContain('text/html');
  });

  it('prints commands that ship a pack of its stock, each of which works', () => {
    const answers = printed('curl').map((line) => JSON.parse(shell(line)) as Record<string, unknown>);
    expect(answers).toHaveLength(4);
    const [inventory, shipped, received, journey] = answers as [
      { units: readonly unknown[] },
      { status: string },
      { status: string },
      { steps: readonly { step: string; outcome: string }[] },
    ];
    expect(inventory.units).toHaveLength(6);
    expect([shipped, received]).toMatchObject([{ height: expect.any(Number) }, { height: expect.any(Number) }]);
    expect(journey.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['commissioning', 'accepted'],
      ['shipping', 'accepted'],
      ['receiving', 'accepted'],
    ]);
  });

  it.each(['the printed command', 'demo', 'dev'])(
    'a second one, by %s, says that it runs already and touches nothing',
    (by) => {
      const before = processes();
      const again = printed('npm run demo');
      expect(again).toHaveLength(1);
      const main = join(root, 'apps', 'cli', 'dist', 'main.js');
      const [command, ...args] =
        by === 'the printed command' ? ['sh', '-c', again[0]!] : [process.execPath, main, by, ...options];
      // Also with other ports: the network that runs is the one of the folder.
      const more = by === 'demo' ? ['--port-base', String(PORTS + 19)] : [];
      const second = spawnSync(command!, [...args, ...more], { cwd: root, encoding: 'utf8', env: others });
      expect([second.status, second.stderr]).toEqual([by === 'dev' ? 1 : 0, '']);
      expect(second.stdout).toContain('runs already; here are its addresses:');
      for (const line of printed('manufacturer')) expect(second.stdout).toContain(line);
      expect(processes()).toEqual(before);
      const inventory = /^ {3}(curl .*)$/m.exec(second.stdout)![1]!;
      expect(JSON.parse(shell(inventory))).toMatchObject({ units: expect.any(Array) });
    },
    TEST_MS,
  );

  it('SIGTERM ends it and all of its processes, with 0', async () => {
    const pids = Object.values(processes()).map(Number);
    expect(pids).toHaveLength(8);
    demo.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
