import { visible, type Asker } from '@custos/core-access';
import { CUSTODY_LIMITS, lotNumberOf } from '@custos/core-custody';
import type { Statement } from '@custos/shell-postgres';
import type { Snapshot } from './snapshot.js';
import { linkOfUnit } from './unit-rows.js';

/** The projections that {@link inventoryOf} reads. */
export const INVENTORY_READS = ['units'];

/** The filters and the place of a page of stock. */
export interface InventoryQuestion {
  /** GLN of the party whose stock it is. */
  readonly party: string;
  /** GTIN-14, of any packaging level. */
  readonly gtin?: string;
  /** State key of a container: what lies inside it. */
  readonly within?: string;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** A unit in stock, or on its way to the party. */
interface HeldUnit {
  /** Digital Link. */
  readonly code: string;
  readonly key: string;
  readonly gtin?: string;
  /** Lot number. */
  readonly lot?: string;
  readonly expiry?: string;
  readonly lifecycle: string;
  readonly container: string | null;
  readonly location: string | null;
  /** GLN of the addressee while it travels. */
  readonly inTransitTo: string | null;
}

/** One page of stock. */
export interface InventoryPage {
  readonly units: readonly HeldUnit[];
  readonly next?: string;
}

interface HeldRow {
  readonly key: string;
  readonly gtin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly state: string;
  readonly container: string | null;
  readonly location: string | null;
  readonly transit_to: string | null;
  readonly path: readonly string[];
}

/** Between the keys of a path: no character of a code (GS1 character set 82 has no bar). */
const BETWEEN = '|';

// Outermost units first, each followed by what lies inside it: a page needs at most as many outermost units as it has
// lines, whatever else is in stock. Units that are over are no stock, and are in no index of it.
// OFFSET keeps the planner from reading the whole table for the way down.
const HELD: Statement = {
  name: 'held',
  text: `
  WITH RECURSIVE outermost AS (
    SELECT key, location, transit_to FROM (
      SELECT key, location, transit_to FROM readmodel.unit WHERE possessor = $1 AND state <> 'inactive'
      UNION
      SELECT key, location, transit_to FROM readmodel.unit WHERE transit_to = $1 AND state <> 'inactive'
    ) AS mine
    WHERE $5::text[] IS NULL OR key >= ($5::text[])[1]
    ORDER BY key
    LIMIT CASE WHEN $3::text IS NULL AND $4::text IS NULL THEN $2::integer + 1 END
  ), stock AS (
    SELECT o.key, o.location, o.transit_to, ARRAY[o.key] AS path FROM outermost o
    UNION ALL
    SELECT u.key, s.location, s.transit_to, s.path || u.key
    FROM stock s CROSS JOIN LATERAL (SELECT key FROM readmodel.unit WHERE container = s.key OFFSET 0) AS u
    WHERE cardinality(s.path) <= ${CUSTODY_LIMITS.depth}
  )
  SELECT u.key, u.gtin, u.lot, u.expiry, u.state, u.container, s.location, s.transit_to, s.path
  FROM stock s JOIN readmodel.unit u ON u.key = s.key
  WHERE u.state <> 'inactive'
    AND ($3::text IS NULL OR u.gtin = $3)
    AND ($4::text IS NULL OR ($4 = ANY (s.path) AND u.key <> $4))
    AND ($5::text[] IS NULL OR s.path > $5::text[])
  ORDER BY s.path
  LIMIT $2`,
};

/** Finds the units that a party possesses and those on the way to it: units of all levels, each container before its contents. */
export async function inventoryOf(
  asker: Asker,
  snapshot: Snapshot,
  { party, gtin, within, limit, after }: InventoryQuestion,
): Promise<InventoryPage | 'hidden'> {
  if (!visible(asker, { about: 'inventory', party })) return 'hidden';
  const from = after === undefined ? null : after.split(BETWEEN);
  const { rows } = await snapshot.query<HeldRow>(HELD, [party, limit, gtin ?? null, within ?? null, from]);
  const units = rows.map(heldOf);
  return rows.length < limit ? { units } : { units, next: rows.at(-1)!.path.join(BETWEEN) };
}

function heldOf({ key, gtin, lot, expiry, state, container, location, transit_to }: HeldRow): HeldUnit {
  return {
    code: linkOfUnit(key),
    key,
    ...(gtin !== null && { gtin }),
    ...(lot !== null && { lot: lotNumberOf(lot) }),
    ...(expiry !== null && { expiry }),
    lifecycle: state,
    container: container === null ? null : linkOfUnit(container),
    location,
    inTransitTo: transit_to,
  };
}
