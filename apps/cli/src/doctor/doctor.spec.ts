import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoTopology, foundationOf } from '@custos/dev-network';
import { runCommand } from '../run-command.js';
import { judgeBroker } from './broker.js';
import { judgeClock } from './clock.js';
import { checkPostgres } from './database.js';
import { checkKeys, judgeDisk } from './files.js';
import { wordsOf, type Finding } from './finding.js';
import { findPlace } from './place.js';
import { checkPorts } from './ports.js';
import { checkServices } from './services.js';
import { checkVersions, type Ask } from './versions.js';

const directory = mkdtempSync(join(tmpdir(), 'custos-doctor-'));
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
  rmSync(directory, { recursive: true });
});

const wrongs = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ status }) => status === 'wrong');
const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

async function listening<T extends { once(name: string, heard: () => void): unknown; close(): unknown }>(server: T) {
  await new Promise<void>((resolve) => server.once('listening', resolve));
  closing.push(() => void server.close());
  return server;
}

describe('versions', () => {
  const saying =
    (said: Readonly<Record<string, string>>): Ask =>
    (program) =>
      said[program];
  const java = 'openjdk version "17.0.9" 2023-10-17';
  const maven = 'Apache Maven 3.8.7 (b89d5959fcde851dcb1c8946a785a163f14e1e29)';
  const nothing = { node: '24.21.0', haveJars: false, haveBroker: false };

  it.each<[string, Parameters<typeof checkVersions>[0], readonly string[]]>([
    ['all is there', { ...nothing, ask: saying({ java, mvn: maven }) }, []],
    ['jars instead of Maven', { ...nothing, haveJars: true, ask: saying({ java }) }, []],
    ['Docker alone', { ...nothing, ask: saying({ docker: '27.1' }) }, []],
    ['a broker of their own', { ...nothing, haveBroker: true, ask: saying({}) }, []],
    ['nothing but Node', { ...nothing, ask: saying({}) }, []],
    ['an old Java', { ...nothing, ask: saying({ java: 'version "11.0.2"', mvn: maven }) }, []],
    [
      'an old Node',
      { ...nothing, node: '20.18.3', ask: saying({ java, mvn: maven }) },
      ['Node 20.18.3; 20.19 is the least'],
    ],
  ])('%s', (_what, installed, texts) => {
    const found = wrongs(checkVersions(installed));
    expect(found.map(({ text }) => text)).toEqual(texts);
    for (const { fix } of found) expect(fix).toEqual(expect.any(String));
  });
});

it('a machine with Node alone is well: files carry the lanes', () => {
  const installed = { node: '24.21.0', haveJars: false, haveBroker: false, ask: () => undefined };
  const texts = checkVersions(installed).map(({ status, text }) => `${status} ${text}`);
  expect(texts).toContainEqual(expect.stringMatching(/^note nothing here can run Kafka: files carry the lanes/));
});

describe('ports', () => {
  it('a port that is taken names the process that has it, and a free one no one', async () => {
    const program = `require('node:net').createServer().listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)); })`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    closing.push(() => child.kill());
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const taken = Number(String(line).trim());
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const freed = port(free);
    await new Promise((resolve) => free.close(resolve));
    const wanted = [
      { port: taken, use: 'Kafka' },
      { port: freed, use: 'trace' },
    ];
    const noDocker: Ask = () => undefined;
    const [summary, finding, ...more] = await checkPorts(wanted, () => false, noDocker);
    expect([summary!.text, more]).toEqual(['1 of 2 ports are free', []]);
    expect(finding).toMatchObject({ status: 'wrong', fix: expect.stringContaining('--port-base') });
    expect(finding!.text).toContain(`${taken} (Kafka) is taken by process ${child.pid}: ${process.execPath}`);
    const ours = await checkPorts(wanted, (command) => command.includes('createServer'), noDocker);
    expect(wrongs(ours)).toEqual([]);
  });

  it("a port that docker-proxy holds is a container's: the container is named, docker-proxy is not to be stopped", async () => {
    const program = `require('node:net').createServer().listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)); })`;
    const child = spawn(
      process.execPath,
      ['-e', program, '--', '-container-ip', '172.18.0.5', '-container-port', '7403'],
      { stdio: ['ignore', 'pipe', 'inherit'], argv0: '/usr/bin/docker-proxy' },
    );
    closing.push(() => child.kill());
    const taken = Number(String((await once(child.stdout, 'data'))[0]));
    const look = async (answer: string | undefined): Promise<Finding> => {
      const ask: Ask = (program, args) =>
        program === 'docker' && args.includes(`publish=${taken}`) ? answer : undefined;
      const [finding, ...more] = await checkPorts([{ port: taken, use: 'trace' }], () => false, ask);
      expect(more).toEqual([]);
      expect(finding!.fix).toContain(`docker ps --filter publish=${taken}`);
      expect(finding!.fix).not.toMatch(new RegExp(`stop process|${child.pid}`));
      return finding!;
    };
    expect(await look('shop_web_1\tnginx:1.27\n')).toMatchObject({
      status: 'wrong',
      text: `${taken} (trace) is published by the container shop_web_1`,
      fix: expect.stringContaining('docker stop shop_web_1'),
    });
    expect(await look('custos_trace_1\tcustos\n')).toMatchObject({
      status: 'note',
      text: expect.stringContaining('the container custos_trace_1 of a Custos network'),
    });
    expect(await look(undefined)).toMatchObject({
      status: 'wrong',
      text: `${taken} (trace) is published by a container at 172.18.0.5:7403`,
      fix: expect.stringContaining('docker compose ps'),
    });
  });
});

