import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { forgetOld, JOBS_TOGETHER, SETTLED_DAYS } from './forgetting.js';
import { findPending, insertJobs, settle, type JobRow } from './outbox.js';
import { draftOf, PromiseScene, settledOf, START } from '../testing/promises.js';
import type { SubmissionRequest } from './submission.js';
import { freshTables } from '../testing/fresh-database.js';

const DAY_MS = 86_400_000;
const RETENTION_MS = SETTLED_DAYS * DAY_MS;
const digest = 'a'.repeat(64);

describe('what is over is forgotten, on the tables of Postgres', () => {
  let database: FreshDatabase;
  let scene: PromiseScene;

  beforeAll(async () => {
    database = await freshTables();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    scene = await PromiseScene.open(database.postgres);
  });
  afterEach(async () => {
    await scene.stop();
    await database.postgres.query('TRUNCATE own.job CASCADE');
  });

  const kept = async (table: 'job' | 'outbox' | 'idempotency') =>
    (await database.postgres.query(`SELECT 1 FROM own.${table}`)).rowCount;
  async function promise(key?: string, parts = 1) {
    const drafts = Array.from({ length: parts }, () => draftOf());
    const request: SubmissionRequest = { kind: 'capture', onError: 'proceed', drafts };
    const idempotency = key === undefined ? undefined : { caller: 'till', route: 'capture', key, bodyHash: digest };
    return scene.submissions.submit(idempotency as never, request);
  }
  const settledAt = (blockTime: number, { parts }: Awaited<ReturnType<typeof promise>>) =>
    settle(
      database.postgres,
      parts.map(({ txId }) => ({ ...settledOf(txId), blockTime })),
    );

  it('a job is kept for its days after the last of its transactions, then it goes with them', async () => {
    await settledAt(START, await promise('k', 2));
    await forgetOld(database.postgres, START + RETENTION_MS);
    expect([await kept('job'), await kept('outbox'), await kept('idempotency')]).toEqual([1, 2, 1]);
    await forgetOld(database.postgres, START + RETENTION_MS + 1);
    expect([await kept('job'), await kept('outbox'), await kept('idempotency')]).toEqual([0, 0, 0]);
  });

  it('what waits is never forgotten, nor a job of which one part waits', async () => {
    await promise();
    const { parts, ...rest } = await promise(undefined, 2);
    await settledAt(START, { ...rest, parts: parts.slice(0, 1) });
    await forgetOld(database.postgres, START + 100 * RETENTION_MS);
    expect([await kept('job'), await kept('outbox'), (await findPending(database.postgres)).length]).toEqual([2, 3, 2]);
  });

  it('a promise that settled late can be asked for as long as any other', async () => {
    const late = START + 2 * RETENTION_MS;
    await settledAt(late, await promise());
    await forgetOld(database.postgres, late + RETENTION_MS);
    expect(await kept('job')).toBe(1);
    await forgetOld(database.postgres, late + RETENTION_MS + 1);
    expect(await kept('job')).toBe(0);
  });

  it('more than one statement forgets at once go all the same', async () => {
    const count = 2 * JOBS_TOGETHER + 1;
    const id = (n: number) => `00000000-0000-0000-0000-${n.toString().padStart(12, '0')}`;
    const rows = Array.from({ length: count }, (_, n): JobRow => {
      return { job: id(n), kind: 'capture', createdAt: START, onError: 'proceed', rejected: [] };
    });
    await insertJobs(
      database.postgres,
      rows.map((row) => ({ row, parts: [], idempotency: undefined })),
    );
    expect(await kept('job')).toBe(count);
    await forgetOld(database.postgres, START + RETENTION_MS + 1);
    expect(await kept('job')).toBe(0);
  });
});
