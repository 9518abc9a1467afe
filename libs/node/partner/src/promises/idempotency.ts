import { canonicalBytes, malformed, parsed, type Json, type Parsed } from '@custos/core-bytes';
import { plainHash, type Digest, type Hasher } from '@custos/core-crypto';
import { type Sql, type Statement, batchQueries } from '@custos/shell-postgres';

/** How long an answer may be had again under its key. */
export const IDEMPOTENCY_DAYS = 7;
const DAY_MS = 86_400_000;
const MAX_KEY = 200;

/** Who promises what under which key: the same key with another body is a mistake of the caller. */
export interface Idempotency {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: Digest;
}

/** The key was used for another body. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';
}

/** The key of a write as it was sent: by whom, to which route, with which body. */
export interface SentKey {
  /** Name of the caller. */
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  readonly body: unknown;
}

/** Binds a key to its body. The body counts by what it says: order of members and blanks do not matter. */
export function idempotencyOf(hasher: Hasher, { caller, route, key, body }: SentKey): Parsed<Idempotency> {
  if (key.length === 0 || key.length > MAX_KEY)
    return malformed('KEY_INVALID', 'Idempotency-Key', `send 1 to ${MAX_KEY} characters`);
  const bodyHash = plainHash(hasher, canonicalBytes((body ?? null) as Json));
  return parsed({ caller, route, key, bodyHash });
}

// LIMIT: a look into the index for each key, also by a plan that was made while the table was small.
const FIND: Statement = {
  name: 'find_keys',
  text: `
  SELECT asked.at, found.body_hash, found.job
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (caller, route, key, at),
    LATERAL (
      SELECT body_hash, job FROM own.idempotency
      WHERE caller = asked.caller AND route = asked.route AND key = asked.key LIMIT 1
    ) AS found`,
};

interface KeyRow {
  /** Place among those asked for, from 1. */
  readonly at: string;
  readonly body_hash: string;
  readonly job: string;
}

async function findKeys(sql: Sql, asked: readonly Idempotency[]): Promise<readonly (KeyRow | undefined)[]> {
  const { rows } = await sql.query<KeyRow>(FIND, [
    asked.map(({ caller }) => caller),
    asked.map(({ route }) => route),
    asked.map(({ key }) => key),
  ]);
  const found = new Map(rows.map((row) => [Number(row.at), row]));
  return asked.map((_, i) => found.get(i + 1));
}

/** Finds the job that an earlier request with a key began. Throws {@link IdempotencyKeyReused}. */
export type FindKey = (idempotency: Idempotency) => Promise<string | undefined>;

export function keyFinder(sql: Sql): FindKey {
  const find = batchQueries((asked: readonly Idempotency[]) => findKeys(sql, asked));
  return async (idempotency) => {
    const row = await find(idempotency);
    if (row && row.body_hash !== idempotency.bodyHash) throw new IdempotencyKeyReused();
    return row?.job;
  };
}

/** Drops keys that are too old to be had again. */
export async function forgetKeys(sql: Sql, now: number): Promise<void> {
  await sql.query('DELETE FROM own.idempotency WHERE created_at < $1', [now - IDEMPOTENCY_DAYS * DAY_MS]);
}
