import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type Postgres } from '@custos/shell-postgres';
import { METRIC_TABLE, type MetricSpec, type ProcessKind } from '@custos/shell-process';
import { newGoods } from './demo/goods.js';
import { demoTopology, startNetwork, type Network } from './index.js';
import { memberOf, tradingMembers, type ProcessPorts } from './topology.js';
import { until as untilReached } from './testing/until.js';
import type { Answer } from './http.js';

const root = join(__dirname, '..', '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 18_000 + (process.pid % 47) * 40;
/** Milliseconds of one test. */
const TEST_MS = 600_000;
/** Requests under way at once while a process is told to stop. */
const IN_FLIGHT = 12;

const until = (holds: () => Promise<boolean>, what: string): Promise<unknown> => untilReached(what, holds);
const isStopping = ({ body }: Pick<Answer, 'body'>): boolean => (body as { code?: string }).code === 'STOPPING';

interface Accepted {
  readonly transaction: string;
  readonly code: string;
}

describe('what operators see and do, on the whole network', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-operators-'));
  const goods = newGoods(new Date());
  const topology = demoTopology(PORTS, `ops-${process.pid}`);
  const portsOf = (name: string) => memberOf(topology, name).ports;
  let network: Network;
  let accepted: readonly Accepted[] = [];

  const url = (port: number, path: string): string => `http://127.0.0.1:${port}${path}`;
  const maker = () => network.service('manufacturer');
  const databaseUrl = (): string =>
    network.servers.postgres.replace(/\/[^/]*$/, `/${topology.network.replaceAll('-', '_')}_manufacturer`);
  const custos = (...args: readonly string[]): string =>
    execFileSync(process.execPath, [join(root, 'apps/cli/dist/main.js'), ...args], { encoding: 'utf8' });

  beforeAll(async () => {
    process.env['CUSTOS_LOG_LEVEL'] = 'debug';
    network = await startNetwork({ topology, directory, root, log: () => undefined });
    const { gtin } = goods;
    const levels = [{ gtin: goods.caseGtin, name: 'case of 4', packs: 4 }];
    const { status } = await maker().post('/products', { gtin, name: 'Sample', markets: ['DE'], levels });
    expect([201, 202]).toContain(status);
    await until(
      async () =>
        /settled_total\{outcome="accepted",service="partner"\} 1$/m.test(
          await metrics(portsOf('manufacturer').service),
        ),
      'the product',
    );
  }, TEST_MS);
  afterAll(async () => {
    delete process.env['CUSTOS_LOG_LEVEL'];
    await network?.stop();
    rmSync(directory, { recursive: true, force: true });
  }, TEST_MS);

  it('prometheus.yml scrapes what the demo starts', () => {
    const demo = demoTopology();
    const expected = [
      ...demo.members.map(({ ports }) => ports.validator),
      ...tradingMembers(demo).map(({ ports }) => ports.service),
      demo.ports.trace,
    ];
    const scraped = readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8').matchAll(
      /127\.0\.0\.1:(\d+)/g,
    );
    expect([...scraped].map((match) => Number(match[1]))).toEqual(expected.map(({ watch }) => watch));
  });

  it('every service counts what the table says, no more and no less', async () => {
    const services: readonly (readonly [ProcessKind, ProcessPorts])[] = [
      ...topology.members.map(({ ports }) => ['validator', ports.validator] as const),
      ...[...network.services.keys()].map((name) => ['partner', portsOf(name).service] as const),
      ['trace', topology.ports.trace],
    ];
    for (const [kind, ports] of services) {
      const text = await metrics(ports);
      const names = [...text.matchAll(/^# TYPE (custos_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
      const table: Readonly<Record<string, MetricSpec>> = METRIC_TABLE;
      const expected = Object.entries(table).filter(([, { on }]) => on.includes(kind));
      expect([kind, names.sort()]).toEqual([kind, expected.map(([name, { type }]) => `${name} ${type}`).sort()]);
      expect(text).toMatch(/^custos_ready\{service="\w+"\} 1$/m);
      expect(text).not.toContain('NaN');
    }
    expect(await metrics(portsOf('manufacturer').service)).toMatch(
      /custos_settlement_seconds_count\{service="partner"\} 1$/m,
    );
    // Three of four agree without it, and it comes after them.
    const heard = /custos_lanes_read_messages_total\{kind="votes",service="validator"\} [1-9]/;
    const final = /custos_validator_finality_seconds_count\{service="validator"\} [1-9]/;
    await until(async () => {
      const text = await metrics(portsOf('regulator').validator);
      return heard.test(text) && final.test(text);
    }, 'votes and finality are counted');
  });

  describe('a partner whose world goes away', () => {
    it(
      'is alive, and ready says what is missing and when to ask again',
      async () => {
        await network.services.get('distributor')!.stop();
        const deadAddressPort = await deadPort();
        const ports = portsOf('distributor').service;
        const child = spawnPartner({
          ...{ CUSTOS_LANES: 'kafka', CUSTOS_KAFKA: `127.0.0.1:${deadAddressPort}` },
          CUSTOS_HTTP_PORT: String(ports.http),
          CUSTOS_WATCH_PORT: String(ports.watch),
        });
        try {
          await until(async () => {
            const response = await fetch(url(ports.http, '/health/ready')).catch(() => undefined);
            if (!response) return false;
            expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
            const { code, missing } = (await response.json()) as { code: string; missing: readonly string[] };
            return code === 'NOT_READY' && missing.join() === 'Kafka,network';
          }, 'the partner says what is missing');
          expect((await fetch(url(ports.http, '/health/live'))).status).toBe(200);
          expect(await metrics(ports)).toMatch(/^custos_ready\{service="partner"\} 0$/m);
        } finally {
          child.kill('SIGTERM');
          const [code] = (await once(child, 'exit')) as [number | null];
          await network.services.get('distributor')!.start();
          // Also with its broker away it ends in order.
          expect(code).toBe(0);
        }
      },
      TEST_MS,
    );
  });

  describe('SIGTERM under requests', () => {
    it(
      'what was taken in is kept, what was not is told so, and the exit status is 0',
      async () => {
        const service = network.services.get('manufacturer')!;
        const answers: Answer[] = [];
        const taken: Accepted[] = [];
        let refused = 0;
        let stopping: Promise<number | null | undefined> | undefined;
        let told = 0;
        const serials = newSerials();
        const worker = async (): Promise<void> => {
          while (refused === 0) {
            const code = serials();
            const answer = await maker()
              .post('/commissionings', { codes: [code], lot: goods.lot, expiry: goods.expiry })
              .catch(() => undefined);
            // The port is closed, or the connection ended before an answer: nothing was promised.
            if (!answer) return void refused++;
            answers.push(answer);
            if (isStopping(answer)) return void refused++;
            if (answer.status === 503) continue;
            taken.push({ transaction: (answer.body as { transaction: string }).transaction, code });
            if (++told === 3 * IN_FLIGHT) stopping = service.stop();
          }
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
        expect(await stopping).toBe(0);
        accepted = taken;
        expect(taken.length).toBeGreaterThanOrEqual(3 * IN_FLIGHT);
        expect(answers.filter(({ status }) => ![201, 202, 503].includes(status))).toEqual([]);
        for (const { body, headers } of answers.filter(({ status }) => status === 503)) {
          // A slow machine may say as well that Postgres is away: also then nothing was kept.
          const [said, after] = isStopping({ body }) ? [{ code: 'STOPPING' }, '5'] : [{ away: 'Postgres' }, '2'];
          expect([body, headers.get('retry-after')]).toMatchObject([said, after]);
          if (after === '5') expect(headers.get('connection')).toBe('close');
        }
        const lines = logOf('manufacturer');
        expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
        // Nor did it take too long.
        expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
      },
      TEST_MS,
    );

    it(
      'a backup of own that holds pending promises restores to the same ones and sends nothing twice',
      async () => {
        const file = join(directory, 'own.backup');
        const where = ['--postgres', databaseUrl(), '--key', network.state.partyKeyFile('manufacturer')];
        const service = network.services.get('manufacturer')!;
        const silent = [network.validators.get('distributor')!, network.validators.get('pharmacy')!];
        const postgres = openPostgres({ url: databaseUrl() });
        const pending = async (): Promise<number> => {
          const { rowCount } = await postgres.query(`SELECT 1 FROM own.outbox WHERE status = 'pending'`);
          return rowCount ?? 0;
        };
        let before: number;
        try {
          await service.start();
          await allFinal(postgres, accepted);
          // Two of four agree on nothing, so what is promised now is still pending in the backup.
          for (const validator of silent) await validator.stop();
          accepted = [...accepted, ...(await promised(IN_FLIGHT))];
          await service.stop();
          expect(custos('backup', '--out', file, ...where)).toMatch(/^\d+ rows in /);
          expect(await pending()).toBe(IN_FLIGHT);
          // Work goes on after the backup: all of it settles, and the backup is old.
          for (const validator of silent) await validator.start();
          await service.start();
          await allFinal(postgres, accepted);
          await service.stop();
          // A block later than all of it, so that a relay which does not know better would sign anew what has expired.
          const last = await lastBlock(postgres);
          before = (await transactions(last.height)) + 1;
          await network.service('distributor').post('/receivings', { codes: ['(00)340123451111111111'] });
          await until(async () => (await transactions()) >= before, 'the later block');
          for (const schema of ['own', 'readmodel']) await postgres.query(`DROP SCHEMA ${schema} CASCADE`);
          await service.start();
          await service.stop();
          expect(custos('restore', file, ...where)).toContain('rows restored');
          await postgres.query(`UPDATE own.outbox SET expires_at = $1`, [last.time + 1]);
          expect(await pending()).toBe(IN_FLIGHT);
          await service.start();
          await until(async () => (await pending()) === 0, 'what the backup held as pending is settled');
          await allFinal(postgres, accepted);
        } finally {
          await postgres.close();
          for (const child of [service, ...silent]) if (child.pid === undefined) await child.start();
        }
        // One more block, and what came between: had anything been sent twice, it would stand there.
        await promised(1);
        await until(async () => (await transactions()) > before, 'one more block');
        expect(await transactions()).toBe(before + 1);
        expect(logOf('manufacturer').filter(({ msg }) => msg === 'signed anew')).toEqual([]);
      },
      TEST_MS,
    );
  });

  it('logs are JSON lines with ids, heights and views, and hold no secret and no goods', () => {
    const folder = join(network.state.path, 'logs');
    const files = readdirSync(folder).filter((name) => name.endsWith('.log'));
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const file of files)
      for (const line of logOf(file.slice(0, -'.log'.length)))
        expect(line).toMatchObject({ service: expect.any(String), time: expect.any(String), msg: expect.any(String) });
    expect(logOf('manufacturer')).toContainEqual(
      expect.objectContaining({
        msg: 'settled',
        txId: expect.any(String),
        height: expect.any(Number),
        view: expect.any(Number),
      }),
    );
    expect(logOf('manufacturer')).toContainEqual(expect.objectContaining({ msg: 'promised', job: expect.any(String) }));
    expect(logOf('manufacturer')).toContainEqual(
      expect.objectContaining({ msg: 'answered', route: '/commissionings' }),
    );
    expect(logOf('validator-regulator')).toContainEqual(
      expect.objectContaining({ msg: 'final', height: expect.any(Number), view: expect.any(Number) }),
    );
    const all = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
    const secrets = [
      ...network.state.tokens.all.map(({ token }) => token),
      ...keyTexts(network.state.path),
      goods.lot,
      ...accepted.map(({ code }) => code.split('(21)')[1]!.slice(0, 12)),
    ];
    expect(secrets.length).toBeGreaterThan(40);
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  });

  it(
    'every process ends with 0 at SIGTERM, and says so',
    async () => {
      const children = [network.trace, ...network.services.values(), ...network.validators.values()];
      expect(await Promise.all(children.map((child) => child.stop()))).toEqual(children.map(() => 0));
      for (const { name } of children) expect(logOf(name).at(-1)).toMatchObject({ msg: 'stopped' });
    },
    TEST_MS,
  );

  async function metrics({ watch }: ProcessPorts): Promise<string> {
    return (await fetch(url(watch, '/metrics'))).text();
  }

  interface LogLine {
    readonly level: number;
    readonly time: string;
    readonly msg: string;
  }

  function logOf(name: string): readonly LogLine[] {
    const text = readFileSync(join(network.state.path, 'logs', `${name}.log`), 'utf8');
    // The last line of a process that runs may not be whole yet.
    return text
      .slice(0, text.lastIndexOf('\n'))
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine);
  }

  function keyTexts(path: string): readonly string[] {
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.key'));
    expect(files.length).toBeGreaterThanOrEqual(8);
    return files.map((file) => readFileSync(join(path, file), 'utf8').trim());
  }

  /** So many commissionings at once, each answered with 201 or 202. */
  async function promised(count: number): Promise<readonly Accepted[]> {
    const serials = newSerials();
    const codes = Array.from({ length: count }, serials);
    const { lot, expiry } = goods;
    const commission = async (code: string): Promise<Answer> => {
      for (;;) {
        const answer = await maker().post('/commissionings', { codes: [code], lot, expiry }, { idempotencyKey: code });
        if (answer.status !== 503) return answer;
      }
    };
    const answers = await Promise.all(codes.map(commission));
    return answers.map(({ status, body }, i) => {
      expect([201, 202]).toContain(status);
      return { transaction: (body as { transaction: string }).transaction, code: codes[i]! };
    });
  }

  /** Serials of this product that no one else has. */
  function newSerials(): () => string {
    let packs: string[] = [];
    return () => {
      if (packs.length === 0) packs = newGoods(new Date()).packs.map((pack) => pack.slice(0, pack.indexOf('(17)')));
      return packs.pop()!;
    };
  }

  /** Each under the id that was answered: signed anew it would have another. */
  async function allFinal(postgres: Postgres, promises: readonly Accepted[]): Promise<void> {
    const ids = promises.map(({ transaction }) => transaction);
    await until(async () => {
      const { rows } = await postgres.query<{ status: string }>(
        'SELECT status FROM own.outbox WHERE tx_id = ANY($1::text[])',
        [ids],
      );
      expect(rows).toHaveLength(ids.length);
      return rows.every(({ status }) => status === 'final');
    }, 'every promise is final');
  }

  /** On the whole chain, as trace has it at this height or later. */
  async function transactions(height = 0): Promise<number> {
    type Blocks = {
      readonly asOf: { readonly height: number };
      readonly blocks: readonly { readonly transactions: number }[];
    };
    let blocks: Blocks['blocks'] = [];
    await until(async () => {
      const { body } = await network.traceAs('regulator').get('/blocks?limit=1000');
      blocks = (body as Blocks).blocks;
      return (body as Blocks).asOf.height >= height;
    }, 'trace');
    return blocks.reduce((sum, block) => sum + block.transactions, 0);
  }

  /** Where the newest promise of the outbox became final. */
  async function lastBlock(postgres: Postgres): Promise<{ readonly height: number; readonly time: number }> {
    const { rows } = await postgres.query<{ height: string; time: string }>(
      'SELECT max(height) AS height, max(block_time) AS time FROM own.outbox',
    );
    return { height: Number(rows[0]!.height), time: Number(rows[0]!.time) };
  }

  /** The distributor, with some of its settings changed. */
  function spawnPartner(settings: Readonly<Record<string, string>>): ChildProcess {
    const member = topology.members.find(({ name }) => name === 'distributor')!;
    const { state, servers } = network;
    const database = `${topology.network.replaceAll('-', '_')}_distributor`;
    return spawn(process.execPath, [join(root, 'apps/distributor/dist/main.js')], {
      stdio: 'ignore',
      env: {
        ...process.env,
        CUSTOS_GENESIS: state.genesisFile,
        CUSTOS_PARTY: member.gln,
        CUSTOS_KEY_FILE: state.partyKeyFile('distributor'),
        CUSTOS_POSTGRES: servers.postgres.replace(/\/[^/]*$/, `/${database}`),
        CUSTOS_VALIDATOR: url(portsOf('distributor').validator.http, ''),
        CUSTOS_VALIDATOR_NAME: member.gln,
        CUSTOS_TOKENS: state.tokensFile('distributor'),
        ...settings,
      },
    });
  }
});

async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
