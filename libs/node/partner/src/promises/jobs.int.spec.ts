import { DataSource } from 'typeorm';
import { openPostgres, PostgresAway, repositoryOptions } from '@custos/shell-postgres';
import { wireTo, type FreshDatabase } from '@custos/shell-postgres/testing';
import { freshTables } from '../testing/fresh-database.js';
import { until } from '../testing/until.js';
import { draftOf, PromiseScene, settledOf } from '../testing/promises.js';
import { settle } from './outbox.js';
import { JobEntity, PARTNER_ENTITIES } from './own.rows.js';

const SLEEPING = `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(10)' AND pid <> pg_backend_pid()`;
const NO_JOB = '00000000-0000-4000-8000-000000000000';

describe('jobs, read by repositories on the connections of the pool', () => {
  let database: FreshDatabase;
  let scene: PromiseScene;

  beforeAll(async () => {
    database = await freshTables();
    scene = await PromiseScene.open(database.postgres);
  });
  afterAll(async () => {
    await scene.stop();
    await database.drop();
  });

  async function promise(kind: 'capture' | 'event', count: number) {
    const drafts = Array.from({ length: count }, () => draftOf());
    return scene.submissions.submit(undefined, { kind, onError: 'proceed', drafts });
  }

  it('a capture has its parts in their order, and the events of a refused one alone', async () => {
    const { job, parts } = await promise('capture', 3);
    const [first, second] = parts.map(({ txId }) => txId);
    const refused = settledOf(second!, 6);
    const receipts = refused.receipts.map((receipt) => ({ ...receipt, outcome: 'refused' as const, code: 'RECALLED' }));
    await settle(database.postgres, [settledOf(first!, 5), { ...refused, receipts }]);
    const found = (await scene.jobs.capture(job))!;
    expect(found).toMatchObject({ job, kind: 'capture', onError: 'proceed', rejected: [] });
    expect(found.parts.map(({ status, height, events }) => [status, height, events.length])).toEqual([
      ['final', 5, 0],
      ['refused', 6, 1],
      ['pending', undefined, 0],
    ]);
    expect(found.parts[1]).toMatchObject({ events: parts[1]!.events, receipts });
    expect((await scene.jobs.job(job))!.parts.map(({ txId, events }) => ({ txId, events }))).toEqual(parts);
  });

  it('a job that is no capture is none, and what is not there is undefined', async () => {
    const { job } = await promise('event', 1);
    expect(await scene.jobs.capture(job)).toBeUndefined();
    expect([await scene.jobs.job(NO_JOB), await scene.jobs.capture(NO_JOB)]).toEqual([undefined, undefined]);
  });

  it('uses the pool: no connection more, and a server that is away says so', async () => {
    const wire = await wireTo(database.url);
    const postgres = openPostgres({ url: wire.url, connections: 1 });
    const source = await new DataSource(repositoryOptions(postgres, PARTNER_ENTITIES)).initialize();
    const jobs = source.getRepository(JobEntity);
    expect(await jobs.findOneBy({ job: NO_JOB })).toBeNull();
    expect(postgres.connections()).toEqual({ idle: 1, busy: 0, waiting: 0 });
    const slow = jobs.query('SELECT pg_sleep(10)');
    const cut = expect(slow).rejects.toMatchObject({ name: 'QueryFailedError', driverError: expect.any(PostgresAway) });
    await until(async () => (await database.postgres.query(SLEEPING)).rowCount === 1, 'the server runs the query');
    wire.cut();
    await cut;
    wire.close();
    await expect(jobs.findOneBy({ job: NO_JOB })).rejects.toThrow(PostgresAway);
    await source.destroy();
    expect((await database.postgres.query('SELECT 1')).rowCount).toBe(1);
    await postgres.close();
  });
});
