import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import { judgeBroker } from './broker.js';
import { judgeClock } from './clock.js';
import { checkKeys, judgeDisk } from './files.js';
import type { Finding } from './finding.js';
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
    ['nothing', { ...nothing, ask: saying({}) }, ['nothing here can run Kafka']],
    [
      'an old Java',
      { ...nothing, ask: saying({ java: 'version "11.0.2"', mvn: maven }) },
      ['nothing here can run Kafka'],
    ],
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
    const [summary, finding, ...more] = await checkPorts(wanted, () => false);
    expect([summary!.text, more]).toEqual(['1 of 2 ports are free', []]);
    expect(finding).toMatchObject({ status: 'wrong', fix: expect.stringContaining('--port-base') });
    expect(finding!.text).toContain(`${taken} (Kafka) is taken by process ${child.pid}: ${process.execPath}`);
    const ours = await checkPorts(wanted, (command) => command.includes('createServer'));
    expect(wrongs(ours)).toEqual([]);
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
    expect(checkKeys(state, [good])).toMatchObject([{ status: 'ok', text: expect.stringContaining('4 files') }]);
    chmodSync(open, 0o644);
    chmodSync(tokens, 0o660);
    expect(checkKeys(state, [join(state, 'lost.key')])).toMatchObject([
      { status: 'wrong', text: expect.stringContaining('mode 644'), fix: `chmod 600 ${open}` },
      { status: 'wrong', text: expect.stringContaining('mode 660'), fix: `chmod 600 ${tokens}` },
      { status: 'wrong', text: expect.stringContaining('lost.key is not there') },
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
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const freed = port(server);
  await new Promise((resolve) => server.close(resolve));
  return freed;
}
