import type { Postgres, Sql, Statement } from '@custos/shell-postgres';
import { forgetKeys, IDEMPOTENCY_DAYS } from './idempotency.js';

/**
 * How long a job can be asked for after the last of its transactions is final: as long as the answer can be had again
 * under its key. The chain keeps what it said.
 */
export const SETTLED_DAYS = IDEMPOTENCY_DAYS;
/** Jobs that one statement forgets: it holds locks for milliseconds, and the log of the database grows in small steps. */
export const JOBS_TOGETHER = 500;
const DAY_MS = 86_400_000;

const FORGET: Statement = {
  name: 'forget_jobs',
  text: `
  WITH old AS (
    SELECT j.job FROM own.job j
    WHERE j.created_at < $1
      AND NOT EXISTS (
        SELECT 1 FROM own.outbox o WHERE o.job = j.job AND (o.status = 'pending' OR o.block_time >= $1)
      )
      AND NOT EXISTS (SELECT 1 FROM own.idempotency i WHERE i.job = j.job)
    ORDER BY j.created_at LIMIT $2
    FOR UPDATE SKIP LOCKED
  ), parts AS (
    DELETE FROM own.outbox o USING old WHERE o.job = old.job
  )
  DELETE FROM own.job j USING old WHERE j.job = old.job`,
};

/** Drops keys, then jobs with their transactions, that no one was promised to be told of any more. */
export async function forgetOld(postgres: Postgres, now: number): Promise<void> {
  await forgetKeys(postgres, now);
  while ((await forgetJobs(postgres, now - SETTLED_DAYS * DAY_MS)) === JOBS_TOGETHER);
}

async function forgetJobs(sql: Sql, before: number): Promise<number> {
  return (await sql.query(FORGET, [before, JOBS_TOGETHER])).rowCount;
}