describe('keys', () => {
  it('a key or tokens that others may read, and one that is not there', () => {
    const state = join(directory, 'state');
    mkdirSync(join(state, 'keys'), { recursive: true });
    mkdirSync(join(state, 'tokens'));
    const good = join(state, 'keys', 'good.key');
    const open = join(state, 'keys', 'open.key');
    const tokens = join(state, 'tokens', 'trace.json');
    for (const file of [good, open, tokens]) writeFileSync(file, 'x', { mode: 0o600 });
    const files = { keys: [good], others: [] };
    expect(checkKeys(state, files)).toMatchObject([{ status: 'ok', text: expect.stringContaining('4 files') }]);
    chmodSync(open, 0o644);
    chmodSync(tokens, 0o660);
    const lost = { keys: [join(state, 'lost.key')], others: [join(state, 'tokens.json')] };
    expect(checkKeys(state, lost)).toMatchObject([
      { status: 'wrong', text: expect.stringContaining('mode 644'), fix: `chmod 600 ${open}` },
      { status: 'wrong', text: expect.stringContaining('mode 660'), fix: `chmod 600 ${tokens}` },
      {
        status: 'wrong',
        text: expect.stringContaining('lost.key is not there'),
        fix: expect.stringContaining('key new'),
      },
      {
        status: 'wrong',
        text: expect.stringContaining('tokens.json is not there'),
        fix: expect.stringContaining('guide'),
      },
    ]);
  });
});

describe('services', () => {
  async function answering(body: object, headers: Record<string, string> = {}): Promise<string> {
    const server: Server = createHttpServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    await listening(server.listen(0, '127.0.0.1'));
    return `http://127.0.0.1:${port(server)}`;
  }

  it('ready, waiting, somebody else, no one, and one whose clock is wrong', async () => {
    const ready = await answering({ status: 'ok', missing: [] });
    const waiting = await answering({ status: 'waiting', missing: ['Kafka', 'lanes'] });
    const other = await answering({ hello: 'world' });
    const late = await answering({ status: 'ok' }, { date: new Date(Date.now() - 60_000).toUTCString() });
    const nobody = `http://127.0.0.1:${await closedPort()}`;
    const names = { ready, waiting, other, late, nobody };
    const found = wrongs(await checkServices(Object.entries(names).map(([name, origin]) => ({ name, origin }))));
    expect(found.map(({ topic, text }) => [topic, text])).toEqual([
      ['services', expect.stringMatching(/^waiting .* waits for Kafka, lanes$/)],
      ['services', expect.stringContaining('not as a service of Custos')],
      ['clock', expect.stringMatching(/^late is \d{5,} ms behind this machine/)],
      ['services', expect.stringMatching(/^nobody .*ECONNREFUSED$/)],
    ]);
  });
});

