import type { Json } from '@custos/core-bytes';
import type { Receipt } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { Postgres, Sql, Statement } from '@custos/shell-postgres';
import type { DraftedEvent, OnError, RejectedEvent, SignedTransaction } from '../capture/drafts.js';
import type { Idempotency } from './idempotency.js';

/** What began the job: a task route, `POST /events`, `POST /capture`. The first two have exactly one transaction. */
export type JobKind = 'task' | 'event' | 'capture';
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

/** A transaction that no final block holds yet. */
export interface PendingRow extends SignedTransaction {
  readonly job: string;
  readonly part: number;
  /** When its job was taken in, milliseconds since 1970. */
  readonly promisedAt: number;
}

export interface JobRow {
  readonly job: string;
  readonly kind: JobKind;
  readonly createdAt: number;
  readonly onError: OnError;
  /** Events that were never signed (`proceed`). */
  readonly rejected: readonly RejectedEvent[];
}

/** A signed transaction with its events. */
interface SignedPart extends SignedTransaction {
  readonly events: readonly DraftedEvent[];
}

/** A job as it is promised: all of it is kept, or none. */
export interface Promised {
  readonly row: JobRow;
  readonly parts: readonly SignedPart[];
  readonly idempotency: Idempotency | undefined;
}

const INSERT: Statement = {
  name: 'insert_jobs',
  text: `
  WITH job AS (
    INSERT INTO own.job (job, kind, created_at, on_error, rejected)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::json[])
  ), key AS (
    INSERT INTO own.idempotency (job, created_at, caller, route, key, body_hash)
    SELECT * FROM unnest($6::uuid[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[])
  )
  INSERT INTO own.outbox (job, part, tx_id, bytes, expires_at, events)
  SELECT * FROM unnest($12::uuid[], $13::integer[], $14::text[], $15::bytea[], $16::bigint[], $17::json[])`,
};

/** Jobs, their keys and their transactions: all of them, or none. A key that is taken violates a unique index. */
export async function insertJobs(postgres: Postgres, promised: readonly Promised[]): Promise<void> {
  const rows = promised.map(({ row }) => row);
  const keys = promised.flatMap(({ row, idempotency }) => (idempotency ? [{ row, ...idempotency }] : []));
  const parts = promised.flatMap(({ row, parts }) => parts.map((signedPart, part) => ({ row, part, ...signedPart })));
  await postgres.commit(INSERT, [
    rows.map(({ job }) => job),
    rows.map(({ kind }) => kind),
    rows.map(({ createdAt }) => createdAt),
    rows.map(({ onError }) => onError),
    rows.map(({ rejected }) => JSON.stringify(rejected)),
    keys.map(({ row }) => row.job),
    keys.map(({ row }) => row.createdAt),
    keys.map(({ caller }) => caller),
    keys.map(({ route }) => route),
    keys.map(({ key }) => key),
    keys.map(({ bodyHash }) => bodyHash),
    parts.map(({ row }) => row.job),
    parts.map(({ part }) => part),
    parts.map(({ txId }) => txId),
    parts.map(({ bytes }) => Buffer.from(bytes)),
    parts.map(({ expiresAt }) => expiresAt),
    parts.map(({ events }) => JSON.stringify(events)),
  ]);
}

const PENDING = `
  SELECT job, part, tx_id, bytes, expires_at, created_at FROM own.outbox JOIN own.job USING (job)
  WHERE status = 'pending'`;

/** In the order in which they were promised. */
export async function findPending(sql: Sql): Promise<readonly PendingRow[]> {
  const { rows } = await sql.query<PendingColumns>(`${PENDING} ORDER BY sequence`);
  return rows.map(pendingOf);
}

/** As it stands now: undefined when it is settled. */
export async function findPendingPart(sql: Sql, job: string, part: number): Promise<PendingRow | undefined> {
  const { rows } = await sql.query<PendingColumns>(`${PENDING} AND job = $1 AND part = $2`, [job, part]);
  return rows[0] && pendingOf(rows[0]);
}

/** Puts a newly signed transaction in the place of one that can enter no block any more. False: it is settled. */
export async function replaceExpired(sql: Sql, expired: Digest, signed: SignedTransaction): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE own.outbox SET tx_id = $2, bytes = $3, expires_at = $4 WHERE tx_id = $1 AND status = 'pending'`,
    [expired, signed.txId, Buffer.from(signed.bytes), signed.expiresAt],
  );
  return rowCount === 1;
}

const SETTLE: Statement = {
  name: 'settle',
  text: `
  UPDATE own.outbox o
  SET status = s.status, height = s.height, block_time = s.block_time, receipts = s.receipts, inclusion = s.inclusion
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::json[], $6::json[])
    AS s (tx_id, status, height, block_time, receipts, inclusion)
  WHERE o.tx_id = s.tx_id`,
};

/** Idempotent: a block that is projected again says the same again. */
export async function settle(sql: Sql, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await sql.query(SETTLE, [
    settled.map(({ txId }) => txId),
    settled.map(({ receipts }) => statusOf(receipts)),
    settled.map(({ height }) => height),
    settled.map(({ blockTime }) => blockTime),
    settled.map(({ receipts }) => JSON.stringify(receipts)),
    settled.map(({ inclusion }) => JSON.stringify(inclusion)),
  ]);
}

function statusOf(receipts: readonly Receipt[]): OutboxStatus {
  return receipts.every(({ outcome }) => outcome === 'accepted') ? 'final' : 'refused';
}

interface PendingColumns {
  readonly job: string;
  readonly part: number;
  readonly tx_id: Digest;
  readonly bytes: Uint8Array;
  readonly expires_at: string;
  readonly created_at: string;
}

function pendingOf({ job, part, tx_id, bytes, expires_at, created_at }: PendingColumns): PendingRow {
  const times = { expiresAt: Number(expires_at), promisedAt: Number(created_at) };
  return { job, part, txId: tx_id, bytes: new Uint8Array(bytes), ...times };
}
