import { PostgresAway, type Postgres } from '@custos/shell-postgres';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import type { Digest } from '@custos/core-crypto';
import { forgetKeys, IDEMPOTENCY_DAYS, IdempotencyKeyReused, type Idempotency } from './idempotency.js';
import { settle } from './outbox.js';
import { draftOf, PromiseScene, settledOf, START } from '../testing/promises.js';
import { MAX_PENDING } from './relay-queue.js';
import { OutboxFull, PromiseUncertain, type SubmissionRequest } from './submission.js';
import { until } from '../testing/until.js';
import { freshTables } from '../testing/fresh-database.js';

const digest = (text: string) => text.repeat(64).slice(0, 64) as Digest;
const key = (more: Partial<Idempotency> = {}): Idempotency => ({
  ...{ caller: 'till', route: 'dispense', key: 'k1', bodyHash: digest('a') },
  ...more,
});
const request = (note?: string): SubmissionRequest => ({ kind: 'task', onError: 'rollback', drafts: [draftOf(note)] });

describe('promises, on the tables of Postgres', () => {
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

  const jobs = async () => (await database.postgres.query('SELECT job FROM own.job')).rows.length;

  it('the same key with the same body is the same job, and nothing is promised again', async () => {
    const { submissions, published } = await openBound();
    const first = await submissions.submit(key(), request());
    const same = { job: first.job, parts: [expect.objectContaining(first.parts[0]!)], earlier: true };
    expect([await submissions.earlier(key()), await submissions.submit(key(), request())]).toEqual([same, same]);
    expect(await submissions.earlier(key({ key: 'k2' }))).toBeUndefined();
    expect([await jobs(), published().length]).toEqual([1, 1]);
  });

  async function openBound() {
    const scene = await open();
    return { scene, submissions: scene.submissions, published: () => scene.published() };
  }

  it('the same key with another body is a mistake; another caller or route has keys of its own', async () => {
    const { submissions } = await openBound();
    await submissions.submit(key(), request());
    const other = submissions.submit(key({ bodyHash: digest('b') }), request());
    await expect(other).rejects.toBeInstanceOf(IdempotencyKeyReused);
    for (const own of [{ caller: 'other till' }, { route: 'receive' }, { key: 'k2' }]) {
      expect((await submissions.submit(key(own), request())).earlier).toBe(false);
    }
    expect(await jobs()).toBe(4);
  });

  it('two requests with one key at once are one job; with two bodies one of them is refused', async () => {
    const { submissions, published } = await openBound();
    const same = await Promise.all(Array.from({ length: 8 }, () => submissions.submit(key(), request())));
    expect(new Set(same.map(({ job }) => job)).size).toBe(1);
    expect([await jobs(), published().length]).toEqual([1, 1]);
    const bodies = ['c', 'd'].map((body) => key({ key: 'k2', bodyHash: digest(body) }));
    const both = await Promise.allSettled(bodies.map((each) => submissions.submit(each, request())));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((each) => each.status === 'rejected')).toMatchObject({ reason: expect.any(IdempotencyKeyReused) });
  });

  it('the repetition of a request hears what became of it, at once when it is settled', async () => {
    const { scene, submissions } = await openBound();
    const first = await submissions.submit(key(), request());
    const waiting = submissions.settled(first, 60_000);
    const settled = settledOf(first.parts[0]!.txId);
    await settle(database.postgres, [settled]);
    scene.waiting.settled(settled);
    expect(await waiting).toEqual(settled);
    const again = await submissions.submit(key(), request());
    expect(await submissions.settled(again, 60_000)).toEqual(settled);
  });

  it('a request that waits is let go when the service stops, and later ones do not wait at all', async () => {
    const { scene, submissions } = await openBound();
    const submitted = await submissions.submit(undefined, request());
    const waiting = submissions.settled(submitted, 60_000);
    scene.waiting.close();
    expect(await waiting).toBeUndefined();
    expect(await submissions.settled(submitted, 60_000)).toBeUndefined();
  });

  it('a full outbox promises nothing and keeps nothing', async () => {
    const { scene, submissions } = await openBound();
    const fill = Array.from({ length: MAX_PENDING }, (_, part) => ({
      ...{ job: 'full', part, bytes: new Uint8Array(1), expiresAt: START + 1, promisedAt: START },
      txId: part.toString(16).padStart(64, '0') as Digest,
    }));
    scene.relay.take(fill.map((row) => ({ ...row, part: 0, job: row.txId })));
    await expect(submissions.submit(key(), request())).rejects.toBeInstanceOf(OutboxFull);
    expect(await jobs()).toBe(0);
  });

  it('a commit whose answer is lost is told as uncertain, and carried out all the same', async () => {
    const { postgres } = database;
    const unsure: Postgres = {
      ...postgres,
      async commit(text, values) {
        await postgres.commit(text, values);
        throw new PostgresAway(new Error('the line is dead'), true);
      },
    };
    const scene = await open({ postgres: unsure });
    await expect(scene.submissions.submit(key(), request())).rejects.toBeInstanceOf(PromiseUncertain);
    expect(scene.published()).toEqual([]);
    scene.clock.pass(500);
    await until(() => scene.published().length === 1, 'the promise that nobody knew of');
    expect((await scene.submissions.submit(key(), request())).earlier).toBe(true);
  });

  it('a text with a NUL is kept as it is', async () => {
    const { scene, submissions } = await openBound();
    const rejected = [
      { at: '/epcisBody/eventList/1', code: 'MALFORMED_EVENT', field: '/a\u0000b', fix: 'leave it out' },
    ];
    const { job, parts } = await submissions.submit(undefined, { ...request('a\u0000b'), rejected });
    await settle(database.postgres, [settledOf(parts[0]!.txId, 5, 'a\u0000b')]);
    const found = await scene.jobs.job(job);
    expect(found).toMatchObject({ rejected, parts: [{ settled: { inclusion: { note: 'a\u0000b' } } }] });
  });

  it('settling again says the same', async () => {
    const { scene, submissions } = await openBound();
    const { job, parts } = await submissions.submit(undefined, request());
    const settled = settledOf(parts[0]!.txId);
    await settle(database.postgres, [settled, settledOf(digest('f'))]);
    const once = await scene.jobs.job(job);
    await settle(database.postgres, [settled]);
    expect(await scene.jobs.job(job)).toEqual(once);
    expect(once!.parts).toMatchObject([{ status: 'final', settled }]);
  });

  it('a key may be had again for days, and is forgotten after them', async () => {
    const { submissions } = await openBound();
    await submissions.submit(key(), request());
    const days = IDEMPOTENCY_DAYS * 86_400_000;
    await forgetKeys(database.postgres, START + days);
    expect((await submissions.submit(key(), request())).earlier).toBe(true);
    await forgetKeys(database.postgres, START + days + 1);
    expect((await submissions.submit(key(), request())).earlier).toBe(false);
  });
});