describe('a server that accepts and never answers', () => {
  it('is a finding of its own: service and database', async () => {
    const silent = await silentServer();
    const address = `127.0.0.1:${port(silent)}`;
    const [services, database] = await Promise.all([
      checkServices([{ name: 'trace', origin: `http://${address}` }]),
      checkPostgres(`postgres://postgres@${address}/x`),
    ]);
    expect(services).toEqual([
      {
        topic: 'services',
        status: 'wrong',
        text: `trace at http://${address} accepts connections, and has not answered after 3 s`,
        fix: expect.stringContaining('log'),
      },
    ]);
    expect(database).toMatchObject([{ status: 'wrong', text: expect.stringContaining(address) }]);
  });

  it('a numeric code of an error is no word', () => {
    expect(wordsOf(new DOMException('it took too long', 'TimeoutError'))).toBe('it took too long');
    expect(wordsOf(Object.assign(new Error('not leader'), { code: 6 }))).toBe('not leader');
    expect(wordsOf(Object.assign(new Error('x'), { cause: { code: 'ECONNREFUSED' } }))).toBe('ECONNREFUSED');
    expect(['', undefined, null].map(wordsOf)).toEqual(['', 'undefined', 'null']);
  });
});

describe('where it looks', () => {
  const nothing = {
    portBase: undefined,
    directory: undefined,
    kafka: undefined,
    postgres: undefined,
    genesis: undefined,
  };

  it('at the ports that the folder of a network says, unless --port-base names others', () => {
    const saved = mkdtempSync(join(directory, 'saved-'));
    const first = findPlace({ ...nothing, directory: saved }, {}, '/checkout');
    expect(first.about).toBe(`the network custos-demo in ${saved}, ports from 7400 on (none was started there yet)`);
    writeFileSync(join(saved, 'network.json'), foundation('custos-other', 17_400));
    const place = findPlace({ ...nothing, directory: saved }, {}, '/checkout');
    expect(place.about).toBe(`the network custos-other in ${saved}, ports from 17400 on (as its folder says)`);
    expect(place.ports.map(({ port }) => port).sort()).toEqual(
      [0, 2, 3, 4, 5, 8, 10, 11, 12, 13, 23, 24, 25, 28, 30, 31, 32, 33].map((offset) => 17_400 + offset),
    );
    expect(place.local).toContainEqual({ name: 'trace', origin: 'http://127.0.0.1:17408' });
    const named = findPlace({ ...nothing, directory: saved, portBase: 9400 }, { CUSTOS_HTTP_PORT: '1' }, '/checkout');
    expect([named.about, named.ports[0]!.port]).toEqual([expect.stringContaining('(--port-base)'), 9400]);
  });

  it('at the service whose settings the environment holds, and at nothing of the demo', () => {
    const address = join(directory, 'postgres.url');
    writeFileSync(address, 'postgres://role@db/x\n', { mode: 0o600 });
    const environment = {
      ...{
        CUSTOS_HTTP_HOST: '0.0.0.0',
        CUSTOS_HTTP_PORT: '7703',
        CUSTOS_WATCH_PORT: '7723',
        CUSTOS_PARTY: '4034567000001',
        CUSTOS_KAFKA: 'k:9092',
      },
      ...{
        CUSTOS_VALIDATOR: 'http://v:7410',
        CUSTOS_KEY_FILE: 'p.key',
        CUSTOS_TOKENS: 't.json',
        CUSTOS_GENESIS: 'g.json',
      },
      ...{ CUSTOS_POSTGRES_FILE: address },
    };
    const place = findPlace(nothing, environment, '/checkout');
    expect(place).toMatchObject({
      about: expect.stringMatching(
        /^the service of 4034567000001 of this environment, 0\.0\.0\.0:7703: CUSTOS_GENESIS, /,
      ),
      topology: undefined,
      ports: [
        { port: 7703, use: 'service of 4034567000001' },
        { port: 7723, use: 'watching service of 4034567000001' },
      ],
      local: [{ origin: 'http://127.0.0.1:7703' }],
      needed: [{ name: 'CUSTOS_VALIDATOR', origin: 'http://v:7410' }],
      ...{ kafka: 'k:9092', postgres: 'postgres://role@db/x', genesisFile: 'g.json' },
      files: { keys: ['p.key'], others: ['t.json', address] },
    });
    expect(place.isOurs('node apps/pharmacy/dist/main.js')).toBe(true);
    expect(place.isOurs('node other/dist/main.js')).toBe(false);
  });

  it('at the validators of a genesis document that is named alone', () => {
    expect(findPlace({ ...nothing, genesis: 'g.json' }, {}, '/checkout')).toMatchObject({
      ports: [],
      local: [],
      needed: [],
    });
  });
});

