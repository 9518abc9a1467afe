import { randomUUID } from 'node:crypto';
import type { FreshDatabase } from '@custos/shell-postgres/testing';
import { PostgresAway, type Postgres } from '@custos/shell-postgres';
import type { Digest } from '@custos/core-crypto';
import { createJobWriter } from './job-writer.js';
import { findPending, type Promised } from './outbox.js';
import { START } from '../testing/promises.js';
import { freshTables } from '../testing/fresh-database.js';

let made = 0;
function promised(key?: string, length = 10): Promised {
  const txId = (++made).toString(16).padStart(64, '0') as Digest;
  return {
    row: { job: randomUUID(), kind: 'task', createdAt: START, onError: 'rollback', rejected: [] },
    parts: [{ txId, bytes: new Uint8Array(length), expiresAt: START + 1, events: [] }],
    idempotency: key === undefined ? undefined : { caller: 'till', route: 'dispense', key, bodyHash: txId },
  };
}

describe('promises that come at once are written together', () => {
  let database: FreshDatabase;
  let statements: number;
  let isCut: boolean;
  let counted: Postgres;

  beforeAll(async () => {
    database = await freshTables();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    [statements, isCut] = [0, false];
    counted = {
      ...database.postgres,
      async commit(text, values) {
        statements++;
        if (isCut) throw new PostgresAway(new Error('the line is dead'));
        return database.postgres.commit(text, values);
      },
    };
    await database.postgres.query('TRUNCATE own.job CASCADE');
  });

  const kept = async () => (await findPending(database.postgres)).map(({ txId }) => txId);
  const idsOf = (promises: readonly Promised[]) => promises.map(({ parts }) => parts[0]!.txId);

  it('the first alone, those that come meanwhile in one statement, in their order', async () => {
    const keep = createJobWriter(counted);
    const promises = ['a', 'b', undefined, 'c'].map((key) => promised(key));
    await Promise.all(promises.map(keep));
    expect(statements).toBe(2);
    expect(await kept()).toEqual(idsOf(promises));
  });

  it('a key that is taken concerns its own request only', async () => {
    const keep = createJobWriter(counted);
    const promises = ['a', 'b', 'a', 'c'].map((key) => promised(key));
    const outcomes = await Promise.allSettled(promises.map(keep));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await kept()).toEqual(idsOf([promises[0]!, promises[1]!, promises[3]!]));
  });

  it('a promise that the tables do not take is refused alone', async () => {
    const keep = createJobWriter(counted);
    const promises = [promised(), promised(), promised(), promised()];
    const broken = { ...promises[2]!, row: { ...promises[2]!.row, job: 'no uuid' } };
    const outcomes = await Promise.allSettled([promises[0]!, promises[1]!, broken, promises[3]!].map(keep));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await kept()).toEqual(idsOf([promises[0]!, promises[1]!, promises[3]!]));
  });

  it('as many bytes as a statement may hold, and no more', async () => {
    const keep = createJobWriter(counted);
    await Promise.all(Array.from({ length: 7 }, () => keep(promised(undefined, 900_000))));
    // One, four of the others, two.
    expect(statements).toBe(3);
  });

  it('when the database is away no one waits for his turn to hear so, and the next one tries again', async () => {
    const keep = createJobWriter(counted);
    isCut = true;
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => keep(promised())));
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason instanceof PostgresAway)).toBe(
      true,
    );
    expect(statements).toBe(1);
    isCut = false;
    await keep(promised());
    expect(await kept()).toHaveLength(1);
  });
});
