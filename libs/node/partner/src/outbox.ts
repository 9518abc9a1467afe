import type { Json } from '@custos/core-bytes';
import type { Receipt } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { Sql } from '@custos/shell-postgres';
import type { Draft, SignedTransaction } from './drafts.js';

/** Transactions that may wait for their block; above it the service says 503 instead of promising. */
export const MAX_PENDING = 20_000;

export type OutboxStatus = 'pending' | 'final' | 'refused';

/** What became of a transaction, once a final block holds it. */
export interface Settled {
  readonly txId: Digest;
  readonly height: number;
  /** Milliseconds since 1970. */
  readonly blockTime: number;
  readonly receipts: readonly Receipt[];
  /** TransactionInclusion as JSON. */
  readonly inclusion: Json;
}

export interface PendingRow {
  readonly job: string;
  readonly part: number;
  readonly txId: Digest;
  readonly bytes: Uint8Array;
  readonly expiresAt: number;
  readonly draft: Draft;
}

export interface JobRow {
  readonly job: string;
  readonly kind: string;
  readonly createdAt: number;
  readonly onError: 'rollback' | 'proceed';
  /** Problems of events that were never signed. */
  readonly rejected: readonly Json[];
}

/** One transaction of a job, as far as it is known. */
export interface JobPart {
  readonly part: number;
  readonly txId: Digest;
  readonly status: OutboxStatus;
  readonly draft: Draft;
  readonly settled: Settled | undefined;
}

export async function insertJob(
  sql: Sql,
  job: JobRow,
  parts: readonly { readonly draft: Draft; readonly signed: SignedTransaction }[],
): Promise<void> {
  await sql.query('INSERT INTO own.job (job, kind, created_at, on_error, rejected) VALUES ($1, $2, $3, $4, $5)', [
    job.job,
    job.kind,
    job.createdAt,
    job.onError,
    JSON.stringify(job.rejected),
  ]);
  for (const [part, { draft, signed }] of parts.entries()) {
    await sql.query(
      'INSERT INTO own.outbox (job, part, tx_id, bytes, expires_at, draft) VALUES ($1, $2, $3, $4, $5, $6)',
      [job.job, part, signed.id, Buffer.from(signed.bytes), signed.expiresAt, JSON.stringify(draft)],
    );
  }
}

export async function findJob(sql: Sql, job: string): Promise<(JobRow & { parts: readonly JobPart[] }) | undefined> {
  const { rows: jobs } = await sql.query<JobColumns>('SELECT * FROM own.job WHERE job = $1', [job]);
  const row = jobs[0];
  if (!row) return undefined;
  const { rows } = await sql.query<OutboxColumns>('SELECT * FROM own.outbox WHERE job = $1 ORDER BY part', [job]);
  return {
    job: row.job,
    kind: row.kind,
    createdAt: Number(row.created_at),
    onError: row.on_error,
    rejected: row.rejected,
    parts: rows.map(partOf),
  };
}

/** Oldest first: the order in which they were promised. */
export async function pendingRows(sql: Sql): Promise<readonly PendingRow[]> {
  const { rows } = await sql.query<OutboxColumns>(
    `SELECT * FROM own.outbox WHERE status = 'pending' ORDER BY sequence LIMIT ${MAX_PENDING}`,
  );
  return rows.map((row) => ({
    job: row.job,
    part: row.part,
    txId: row.tx_id,
    bytes: new Uint8Array(row.bytes),
    expiresAt: Number(row.expires_at),
    draft: row.draft,
  }));
}

/** Puts a newly signed transaction in the place of one that can no longer enter a block. */
export async function replaceExpired(sql: Sql, expired: Digest, signed: SignedTransaction): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE own.outbox SET tx_id = $2, bytes = $3, expires_at = $4 WHERE tx_id = $1 AND status = 'pending'`,
    [expired, signed.id, Buffer.from(signed.bytes), signed.expiresAt],
  );
  return rowCount === 1;
}

/** Idempotent: a block that is projected again settles nothing twice. */
export async function settle(sql: Sql, settled: readonly Settled[]): Promise<void> {
  for (const { txId, height, blockTime, receipts, inclusion } of settled) {
    await sql.query(
      `UPDATE own.outbox SET status = $2, height = $3, block_time = $4, receipts = $5, inclusion = $6 WHERE tx_id = $1`,
      [txId, statusOf(receipts), height, blockTime, JSON.stringify(receipts), JSON.stringify(inclusion)],
    );
  }
}

function statusOf(receipts: readonly Receipt[]): OutboxStatus {
  return receipts.every(({ outcome }) => outcome === 'accepted') ? 'final' : 'refused';
}

interface JobColumns {
  readonly job: string;
  readonly kind: string;
  readonly created_at: string;
  readonly on_error: 'rollback' | 'proceed';
  readonly rejected: readonly Json[];
}

interface OutboxColumns {
  readonly job: string;
  readonly part: number;
  readonly tx_id: Digest;
  readonly bytes: Uint8Array;
  readonly expires_at: string;
  readonly draft: Draft;
  readonly status: OutboxStatus;
  readonly height: string | null;
  readonly block_time: string | null;
  readonly receipts: readonly Receipt[] | null;
  readonly inclusion: Json;
}

function partOf(row: OutboxColumns): JobPart {
  const settled = row.receipts && {
    txId: row.tx_id,
    height: Number(row.height),
    blockTime: Number(row.block_time),
    receipts: row.receipts,
    inclusion: row.inclusion,
  };
  return { part: row.part, txId: row.tx_id, status: row.status, draft: row.draft, settled: settled ?? undefined };
}