describe('judgements', () => {
  const facts = { latencyMs: 1, brokers: 1, messageMaxBytes: 1_048_588, autoCreates: false, lanes: [] };
  const lane = { lane: 'n.final.1', partitions: 1, retentionMs: -1, maxMessageBytes: 1_048_588, cleanup: 'delete' };

  it('L3.5: a clock is wrong above two seconds, whatever the answer took', () => {
    const ours = { from: 10_000, to: 10_400 };
    for (const theirs of [8_000, 10_200, 12_400])
      expect(judgeClock('x', { from: theirs, to: theirs }, ours).status).toBe('ok');
    expect(judgeClock('x', { from: 7_999, to: 7_999 }, ours)).toMatchObject({
      status: 'wrong',
      fix: expect.any(String),
    });
    expect(judgeClock('x', { from: 12_401, to: 13_401 }, ours)).toMatchObject({ status: 'wrong' });
  });

  it('a disk that is nearly full', () => {
    expect([0.5, 3, 50].map((gib) => judgeDisk('/', gib * 1024 ** 3).status)).toEqual(['wrong', 'note', 'ok']);
  });

  it.each<[string, object, string]>([
    ['two partitions', { partitions: 2 }, 'no order'],
    ['a small limit', { maxMessageBytes: 500_000 }, 'takes 500000 bytes'],
    ['compaction', { cleanup: 'compact' }, 'cleaned by'],
  ])('a lane with %s does not work', (_what, fault, text) => {
    const [found, ...more] = wrongs(judgeBroker('x', { ...facts, lanes: [{ ...lane, ...fault }] }));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ text: expect.stringContaining(text), fix: expect.stringContaining('n.final.1') });
  });

  it('a lane that keeps too little is told, since it works all the same', () => {
    const short = { ...lane, retentionMs: 3_600_000 };
    expect(judgeBroker('x', { ...facts, lanes: [short] })).toContainEqual(
      expect.objectContaining({ status: 'note', fix: expect.stringContaining('retention.ms=-1') }),
    );
    expect(judgeBroker('x', { ...facts, lanes: [lane] }).every(({ status }) => status === 'ok')).toBe(true);
  });
});

describe('custos doctor', () => {
  afterEach(() => jest.restoreAllMocks());

  it('--json: ok and findings; status 1 when something would not work, and each of these has a fix', async () => {
    const lines: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const base = await closedPort();
    const genesis = join(directory, 'genesis.json');
    writeFileSync(genesis, '{"name":1}');
    const args = ['--directory', join(directory, 'none'), '--port-base', String(Math.min(base, 65_000))];
    const nobody = `127.0.0.1:${await closedPort()}`;
    const status = await runCommand(['doctor', '--json', ...args, '--kafka', nobody, '--genesis', genesis]);
    const { ok, findings } = JSON.parse(lines.join('\n')) as { ok: boolean; findings: Finding[] };
    expect([status, ok]).toEqual([1, false]);
    const found = wrongs(findings);
    expect(found.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['kafka', 'services']));
    for (const { fix } of found) expect(fix).toEqual(expect.any(String));
  });

  it('says where it looks, and a service there that hangs: status 1, no crash', async () => {
    const lines: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    const silent = await silentServer();
    const base = port(silent) - 8;
    const folder = mkdtempSync(join(directory, 'hanging-'));
    writeFileSync(join(folder, 'network.json'), foundation('custos-demo', base));
    expect(await runCommand(['doctor', '--directory', folder])).toBe(1);
    expect(lines[0]).toBe(
      `ok    place    the network custos-demo in ${folder}, ports from ${base} on (as its folder says)`,
    );
    expect(lines).toContainEqual(
      expect.stringMatching(`^WRONG services trace at http://127.0.0.1:${base + 8} accepts connections, and has not`),
    );
  });
});

/** The file in which a folder says which network was started there. */
const foundation = (network: string, portBase: number): string =>
  JSON.stringify(foundationOf(demoTopology(portBase, network)));

async function silentServer() {
  const accepted = (socket: Socket): void => void closing.push(() => socket.destroy());
  return listening(createServer(accepted).listen(0, '127.0.0.1'));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const freed = port(server);
  await new Promise((resolve) => server.close(resolve));
  return freed;
}
