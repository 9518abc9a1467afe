import { decodeHeader } from '@custos/core-chain';
import type { AsOf } from '@custos/core-custody';
import type { Hasher } from '@custos/core-crypto';
import type { Postgres, Sql } from '@custos/shell-postgres';

/** What a question reads: rows of one moment, and which block that was. */
export interface Snapshot extends Sql {
  readonly asOf: AsOf;
}

/** The follower has not begun to project what is asked for: a moment after the very first start. */
export class NothingProjected extends Error {
  override readonly name = 'NothingProjected';
}

const LEAST = `
  SELECT header FROM readmodel.projection WHERE name = ANY($1) ORDER BY height LIMIT 1`;

/**
 * Runs a question on rows of one moment, though blocks keep coming. `projections` are those that the question reads;
 * one that is behind the others, because it is built anew, says how old the answer is.
 *
 * @throws NothingProjected before the first start of the follower
 */
export async function withSnapshot<T>(
  postgres: Postgres,
  hasher: Hasher,
  projections: readonly string[],
  ask: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return postgres.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const { rows } = await sql.query<{ readonly header: Uint8Array }>(LEAST, [projections]);
    const header = rows[0] && decodeHeader(hasher, new Uint8Array(rows[0].header));
    if (!header?.ok) throw new NothingProjected(`none of ${projections.join(', ')} has begun`);
    const { height, timestamp } = header.value;
    return ask({ query: (text, values) => sql.query(text, values), asOf: { height, time: timestamp } });
  });
}

/** Of an answer: heights and ISO times are what callers see. */
export function shownAsOf({ asOf }: { readonly asOf: AsOf }): { readonly height: number; readonly time: string } {
  return { height: asOf.height, time: shownTime(asOf.time) };
}

/** Milliseconds since 1970 as an ISO 8601 time in UTC. */
export function shownTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
