import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, tracked } from './tracked.js';

const scripts = tracked.filter((file) => /^tools\/[^/]*\.mjs$/.test(file));
const parent = mkdtempSync(join(tmpdir(), 'custos-setup-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** A checkout of some files alone, without packages. */
function checkout(name: string, files: readonly string[]): string {
  const directory = join(parent, name);
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(root, file), join(directory, file));
  }
  return directory;
}

describe('--help in a fresh clone', () => {
  const clone = checkout('clone', [...scripts, ...tracked.filter((file) => file.startsWith('apps/cli/src/'))]);
  const start = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(clone, 'tools/start.mjs'), ...args], {
      // No npm, no Java: nothing can be installed.
      env: { PATH: clone },
      encoding: 'utf8',
    });
  const installed = (...args: readonly string[]) =>
    execFileSync(process.execPath, [join(root, 'apps/cli/dist/main.js'), ...args], { encoding: 'utf8' });

  it.each([
    [['custos', '--help'], ['help']],
    [['custos', 'help'], ['help']],
    [['custos'], ['help']],
    [
      ['custos', 'help', 'verify'],
      ['verify', '--help'],
    ],
    [
      ['custos', 'restore', '-h'],
      ['restore', '-h'],
    ],
    [
      ['custos', 'gs1', '--help', '--', '01'],
      ['gs1', '--help', '--', '01'],
    ],
    [
      ['demo', '--help'],
      ['demo', '--help'],
    ],
    [
      ['dev', '--reset', '--help'],
      ['dev', '--help'],
    ],
  ])('%j answers as the built command does, and installs nothing', (bare, real) => {
    const { status, stdout, stderr } = start(...bare);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe(installed(...real));
    expect(existsSync(join(clone, 'node_modules'))).toBe(false);
  });

  it.each(['t', 'check', 'test', 'fix', 'build'])('%s --help answers with its sentence', (name) => {
    const { status, stdout } = start(name, '--help');
    expect([status, stdout.startsWith(`npm run ${name} `)]).toEqual([0, true]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });
});

describe('a machine without Java and Docker', () => {
  const clone = checkout('bare', scripts);
  it.each<[string, Readonly<Record<string, string>>]>([
    ['test', { CI: 'true' }],
    ['demo', { CUSTOS_LANES: 'kafka' }],
    ['bench', {}],
    ['chaos', {}],
  ])('is refused by %s with %j: what must have Kafka does not change to files', (name, env) => {
    const { status, stderr } = spawnSync(process.execPath, [join(clone, 'tools/start.mjs'), name], {
      env: { PATH: clone, ...env },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('Kafka needs Java 17 or newer and Maven')]);
  });
});

