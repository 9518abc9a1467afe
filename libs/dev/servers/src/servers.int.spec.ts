import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort, knock, processExists } from './child.js';
import { database, dropDatabase } from './database.js';
import { repositoryRoot } from './java.js';
import { resetPostgres, startPostgres } from './postgres.js';
import { postgresPackage, reachableFolder } from './postgres-files.js';
import { startServers, type Servers } from './servers.js';

/** Brokers start here, on a machine that may have better things to do. */
const BROKER_MS = 180_000;

/** An account that every Linux has: `nobody`. */
const ORDINARY = 65_534;

/** On a machine without Kafka its tests are skipped, and counted. */
const withKafka = process.env['CUSTOS_KAFKA'] === undefined ? test.skip : test;

const SETTINGS = ['CUSTOS_KAFKA', 'CUSTOS_LANES', 'CUSTOS_POSTGRES'] as const;
type Given = Readonly<Partial<Record<(typeof SETTINGS)[number], string>>>;
const given: Given = Object.fromEntries(
  SETTINGS.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]),
);

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('servers of our own', () => {
  let directory: string;
  let servers: Servers | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'custos-servers-'));
    // As a checkout is: Postgres runs as another user when we are root.
    chmodSync(directory, 0o755);
    // Left out, else the run's own servers would be used.
    for (const name of SETTINGS) delete process.env[name];
  });
  afterEach(async () => {
    await servers?.stop();
    servers = undefined;
    for (const name of SETTINGS) delete process.env[name];
    Object.assign(process.env, given);
    rmSync(directory, { recursive: true, force: true });
  });

  withKafka(
    'start, are gone after stop, and forget what they held on reset',
    async () => {
      const lines: string[] = [];
      const ports = { kafkaPort: await freePort(), postgresPort: await freePort() };
      const options = { directory, durable: false, log: (line: string) => void lines.push(line), ...ports };
      servers = await startServers(options);
      expect(servers.lanes).toBe(`127.0.0.1:${ports.kafkaPort}`);
      expect(lines.join('\n')).toMatch(/^Kafka carries the lanes: .*\n.*\n.*$/);
      const own = await database(servers.postgres, 'alpha');
      await query(own, 'CREATE TABLE kept (n int)');
      await servers.stop();
      await expect(knock(ports.kafkaPort)).rejects.toThrow('ECONNREFUSED');
      await expect(knock(ports.postgresPort)).rejects.toThrow('ECONNREFUSED');

      servers = await startServers({ ...options, reset: true });
      await expect(query(own, 'SELECT 1')).rejects.toThrow('does not exist');
    },
    BROKER_MS,
  );

  test('without Kafka the lanes are files, and they say so; who must have Kafka gets the remedy', async () => {
    const { PATH } = process.env;
    Object.assign(process.env, { PATH: directory });
    try {
      const lines: string[] = [];
      const options = { directory, durable: false, log: (line: string) => void lines.push(line) };
      servers = await startServers(options);
      expect(servers.lanes).toBe(`file:${join(directory, 'lanes')}`);
      expect(lines[0]).toContain('files carry the lanes: there is no Kafka here');
      expect(lines[1]).toContain('every process of the network must run on this machine');
      await servers.stop();
      const missing = 'Kafka needs Java 17 or newer and Maven';
      await expect(startServers({ ...options, requireKafka: true })).rejects.toThrow(missing);
      process.env['CUSTOS_LANES'] = 'kafka';
      await expect(startServers(options)).rejects.toThrow(missing);
      process.env['CUSTOS_LANES'] = 'files';
      await expect(startServers(options)).rejects.toThrow('CUSTOS_LANES=files: set it to kafka or file');
    } finally {
      Object.assign(process.env, { PATH });
    }
  });

  test('CUSTOS_LANES=file takes files although Kafka is here', async () => {
    process.env['CUSTOS_LANES'] = 'file';
    servers = await startServers({ directory, durable: false });
    expect(servers.lanes).toBe(`file:${join(directory, 'lanes')}`);
  });

  withKafka('when one cannot start the other is stopped, and the error says what to do', async () => {
    const kafkaPort = await freePort();
    const postgresPort = await freePort();
    const squatter = await new Promise<Server>((resolve) => {
      const server = createServer().listen(kafkaPort, '127.0.0.1', () => resolve(server));
    });
    try {
      await expect(startServers({ directory, kafkaPort, postgresPort })).rejects.toThrow(
        `port ${kafkaPort} is taken; stop what listens there or choose another`,
      );
      await expect(knock(postgresPort)).rejects.toThrow('ECONNREFUSED');
    } finally {
      squatter.close();
    }
  });

  withKafka(
    'a signal to whoever started a server ends the server too',
    async () => {
      const script = join(__dirname, '..', 'dist', 'broker.js');
      const starter = spawn(process.execPath, [script, directory, String(await freePort())]);
      const [line] = (await once(starter.stdout, 'data')) as [Buffer];
      const { pid } = JSON.parse(String(line)) as { pid: number };
      expect(processExists(pid)).toBe(true);
      starter.kill('SIGTERM');
      await once(starter, 'exit');
      // It goes in order, so not at the same moment; jest's limit ends a wait that never comes.
      while (processExists(pid)) await new Promise(setImmediate);
    },
    BROKER_MS,
  );

  test('a Postgres that an earlier run left behind is taken over, a stale pid file is not', async () => {
    const native = postgresPackage(repositoryRoot(__dirname));
    if (native === undefined) throw new Error('no Postgres for this machine');
    const first = await startPostgres({ native, directory, durable: false });
    const second = await startPostgres({ native, directory, durable: false });
    expect(second).toMatchObject({ pid: first.pid, url: first.url });
    await second.stop('SIGKILL');
    const third = await startPostgres({ native, directory, durable: false });
    expect(third.pid).not.toBe(first.pid);
    await third.stop();
    expect(processExists(third.pid)).toBe(false);
  });

  test('tables under a folder that is closed to others live elsewhere, are found again, and go with a reset', async () => {
    const native = postgresPackage(repositoryRoot(__dirname));
    if (native === undefined) throw new Error('no Postgres for this machine');
    chmodSync(directory, 0o700);
    const first = await startPostgres({ native, directory, durable: false });
    await query(first.url, 'CREATE TABLE kept (n int)');
    await first.stop();
    const second = await startPostgres({ native, directory, durable: false });
    expect(await query(second.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }]);
    const tables = reachableFolder(directory, '/var/tmp');
    await resetPostgres(directory);
    expect(processExists(second.pid)).toBe(false);
    expect(existsSync(tables)).toBe(false);
  });

  test.each([0o022, 0o077])('binaries in a folder that is closed to others run, umask %o', async (umask) => {
    const native = postgresPackage(repositoryRoot(__dirname));
    if (native === undefined) throw new Error('no Postgres for this machine');
    const closed = join(directory, 'closed');
    const before = process.umask(umask);
    try {
      mkdirSync(closed, { mode: 0o700 });
      // With the links that an earlier start has put there.
      cpSync(native, join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
      const options = { native: join(closed, 'native'), copies: directory, directory: closed, durable: false };
      const runs = async (): Promise<void> => {
        const server = await startPostgres(options);
        expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
        await server.stop();
      };
      await runs();
      // Only root needs a copy. What cleans up temporary files may take a part of it.
      const copies = readdirSync(directory).filter((name) => name.startsWith('custos-postgres-'));
      expect(copies).toHaveLength(process.getuid?.() === 0 ? 1 : 0);
      for (const copy of copies) rmSync(join(directory, copy, 'native/lib/libpq.so.5.18'));
      await runs();
      await resetPostgres(closed);
    } finally {
      process.umask(before);
    }
  });

  // Only root can become another user, and only where that user can enter the checkout. Run by anybody else, every test
  // here is this one.
  const isOther = { uid: ORDINARY, gid: ORDINARY, cwd: '/' };
  const canBeOther = process.getuid?.() === 0 && spawnSync(process.execPath, ['--version'], isOther).status === 0;
  (canBeOther ? test : test.skip)(
    'an ordinary user starts it in a folder of its own, from packages that root installed',
    async () => {
      chmodSync(directory, 0o700);
      chownSync(directory, ORDINARY, ORDINARY);
      const script = `
      import { startPostgres } from ${JSON.stringify(join(__dirname, '..', 'dist', 'postgres.js'))};
      import { postgresPackage } from ${JSON.stringify(join(__dirname, '..', 'dist', 'postgres-files.js'))};
      const native = postgresPackage(${JSON.stringify(repositoryRoot(__dirname))});
      const server = await startPostgres({ native, directory: ${JSON.stringify(directory)}, durable: false });
      await server.stop();
      console.log('started and stopped');`;
      const args = ['--input-type=module', '-e', script];
      const who = { uid: ORDINARY, gid: ORDINARY, cwd: directory, encoding: 'utf8' } as const;
      const { stdout, stderr } = spawnSync(process.execPath, args, who);
      expect([stdout.trim(), stderr]).toEqual(['started and stopped', '']);
    },
  );

  test('a server that dies while starting is reported with the end of its log', async () => {
    const native = postgresPackage(repositoryRoot(__dirname));
    if (native === undefined) throw new Error('no Postgres for this machine');
    const first = await startPostgres({ native, directory, durable: false });
    await first.stop();
    writeFileSync(join(directory, 'cluster', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(startPostgres({ native, directory, durable: false })).rejects.toThrow('no_such_setting');
  });
});

describe('servers of the run', () => {
  test('an address in the environment wins, and is not stopped', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'custos-servers-'));
    const servers = await startServers({ directory });
    const lanes = given.CUSTOS_KAFKA ?? `file:${join(directory, 'lanes')}`;
    expect(servers).toMatchObject({ lanes, postgres: given.CUSTOS_POSTGRES, timings: {} });
    await servers.stop();
    expect(await query(servers.postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    rmSync(directory, { recursive: true });
  });

  test('each service has a database and a role of its own, and no way into another one', async () => {
    const postgres = given.CUSTOS_POSTGRES as string;
    const names = ['servers_alpha', 'servers_beta'] as const;
    try {
      const [alpha, beta] = await Promise.all(names.map((name) => database(postgres, name)));
      expect(await database(postgres, names[0])).toBe(alpha);
      expect(await query(alpha as string, 'SELECT current_user AS me')).toEqual([{ me: names[0] }]);
      const elsewhere = (beta as string).replace(`/${names[1]}`, `/${names[0]}`);
      await expect(query(elsewhere, 'SELECT 1')).rejects.toThrow('permission denied');
    } finally {
      for (const name of names) await dropDatabase(postgres, name);
    }
  });
});
