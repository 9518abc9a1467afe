import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditNetwork, client, demoTopology, playLife, startNetwork, type Life, type Network } from './index.js';
import { loopbackAddresses } from './addresses.js';
import type { Answer } from './http.js';
import { until } from './testing/until.js';

const root = join(__dirname, '..', '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 16_000 + (process.pid % 47) * 40;
const CLI = join(root, 'apps', 'cli', 'dist', 'main.js');
const DATA = join(root, '..', 'shared', 'data');
const isCorpusHere = existsSync(join(DATA, 'index.json'));
/** Milliseconds of one test. */
const TEST_MS = 600_000;
/** Above the limit of a task, below what the socket buffers: the refusal comes before all is read. */
const OVER_THE_LIMIT = 1_200_000;

it('the shared cases are here, or it is said that they are not', () => {
  if (process.env['CI']) expect(isCorpusHere).toBe(true);
  else if (!isCorpusHere) console.warn('skipped: ../shared/data is not beside this repository');
});

describe('the whole network, as processes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-e2e-'));
  let network: Network;

  const start = () =>
    startNetwork({ topology: demoTopology(PORTS, `e2e-${process.pid}`), directory, root, log: () => undefined });

  beforeAll(async () => {
    network = await start();
  }, TEST_MS);
  afterAll(async () => {
    await network?.stop();
    rmSync(directory, { recursive: true, force: true });
  }, TEST_MS);

  describe('the life of one pallet', () => {
    let life: Life;
    const told: string[] = [];

    it(
      'comes out as it should, from factory to patient, with a validator killed on the way',
      async () => {
        life = await playLife(network, {
          step: (n, title) => told.push(`${n}. ${title}`),
          line: (line) => told.push(line),
        });
        expect(told.filter((line) => /^\d\./.test(line))).toHaveLength(8);
        expect(life.finality.length).toBeGreaterThan(15);
      },
      TEST_MS,
    );

    it('L8: an auditor replays the chain file from nothing and agrees', () => {
      expect(auditNetwork(network, root, join(directory, 'chain.custos'))).toContain('right from block 0');
    });

    it('every validator comes to the height of the last answer', async () => {
      for (const { name } of network.topology.members)
        await until(
          `${name} at ${life.height}`,
          async () => (await network.validatorStatus(name)).height >= life.height,
        );
    });

    it('V2: the public hears of a dispensed pack without its holders', async () => {
      const { status, body } = await network.traceAs().get(`/verify?code=${encodeURIComponent(life.dispensed)}`);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain('4034567000001');
    });
  });

  describe('bad input', () => {
    const manufacturer = () => network.service('manufacturer');
    const newest = async () => {
      const { body } = await network.traceAs('regulator').get('/blocks?limit=1');
      return (body as { blocks: { height: number; transactions: number }[] }).blocks;
    };

    it.each([
      ['a body that is no JSON object', '/commissionings', 'nonsense', 400],
      [
        'a wrong check digit',
        '/commissionings',
        { codes: ['(01)04012345123457(21)A'], lot: 'L', expiry: '2030-01-01' },
        400,
      ],
      ['a code of a product, not of a pack', '/commissionings', { codes: ['(01)04012345123456'] }, 400],
      ['an unknown member', '/receivings', { codes: ['(00)340123451111111111'], colour: 'red' }, 400],
      ['no code', '/receivings', { codes: [] }, 400],
      ['an unknown receiver', '/shipments', { codes: ['(00)340123451111111111'], receiver: '9999999999994' }, 422],
      [
        'an unknown product',
        '/recalls',
        { gtin: '09999999999994', lot: 'L', id: 'R', class: 1, depth: 'patient' },
        422,
      ],
      ['an event that is no EPCIS', '/events', { type: 'ObjectEvent' }, 400],
    ])('%s is refused by its field, and leaves no trace on the chain', async (_what, path, body, status) => {
      const before = await newest();
      const answer: Answer = await manufacturer().post(path, body);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        expect.stringContaining('problem+json'),
      ]);
      expect(answer.body).toMatchObject({
        code: expect.any(String),
        field: expect.any(String),
        fix: expect.any(String),
      });
      const after = await newest();
      // Heartbeats may come; transactions may not.
      for (const block of after) if (!before.some((b) => b.height === block.height)) expect(block.transactions).toBe(0);
    });

    it('an oversize body is 413', async () => {
      const answer = await manufacturer().post('/commissionings', { codes: ['x'.repeat(OVER_THE_LIMIT)] });
      expect(answer.status).toBe(413);
    });

    it('no token is 401, a token without access is 403, a role without the route is 404', async () => {
      const origin = loopbackAddresses(network.topology).service('pharmacy');
      expect((await client(origin).get('/inventory')).status).toBe(401);
      expect((await network.traceAs().get('/blocks')).status).toBe(401);
      expect((await network.service('pharmacy').post('/recalls', {})).status).toBe(404);
    });
  });

  // The pharmacy owns none of the goods of the examples: its law has nothing to say of them.
  (isCorpusHere ? describe : describe.skip)('the public suites, against this network', () => {
    it.each(['first', 'second'])(
      'have nothing wrong the %s time',
      () => {
        const target = loopbackAddresses(network.topology).service('pharmacy');
        const { token } = network.state.tokens.of('pharmacy');
        const args = ['conformance', '--data', DATA, '--target', target, '--token', token];
        const { status, stdout } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
        const lines = stdout.split('\n');
        expect([status, lines.filter((line) => line.includes('wrong: '))]).toEqual([0, []]);
        for (const suite of ['A1', 'A2', 'A3', 'A5'])
          expect(lines.find((line) => line.startsWith(`${suite}   server`))).toContain(' 0 wrong');
      },
      TEST_MS,
    );
  });

  it(
    'a second start finds its chain again',
    async () => {
      const before = (await network.traceAs('regulator').get('/blocks?limit=1')).body as { asOf: { height: number } };
      await network.stop();
      network = await start();
      const after = (await network.traceAs('regulator').get('/blocks?limit=1')).body as { asOf: { height: number } };
      expect(after.asOf.height).toBeGreaterThanOrEqual(before.asOf.height);
    },
    TEST_MS,
  );
});
