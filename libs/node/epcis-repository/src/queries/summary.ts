import type { JsonObject } from '@custos/core-bytes';
import { CUSTODY_LIMITS } from '@custos/core-custody';
import type { Sql, Statement } from '@custos/shell-postgres';

/** L6.5: above this a summary names no lots. */
const MAX_NAMED = 256;

interface ShareRow {
  readonly depth: number;
  readonly gtin: string | null;
  readonly lot: string | null;
  readonly is_pack: boolean;
  readonly units: string;
  readonly held: string;
  readonly inactive: string;
}

const SHARES: Statement = {
  name: 'shares',
  text: `
  WITH RECURSIVE below AS (
    SELECT key, 1 AS depth FROM readmodel.unit WHERE container = $1
    UNION ALL
    SELECT u.key, b.depth + 1
    FROM below b CROSS JOIN LATERAL (SELECT key FROM readmodel.unit WHERE container = b.key OFFSET 0) AS u
    WHERE b.depth < ${CUSTODY_LIMITS.depth}
  )
  SELECT b.depth, u.gtin, u.lot, COALESCE(u.gtin = substr(u.lot, 8, 14), false) AS is_pack, count(*) AS units,
    count(*) FILTER (WHERE u.on_hold) AS held, count(*) FILTER (WHERE u.state <> 'active') AS inactive
  FROM below b JOIN readmodel.unit u ON u.key = b.key
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3`,
};

/** Returns the summary of a container's contents as the state keeps it (L6.5); undefined when it is empty. */
export async function findSummary(sql: Sql, container: string): Promise<JsonObject | undefined> {
  const { rows } = await sql.query<ShareRow>(SHARES, [container]);
  if (rows.length === 0) return undefined;
  const levels: number[] = [];
  const lots = new Map<string, readonly [number, number]>();
  const gtins = new Map<string, number>();
  let packs = 0;
  let held = 0;
  let inactive = 0;
  for (const row of rows) {
    const units = Number(row.units);
    const packsHere = row.is_pack ? units : 0;
    levels[row.depth - 1] = (levels[row.depth - 1] ?? 0) + units;
    packs += packsHere;
    held += Number(row.held);
    inactive += Number(row.inactive);
    if (row.gtin !== null) gtins.set(row.gtin, (gtins.get(row.gtin) ?? 0) + units);
    if (row.lot === null) continue;
    const [unitsBefore, packsBefore] = lots.get(row.lot) ?? [0, 0];
    lots.set(row.lot, [unitsBefore + units, packsBefore + packsHere]);
  }
  return { levels, packs, lots: named(lots), gtins: named(gtins), held, inactive };
}

function named<T extends number | readonly number[]>(counts: ReadonlyMap<string, T>): JsonObject | 'many' {
  return counts.size > MAX_NAMED ? 'many' : Object.fromEntries(counts);
}
