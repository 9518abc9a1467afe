import { canonicalBytes, type Json } from '@custos/core-bytes';
import { digestOf, type Digest, type Hasher } from '@custos/core-crypto';
import type { Sql, Statement } from '@custos/shell-postgres';
import { malformedProblem } from '@custos/shell-process';

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

/** A write as it came in: who, to which route, with what. */
export interface Incoming {
  /** Name of the caller. */
  readonly caller: string;
  readonly route: string;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

/** Undefined without a key. The body counts by what it says: order of members and blanks do not matter. */
export function idempotencyOf(hasher: Hasher, incoming: Incoming): Idempotency | undefined {
  const { caller, route, idempotencyKey: key, body } = incoming;
  if (key === undefined) return undefined;
  if (key.length === 0 || key.length > MAX_KEY) {
    throw malformedProblem({ code: 'KEY_INVALID', field: 'Idempotency-Key', fix: `send 1 to ${MAX_KEY} characters` });
  }
  const bodyHash = digestOf(hasher.digest(canonicalBytes((body ?? null) as Json)));
  return { caller, route, key, bodyHash };
}

const FIND: Statement = {
  name: 'find_key',
  text: 'SELECT body_hash, job FROM own.idempotency WHERE caller = $1 AND route = $2 AND key = $3',
};

/** The job that an earlier request with this key began. Throws {@link IdempotencyKeyReused}. */
export async function findKey(sql: Sql, { caller, route, key, bodyHash }: Idempotency): Promise<string | undefined> {
  const { rows } = await sql.query<{ body_hash: string; job: string }>(FIND, [caller, route, key]);
  if (rows[0] && rows[0].body_hash !== bodyHash) throw new IdempotencyKeyReused();
  return rows[0]?.job;
}

/** Drops keys that are too old to be had again. */
export async function forgetKeys(sql: Sql, now: number): Promise<void> {
  await sql.query('DELETE FROM own.idempotency WHERE created_at < $1', [now - IDEMPOTENCY_DAYS * DAY_MS]);
}
