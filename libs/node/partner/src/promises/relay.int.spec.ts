import { memoryLanes, type Lanes } from '@custos/shell-lanes';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import { generatePrivateKey, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { createPen, type Draft, type SignedTransaction } from '../capture/drafts.js';
import { findPending, settle } from './outbox.js';
import { draftOf, PEN, PromiseScene, settledOf, START } from '../testing/promises.js';
import { FIRST_REPEAT_MS, LONGEST_REPEAT_MS } from './relay-publisher.js';
import { TICK_MS } from './relay.js';
import { MAX_PENDING, MAX_PENDING_BYTES } from './relay-queue.js';
import { until } from '../testing/until.js';
import { freshTables } from '../testing/fresh-database.js';

const LIFE_MS = 600_000;
const stranger = signerFromPrivateKey(generatePrivateKey());
const now = (): number => START;

/** As if the service's key had signed it: its name, and a signature of another key. */
function forged(draft: Draft): Promise<SignedTransaction> {
  const signer = { ...stranger, keyId: PEN.signer.keyId, publicKey: PEN.signer.publicKey };
  return createPen({ ...PEN, signer, now }).sign(draft);
}

describe('the relay, on the tables of Postgres', () => {
  let database: FreshDatabase;
  const scenes: PromiseScene[] = [];

  beforeAll(async () => {
    database = await freshTables();
  });
  afterAll(() => database.drop());
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.stop();
    await database.postgres.query('TRUNCATE own.job CASCADE');
  });

  async function open(ports?: Parameters<typeof PromiseScene.open>[1]): Promise<PromiseScene> {
    const scene = await PromiseScene.open(database.postgres, ports);
    scenes.push(scene);
    return scene;
  }

  /** A promise of so many transactions; their ids. */
  async function promise(scene: PromiseScene, count = 1): Promise<{ job: string; ids: readonly Digest[] }> {
    const drafts = Array.from({ length: count }, () => draftOf());
    const request = { kind: 'capture', onError: 'proceed', drafts } as const;
    const { job, parts } = await scene.submissions.submit(undefined, request);
    return { job, ids: parts.map(({ txId }) => txId) };
  }

  async function closedLanes(): Promise<Lanes> {
    const lanes = memoryLanes();
    await lanes.close();
    return lanes;
  }

  it('nothing is lost when the process ends between commit and publish', async () => {
    const scene = await open({ lanes: await closedLanes() });
    const { ids } = await promise(scene);
    await scene.stop();
    expect(scene.published()).toEqual([]);
    await scene.start();
    expect(scene.published()).toEqual(ids);
  });

  it.each<[string, (own: SignedTransaction) => Promise<SignedTransaction>]>([
    [
      'signed by a key that nobody knows',
      async () => createPen({ ...PEN, signer: stranger, now }).sign(draftOf().draft),
    ],
    ['that names the own key, signed by another', async () => forged(draftOf().draft)],
    ['of another network', async () => createPen({ ...PEN, networkId: ZERO_DIGEST, now }).sign(draftOf().draft)],
    ['under the id of another', async (own) => ({ ...own, txId: ZERO_DIGEST })],
    [
      'with a changed byte',
      async (own) => ({ ...own, bytes: own.bytes.map((byte, i) => (i === 90 ? byte ^ 1 : byte)) }),
    ],
    ['that is no transaction', async (own) => ({ ...own, bytes: new Uint8Array(40) })],
  ])('SR1: a pending row %s is never published and never signed anew', async (_, change) => {
    const scene = await open({ lanes: await closedLanes() });
    const { job } = await promise(scene);
    await scene.stop();
    const [row] = await findPending(database.postgres);
    const { txId, bytes, expiresAt } = await change(row!);
    const values = [job, txId, Buffer.from(bytes), expiresAt];
    await database.postgres.query(
      'UPDATE own.outbox SET tx_id = $2, bytes = $3, expires_at = $4 WHERE job = $1',
      values,
    );
    await scene.start();
    scene.finalTime = START + 2 * LIFE_MS;
    scene.clock.pass(2 * LIFE_MS);
    await scene.stop();
    expect([scene.alarms, scene.published(), scene.relay.size()]).toEqual([[txId], [], 0]);
    expect(await findPending(database.postgres)).toMatchObject([{ txId }]);
  });

  it('what is there at once leaves in one message, in the order in which it was promised', async () => {
    const scene = await open({ lanes: await closedLanes() });
    const ids = [...(await promise(scene)).ids, ...(await promise(scene)).ids, ...(await promise(scene)).ids];
    await scene.stop();
    const lanes = memoryLanes(scene.broker);
    const messages: number[] = [];
    const publish: Lanes['publish'] = (lane, values) => (messages.push(values.length), lanes.publish(lane, values));
    await scene.start({ lanes: { ...lanes, publish } });
    await until(() => scene.published().length > 0, 'the relay');
    expect([messages, scene.published()]).toEqual([[3], ids]);
  });

  it('what the lane acknowledged is published again with back-off, until its block', async () => {
    const scene = await open();
    const { ids } = await promise(scene);
    const times: number[] = [];
    let waited = 0;
    for (let count = 1; times.length < 6;) {
      await until(() => scene.relay.size() === 1, 'the relay');
      scene.clock.pass(TICK_MS);
      waited += TICK_MS;
      await Promise.resolve();
      await new Promise(setImmediate);
      if (scene.published().length === count) continue;
      times.push(waited);
      waited = 0;
      count++;
    }
    expect(times).toEqual([FIRST_REPEAT_MS, 4_000, 8_000, 16_000, LONGEST_REPEAT_MS, LONGEST_REPEAT_MS]);
    expect(new Set(scene.published())).toEqual(new Set(ids));
    scene.relay.settled(ids);
    const before = scene.published().length;
    scene.clock.pass(LONGEST_REPEAT_MS);
    await new Promise(setImmediate);
    expect([scene.published().length, scene.relay.size()]).toEqual([before, 0]);
  });

  it('a broker that does not answer gets nothing twice', async () => {
    const handed: Uint8Array[] = [];
    const slow: Lanes = {
      ...memoryLanes(),
      publish: async (_lane, values) => (handed.push(...values), new Promise(() => undefined)),
    };
    const scene = await open({ lanes: slow });
    await promise(scene);
    for (let i = 0; i < 10; i++) scene.clock.pass(LONGEST_REPEAT_MS);
    await new Promise(setImmediate);
    expect(handed).toHaveLength(1);
  });

  it('a lane that refuses is asked again, and told of', async () => {
    const scene = await open({ lanes: await closedLanes() });
    await promise(scene);
    await until(() => scene.warnings.length === 1, 'the first refusal');
    scene.clock.pass(FIRST_REPEAT_MS);
    await until(() => scene.warnings.length === 2, 'the second refusal');
  });

  it('L2.5: signs anew only when a final block is later than the expiry, and once', async () => {
    const scene = await open();
    const { job, ids } = await promise(scene);
    const expiry = scene.clock.now() + LIFE_MS;
    scene.clock.pass(2 * LIFE_MS);
    scene.finalTime = expiry;
    scene.clock.pass(TICK_MS);
    await new Promise(setImmediate);
    expect(new Set(scene.published())).toEqual(new Set(ids));

    scene.finalTime = expiry + 1;
    scene.clock.pass(TICK_MS);
    const signedAt = scene.clock.now();
    await until(() => new Set(scene.published()).size === 2, 'the renewed one');
    for (let i = 0; i < 5; i++) scene.clock.pass(TICK_MS);
    const [row] = await findPending(database.postgres);
    expect(row).toMatchObject({ job, part: 0, expiresAt: signedAt + LIFE_MS });
    const renewed = [...new Set(scene.published())].filter((id) => id !== ids[0]);
    expect(renewed).toEqual([row!.txId]);
    expect((await scene.jobs.job(job))!.parts).toMatchObject([{ txId: row!.txId, status: 'pending' }]);
  });

  it('never signs anew what is settled, though no one told it', async () => {
    const scene = await open();
    const { ids } = await promise(scene);
    await settle(database.postgres, [settledOf(ids[0]!)]);
    scene.finalTime = scene.clock.now() + LIFE_MS + 1;
    scene.clock.pass(TICK_MS);
    await until(() => scene.relay.size() === 0, 'it lets go');
    expect(new Set(scene.published())).toEqual(new Set(ids));
  });

  it('two processes of one service sign anew once', async () => {
    const scene = await open();
    await promise(scene);
    const other = await open();
    for (const each of [scene, other]) each.finalTime = scene.clock.now() + LIFE_MS + 1;
    scene.clock.pass(TICK_MS);
    other.clock.pass(TICK_MS);
    await until(() => new Set([...scene.published(), ...other.published()]).size === 2, 'the renewed one');
    await Promise.all([scene.relay.stop(), other.relay.stop()]);
    const [row] = await findPending(database.postgres);
    const ids = new Set([...scene.published(), ...other.published()]);
    expect([ids.size, ids.has(row!.txId)]).toEqual([2, true]);
  });

  it('K17: parts of a split document leave one after another, each when the one before is final', async () => {
    const scene = await open();
    const first = await promise(scene, 3);
    const second = await promise(scene);
    expect(scene.published()).toEqual([first.ids[0], ...second.ids]);
    scene.relay.settled([first.ids[0]!]);
    await until(() => scene.published().at(-1) === first.ids[1], 'the second part');
    // Also over a restart; and whatever becomes final out of order changes nothing.
    await settle(database.postgres, [settledOf(first.ids[0]!)]);
    await scene.stop();
    await scene.start();
    scene.clock.pass(LONGEST_REPEAT_MS);
    await new Promise(setImmediate);
    expect(scene.published()).not.toContain(first.ids[2]);
    scene.relay.settled(second.ids);
    await new Promise(setImmediate);
    expect(scene.published()).not.toContain(first.ids[2]);
    scene.relay.settled([first.ids[1]!]);
    await until(() => scene.published().at(-1) === first.ids[2], 'the third part');
  });

  it('K17: a part that is signed anew keeps its place', async () => {
    const scene = await open();
    const { ids } = await promise(scene, 2);
    scene.finalTime = scene.clock.now() + LIFE_MS + 1;
    scene.clock.pass(TICK_MS);
    await until(async () => (await findPending(database.postgres)).every(({ txId }) => !ids.includes(txId)), 'both');
    await until(() => scene.published().length === 2, 'the first part');
    const [first, second] = (await findPending(database.postgres)).map(({ txId }) => txId);
    expect(scene.published()).toEqual([ids[0], first]);
    scene.relay.settled([first!]);
    await until(() => scene.published().at(-1) === second, 'the second part');
  });

  it('has no room above a number and a sum of bytes', async () => {
    const scene = await open({ lanes: await closedLanes() });
    expect(scene.relay.hasRoom(MAX_PENDING - 1)).toBe(true);
    expect(scene.relay.hasRoom(MAX_PENDING)).toBe(false);
    const bytes = new Uint8Array(1024 * 1024);
    const rows = Array.from({ length: MAX_PENDING_BYTES / bytes.length }, (_, part) => ({
      ...{ job: 'large', part, bytes, expiresAt: scene.clock.now() + LIFE_MS, promisedAt: START },
      txId: part.toString(16).padStart(64, '0') as Digest,
    }));
    scene.relay.take(rows);
    expect(scene.relay.hasRoom(0)).toBe(false);
    scene.relay.settled([rows[0]!.txId]);
    expect(scene.relay.hasRoom(0)).toBe(true);
  });
});
