import type { Child } from './child.js';
import { audit, rebuildRows, rowsLikeTrace } from './testing/audit.js';
import { chanceFrom } from './testing/chance.js';
import { cutRun, heightsOnLane } from './testing/final-lanes.js';
import { lateTrace } from './testing/late-trace.js';
import { grant, startLoad, type Granted, type Load } from './testing/load.js';
import { captureWish, codeOf } from './testing/requests.js';
import { startMortalNetwork, type MortalNetwork } from './testing/mortal-network.js';
import { withClient } from './testing/rows.js';

// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 14_000 + (process.pid % 47) * 40;
/** Milliseconds of one test: a busy machine starts a process in 20 s. */
const TEST_MS = 900_000;
const USERS_EACH = 2;
/** Answers before a fault, while it lasts, and after it: least and most. */
const MOMENT = [5, 25] as const;
/** Each process is killed so often; more rounds are a command of their own. */
const ROUNDS = Number(process.env['CUSTOS_CHAOS_ROUNDS'] ?? 1);
/** Above what users wish for while the broker is away, in every test but the one of it. */
const OUTBOX_LIMIT = 250;
const chance = chanceFrom(Number(process.env['CUSTOS_CHAOS_SEED'] ?? process.pid));

/** On a machine without Kafka these are skipped, and counted. */
const withKafka = process.env['CUSTOS_KAFKA'] === undefined ? describe.skip : describe;

withKafka(`faults under load (seed ${chance.seed})`, () => {
  let mortal: MortalNetwork;
  const all: Granted[] = [];

  beforeAll(async () => {
    mortal = await startMortalNetwork('faults', PORTS, { CUSTOS_OUTBOX_LIMIT: String(OUTBOX_LIMIT) });
    all.push(...mortal.granted);
    await underLoad(async () => undefined);
  }, TEST_MS);
  afterAll(() => mortal?.stop(), TEST_MS);

  const someTime = (load: Load) => load.more(chance.between(...MOMENT));
  const validator = (): Child => mortal.network.validators.get('regulator')!;

  /** Users wish while `faults` happen. */
  async function wishes(faults: (load: Load) => Promise<void>): Promise<readonly Granted[]> {
    const known = all.filter(({ wish }) => wish.path === '/commissionings').map(({ wish }) => codeOf(wish));
    const load = startLoad(mortal.network, { wishes: mortal.wishes, usersEach: USERS_EACH, known });
    try {
      await someTime(load);
      await faults(load);
      await someTime(load);
    } finally {
      all.push(...(await load.stop()));
      console.log(`${expect.getState().currentTestName}: ${JSON.stringify(Object.fromEntries(load.tally()))}`);
    }
    return all;
  }

  /** What users were told, what the chain says and what rows say is one and the same. */
  async function sound(): Promise<number> {
    const { wrong, height } = await audit(mortal.network, mortal.root, all);
    expect(wrong).toEqual([]);
    return height;
  }

  async function underLoad(faults: (load: Load) => Promise<void>): Promise<number> {
    await wishes(faults);
    return sound();
  }

  /** Dead for some time. */
  async function killed(load: Load, victim: Pick<Child, 'kill' | 'start'>): Promise<void> {
    await victim.kill();
    await someTime(load);
    await victim.start();
  }

  const faulty = (what: string, work: () => Promise<unknown>) => it(what, async () => void (await work()), TEST_MS);

  faulty('the broker is killed: users get 202, and all of it becomes final', () =>
    underLoad(async (load) => {
      await mortal.servers.broker.kill();
      await load.told('202');
      await someTime(load);
      await mortal.servers.broker.start();
    }),
  );

  faulty('Postgres is killed: users get 503, and nothing is done twice', () =>
    underLoad(async (load) => {
      await mortal.servers.tables.kill();
      await load.told('503 Postgres');
      await load.told('trace: 503 Postgres');
      await mortal.servers.tables.start();
    }),
  );

  for (let round = 1; round <= ROUNDS; round++)
    faulty(`each process is killed in turn, round ${round}`, () =>
      underLoad(async (load) => {
        for (const victim of chance.shuffled(mortal.processes)) {
          await killed(load, victim);
          await someTime(load);
        }
      }),
    );

  faulty(
    'L4.6: a validator is killed between the blocks of a run and its record: the run comes again, whole',
    async () => {
      let cut: readonly number[] = [];
      const height = await underLoad(async (load) => {
        await validator().kill();
        await someTime(load);
        cut = await cutRun(mortal.network, 'regulator', 'manufacturer');
        await validator().start();
      });
      const heights = await heightsOnLane(mortal.network, 'regulator', height);
      expect([...new Set(heights)]).toEqual(Array.from({ length: heights.at(-1)! }, (_, i) => i + 1));
      expect(cut.length).toBeGreaterThan(0);
      for (const each of cut) expect(heights.filter((at) => at === each)).toHaveLength(2);
    },
  );

  faulty('a follower starts late, on a broker that lost everything, and goes on from the middle', async () => {
    const late = await lateTrace(mortal);
    try {
      await underLoad(async (load) => {
        await mortal.servers.broker.kill();
        mortal.servers.broker.forget();
        await mortal.servers.broker.start();
        await someTime(load);
        // The lane begins in the middle: what was before comes from the validator.
        await late.child.start();
        await someTime(load);
        await killed(load, late.child);
      });
      expect(await rowsLikeTrace(mortal.network, late.database)).toBeUndefined();
    } finally {
      await late.child.stop();
    }
  });

  faulty('absence 4: trace rebuilds its read model to the same rows, while it runs and while it does not', async () => {
    await underLoad(async () => {
      expect(await rebuildRows(mortal.network, mortal.root)).toContain('rebuilt from block 0');
    });
    await mortal.network.trace.kill();
    await withClient(mortal.databaseOf('trace'), (client) => client.query('DROP SCHEMA readmodel CASCADE'));
    await rebuildRows(mortal.network, mortal.root);
    await mortal.network.trace.start();
    await sound();
  });

  faulty('a full outbox refuses by name, and keeps what it took', async () => {
    await mortal.servers.broker.kill();
    const told: string[] = [];
    const client = mortal.network.service('distributor');
    let wish = captureWish();
    for (let taken = 0; ; taken++, wish = captureWish()) {
      const { status, headers, body } = await client.post(wish.path, wish.body, { idempotencyKey: wish.key });
      if (status !== 202) {
        expect([taken, status, body]).toMatchObject([OUTBOX_LIMIT, 503, { away: 'the network (the outbox is full)' }]);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        break;
      }
      all.push({ wish, said: 'pending', transaction: '', job: headers.get('location')! });
    }
    await mortal.servers.broker.start();
    all.push(await grant(mortal.network, wish, (what) => told.push(what)));
    await sound();
  });
});