describe('the lock of set-up', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(parent, 'lock-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A process that prints `waits`, `works` and `ends`; it works until its input ends. */
  function contender(inFolder = folder, who: { readonly uid?: number; readonly gid?: number } = {}) {
    const program = `import { alone } from ${JSON.stringify(join(root, 'tools/setup-lock.mjs'))};
      const input = new Promise((resolve) => process.stdin.resume().once('end', resolve));
      await alone(${JSON.stringify(inFolder)}, () => console.log('waits'), async () => { console.log('works'); await input; });
      console.log('ends');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...who,
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, next: async () => (await lines.next()).value as string | undefined };
  }

  it('lets the second wait until the first is done', async () => {
    const first = contender();
    expect(await first.next()).toBe('works');
    const second = contender();
    expect(await second.next()).toBe('waits');
    first.child.stdin!.end();
    expect(await first.next()).toBe('ends');
    expect(await second.next()).toBe('works');
    second.child.stdin!.end();
    expect(await second.next()).toBe('ends');
  });

  const other = { uid: 65534, gid: 65534 };
  const canBeOther = process.getuid?.() === 0 && spawnSync(process.execPath, ['--version'], other).status === 0;
  (canBeOther ? it : it.skip)(
    'of another user, whose socket may not be asked, is neither taken over nor removed',
    async () => {
      for (const open of [parent, folder]) chmodSync(open, 0o777);
      const first = contender();
      expect(await first.next()).toBe('works');
      const shown = readdirSync(folder).filter((name) => name.endsWith('.lock'));
      chmodSync(join(folder, shown[0]!), 0o644);
      const second = contender(folder, other);
      let said = '';
      second.child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
      expect(await once(second.child, 'exit')).toEqual([1, null]);
      expect(said).toContain('EACCES');
      expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual(shown);
      first.child.stdin!.end();
      expect(await first.next()).toBe('ends');
    },
  );

  it('of a process that was killed is taken over, by one that waits and by one that comes later', async () => {
    const first = contender();
    expect(await first.next()).toBe('works');
    const second = contender();
    expect(await second.next()).toBe('waits');
    first.child.kill('SIGKILL');
    expect(await second.next()).toBe('works');
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
    const third = contender();
    expect(await third.next()).toBe('works');
  });

  it('is taken by every command that installs or builds; one that waits says so', async () => {
    const clone = checkout('busy', scripts);
    const first = contender(join(clone, '.custos/setup'));
    expect(await first.next()).toBe('works');
    const second = spawn(process.execPath, [join(clone, 'tools/start.mjs'), 'build']);
    children.push(second);
    const [line] = (await once(second.stdout, 'data')) as [Buffer];
    expect(String(line)).toContain('another custos command is installing here; waiting');
    expect(existsSync(join(clone, '.custos/install-begun'))).toBe(false);
  });

  it('lets one after another work when many begin at the same moment', async () => {
    const journal = join(folder, 'journal');
    writeFileSync(journal, '');
    const program = `import { appendFileSync } from 'node:fs';
      import { alone } from ${JSON.stringify(join(root, 'tools/setup-lock.mjs'))};
      await alone(${JSON.stringify(folder)}, () => undefined, async () => {
        appendFileSync(${JSON.stringify(journal)}, 'in ');
        for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
        appendFileSync(${JSON.stringify(journal)}, 'out ');
      });`;
    const all = Array.from({ length: 6 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]));
    await Promise.all(all.map((child) => once(child, 'exit')));
    expect(readFileSync(journal, 'utf8')).toBe('in out '.repeat(6));
  });
});

// Real npm with a package from a file: no registry is asked.
describe('the packages of a checkout', () => {
  const directory = checkout('packages', scripts);
  const path = (...parts: readonly string[]) => join(directory, ...parts);
  const npm = (cwd: string, ...args: readonly string[]) =>
    execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env: { ...process.env, npm_config_cache: path('cache') },
      encoding: 'utf8',
    });
  const install = () => {
    const program = `import { install } from ${JSON.stringify(path('tools/setup.mjs'))}; await install();`;
    return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: directory,
      env: { ...process.env, npm_config_cache: path('cache'), npm_config_offline: 'true' },
      encoding: 'utf8',
    });
  };

  beforeAll(() => {
    mkdirSync(path('small'));
    writeFileSync(path('small/package.json'), JSON.stringify({ name: 'small', version: '1.0.0' }));
    writeFileSync(path('small/index.js'), 'module.exports = 1;\n');
    npm(path('small'), 'pack', '--pack-destination', directory);
    const dependencies = { small: 'file:small-1.0.0.tgz' };
    writeFileSync(path('package.json'), JSON.stringify({ name: 'checkout', version: '1.0.0', dependencies }));
    npm(directory, 'install', '--package-lock-only');
  });

  it('are installed once', () => {
    expect(install()).toContain('installing packages');
    expect(existsSync(path('node_modules/small/index.js'))).toBe(true);
    expect(install()).toBe('');
  });

  it.each([
    ['its installation broke off', () => writeFileSync(path('.custos/install-begun'), '')],
    ['npm was ended before it wrote its record', () => rmSync(path('node_modules/.package-lock.json'))],
    ['one package was not unpacked to its end', () => rmSync(path('node_modules/small/package.json'))],
    ['all of them are gone', () => rmSync(path('node_modules'), { recursive: true })],
    [
      'another lock file came',
      () => {
        const lock = JSON.parse(readFileSync(path('package-lock.json'), 'utf8')) as { packages: object };
        const record = path('node_modules/.package-lock.json');
        writeFileSync(record, JSON.stringify({ ...lock, packages: {} }));
        writeFileSync(path('package-lock.json'), `${JSON.stringify(lock)}\n`);
      },
    ],
  ])('are repaired when %s', (_what, harm) => {
    rmSync(path('node_modules/small/index.js'), { force: true });
    harm();
    expect(install()).toMatch(/installing (anew|packages)/);
    expect(existsSync(path('node_modules/small/index.js'))).toBe(true);
    expect(existsSync(path('.custos/install-begun'))).toBe(false);
    expect(install()).toBe('');
  });
});
