import { decodeHeader } from '@custos/core-chain';
import type { AsOf } from '@custos/core-custody';
import type { Hasher } from '@custos/core-crypto';
import type { Postgres, Sql } from '@custos/shell-postgres';

/** The rows of one moment, with the block that they stand at. */
export interface Snapshot extends Sql {
  readonly asOf: AsOf;
}

/**
 * The error of a question about rows that are being projected from block 0 and has not caught up yet: after the very first start, with a new
 * version, or in a rebuild. A question would be answered as if most of the chain had not happened.
 */
export class NothingProjected extends Error {
  override readonly name = 'NothingProjected';
}

// The lock comes before the snapshot: whoever empties the tables waits for us, or we see that they are being filled.
const BEGIN = `
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
  LOCK TABLE readmodel.projection IN ACCESS SHARE MODE`;

const LEAST = `
  SELECT header, bool_and(caught_up) OVER () AS complete, count(*) OVER () AS found
  FROM readmodel.projection WHERE name = ANY($1) ORDER BY height LIMIT 1`;

interface LeastRow {
  readonly header: Uint8Array;
  readonly complete: boolean;
  readonly found: string;
}

/**
 * Runs a question on rows of one moment, though blocks keep coming. `projections` are those that the question reads;
 * the one that is behind the others says how old the answer is.
 *
 * @throws NothingProjected while one of them is being built
 */
export async function withSnapshot<T>(
  postgres: Postgres,
  hasher: Hasher,
  projections: readonly string[],
  ask: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return postgres.transaction(async (sql) => {
    await sql.query(BEGIN);
    const { rows } = await sql.query<LeastRow>(LEAST, [projections]);
    const [least] = rows;
    const header = least && decodeHeader(hasher, new Uint8Array(least.header));
    if (!header?.ok || !least?.complete || Number(least.found) < projections.length)
      throw new NothingProjected(`one of ${projections.join(', ')} is being built`);
    const { height, timestamp } = header.value;
    return ask({ query: (text, values) => sql.query(text, values), asOf: { height, time: timestamp } });
  });
}

/** Returns the moment of an answer as callers see it: height and ISO time. */
export function shownAsOf({ asOf }: { readonly asOf: AsOf }): { readonly height: number; readonly time: string } {
  return { height: asOf.height, time: shownTime(asOf.time) };
}

/** Milliseconds since 1970 as an ISO 8601 time in UTC. */
export function shownTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
