import { randomUUID } from 'node:crypto';
import type { Json } from '@custos/core-bytes';
import type { Digest } from '@custos/core-crypto';
import type { Postgres, Sql } from '@custos/shell-postgres';
import type { Draft, SignedTransaction } from './drafts.js';
import { findJob, insertJob, type JobPart, type JobRow, type PendingRow, type Settled } from './outbox.js';
import type { Relay } from './relay.js';
import type { Waiting } from './waiting.js';

/** How long an answer may be had again under its key. */
export const IDEMPOTENCY_DAYS = 7;
const DAY_MS = 86_400_000;
const UNIQUE_VIOLATION = '23505';

/** Who promises what under which key: the same key with another body is a mistake of the caller. */
export interface Idempotency {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: Digest;
}

export interface SubmissionRequest {
  readonly kind: 'task' | 'capture';
  readonly onError: 'rollback' | 'proceed';
  /** Problems of events that are not even signed (`proceed`). */
  readonly rejected?: readonly Json[];
  readonly idempotency: Idempotency | undefined;
  /** Called only when the request is new. */
  readonly drafts: readonly Draft[];
}

export interface Submitted {
  readonly job: string;
  readonly parts: readonly { readonly txId: Digest; readonly draft: Draft }[];
}

/** The outbox is full: the caller comes back later, nothing was kept. */
export class OutboxFull extends Error {}
/** The key was used for another body. */
export class IdempotencyKeyReused extends Error {}

export interface SubmissionOptions {
  readonly postgres: Postgres;
  readonly relay: Relay;
  readonly waiting: Waiting;
  readonly sign: (draft: Draft) => Promise<SignedTransaction>;
  readonly now: () => number;
}

export interface Submissions {
  /** The job an earlier request with this key began. Throws {@link IdempotencyKeyReused}. */
  earlier(idempotency: Idempotency | undefined): Promise<Submitted | undefined>;
  /**
   * Signs and keeps: one database transaction holds transactions, job and key, so after it nothing is lost and
   * before it nothing was said. Throws {@link OutboxFull}, {@link IdempotencyKeyReused}.
   */
  submit(request: SubmissionRequest): Promise<Submitted>;
  /** Waits for one transaction; undefined when it is not final in time. */
  settled(txId: Digest, limitMs: number): Promise<Settled | undefined>;
  job(job: string): Promise<(JobRow & { readonly parts: readonly JobPart[] }) | undefined>;
  /** Forgets keys that are too old to be had again. */
  forget(): Promise<void>;
}

export function createSubmissions({ postgres, relay, waiting, sign, now }: SubmissionOptions): Submissions {
  async function earlier(idempotency: Idempotency | undefined): Promise<Submitted | undefined> {
    const job = idempotency && (await findKey(postgres, idempotency));
    if (!job) return undefined;
    const { parts } = (await findJob(postgres, job))!;
    return { job, parts };
  }

  return {
    earlier,
    async submit(request) {
      if (!relay.hasRoom()) throw new OutboxFull();
      const job: JobRow = {
        job: randomUUID(),
        kind: request.kind,
        createdAt: now(),
        onError: request.onError,
        rejected: request.rejected ?? [],
      };
      const parts = await Promise.all(request.drafts.map(async (draft) => ({ draft, signed: await sign(draft) })));
      try {
        await postgres.transaction(async (sql) => {
          await insertJob(sql, job, parts);
          if (request.idempotency) await insertKey(sql, request.idempotency, job.job, now());
        });
      } catch (error) {
        // Two requests with one key at once: the other one was first, its job answers both.
        const first = (error as { code?: string }).code === UNIQUE_VIOLATION && (await earlier(request.idempotency));
        if (first) return first;
        throw error;
      }
      relay.take(parts.map(({ draft, signed }, part): PendingRow => pending(job.job, part, draft, signed)));
      return { job: job.job, parts: parts.map(({ draft, signed }) => ({ txId: signed.id, draft })) };
    },
    async settled(txId, limitMs) {
      const coming = waiting.until(txId, limitMs);
      // It may have settled between the commit and this line: the outbox knows.
      return (await findSettled(postgres, txId)) ?? coming;
    },
    job: (job) => findJob(postgres, job),
    async forget() {
      await postgres.query('DELETE FROM own.idempotency WHERE created_at < $1', [now() - IDEMPOTENCY_DAYS * DAY_MS]);
    },
  };
}

function pending(job: string, part: number, draft: Draft, { id, bytes, expiresAt }: SignedTransaction): PendingRow {
  return { job, part, draft, txId: id, bytes, expiresAt };
}

async function findKey(sql: Sql, { caller, route, key, bodyHash }: Idempotency): Promise<string | undefined> {
  const { rows } = await sql.query<{ body_hash: string; job: string }>(
    'SELECT body_hash, job FROM own.idempotency WHERE caller = $1 AND route = $2 AND key = $3',
    [caller, route, key],
  );
  if (rows[0] && rows[0].body_hash !== bodyHash) throw new IdempotencyKeyReused();
  return rows[0]?.job;
}

async function insertKey(sql: Sql, idempotency: Idempotency, job: string, now: number): Promise<void> {
  const { caller, route, key, bodyHash } = idempotency;
  await sql.query(
    'INSERT INTO own.idempotency (caller, route, key, body_hash, job, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [caller, route, key, bodyHash, job, now],
  );
}

async function findSettled(sql: Sql, txId: Digest): Promise<Settled | undefined> {
  const { rows } = await sql.query<{ job: string }>(
    `SELECT job FROM own.outbox WHERE tx_id = $1 AND status <> 'pending'`,
    [txId],
  );
  if (!rows[0]) return undefined;
  return (await findJob(sql, rows[0].job))?.parts.find((part) => part.txId === txId)?.settled;
}
