import type { JsonObject } from '@custos/core-bytes';
import { REGISTRY_SPACES } from '@custos/core-registry';
import { CUSTODY_LIMITS, CUSTODY_SPACES, lotKey } from '@custos/core-custody';
import { visible, type Asker } from '@custos/core-access';
import type { Lgtin } from '@custos/core-gs1';
import type { Statement } from '@custos/shell-postgres';
import type { Snapshot } from './snapshot.js';

/** The projections that {@link reachOf} reads. */
export const REACH_READS = ['registry', 'units'];

/**
 * Packs of a lot at one party. `packs` = `verified` + `inferred` + `inactive` + `dispensed`: what it possesses, and
 * what ended there. `inTransit` comes on top: it is the sender's until it is received.
 */
interface ReachHolder {
  readonly party: string;
  readonly partyName: string;
  readonly packs: number;
  readonly verified: number;
  readonly inferred: number;
  readonly inTransit: number;
  readonly inactive: number;
  readonly dispensed: number;
}

/** The holders of a lot. */
export interface Reach {
  /** Base GTIN that the lot hangs on. */
  readonly gtin: string;
  readonly recalls: readonly JsonObject[];
  readonly holders: readonly ReachHolder[];
  /** Serialised units of all packaging levels. */
  readonly units: number;
}

interface LotRow {
  readonly gtin: string;
  readonly owner: string | null;
  readonly known: boolean;
  readonly recalls: readonly JsonObject[] | null;
}

const LOT = `
  SELECT b.base AS gtin, p.value ->> 'owner' AS owner, l.key IS NOT NULL AS known, l.recalls
  FROM (SELECT COALESCE((SELECT value ->> 'base' FROM readmodel.registry WHERE key = '${REGISTRY_SPACES.gtin}' || $1), $1) AS base) AS b
  LEFT JOIN readmodel.registry p ON p.key = '${REGISTRY_SPACES.product}' || b.base
  LEFT JOIN readmodel.lot l ON l.key = '${CUSTODY_SPACES.lot}01/' || b.base || '/10/' || $2`;

interface HolderRow {
  readonly party: string | null;
  readonly party_name: string | null;
  readonly packs: string;
  readonly verified: string;
  readonly inferred: string;
  readonly in_transit: string;
  readonly inactive: string;
  readonly dispensed: string;
  readonly units: string;
}

// One climb a container, not one a pack: packs that lie together are counted before they climb. `counted_by` is who
// saw the contents of every container on the way, '' when they are inferred, broken or seen by different parties.
// S8: what a container is, all inside it are. LIMIT keeps the planner from reading the whole table for the climb.
/** The statement that finds the holders of a lot (A3). */
export const REACH: Statement = {
  name: 'reach',
  text: `
  WITH RECURSIVE held AS (
    SELECT container, possessor, transit_to, CASE WHEN state = 'inactive' THEN reason END AS fate,
      count(*) FILTER (WHERE gtin = $2) AS packs, count(*) AS units
    FROM readmodel.unit WHERE lot = $1
    GROUP BY 1, 2, 3, 4
  ), climb AS (
    SELECT container, possessor, transit_to, fate, packs, units, NULL::text AS counted_by, 0 AS depth FROM held
    UNION ALL
    SELECT u.container, u.possessor, u.transit_to,
      COALESCE(c.fate, CASE WHEN u.state = 'inactive' THEN u.reason END), c.packs, c.units,
      CASE WHEN u.contents = 'verified' AND COALESCE(c.counted_by, u.contents_by) = u.contents_by
        THEN u.contents_by ELSE '' END,
      c.depth + 1
    FROM climb c CROSS JOIN LATERAL (SELECT * FROM readmodel.unit WHERE key = c.container LIMIT 1) AS u
    WHERE c.depth <= ${CUSTODY_LIMITS.depth}
  ), outermost AS (
    SELECT *, COALESCE(counted_by, possessor) = possessor AS seen FROM climb WHERE container IS NULL
  ), told AS (
    SELECT possessor AS party, packs, CASE WHEN fate IS NULL AND seen THEN packs ELSE 0 END AS verified,
      CASE WHEN fate IS NULL AND NOT seen THEN packs ELSE 0 END AS inferred, 0 AS in_transit,
      CASE WHEN fate <> 'dispensed' THEN packs ELSE 0 END AS inactive,
      CASE WHEN fate = 'dispensed' THEN packs ELSE 0 END AS dispensed, units
    FROM outermost
    UNION ALL
    SELECT transit_to, 0, 0, 0, packs, 0, 0, 0 FROM outermost WHERE transit_to IS NOT NULL
  )
  SELECT t.party, p.value ->> 'name' AS party_name, sum(packs) AS packs, sum(verified) AS verified,
    sum(inferred) AS inferred, sum(in_transit) AS in_transit, sum(inactive) AS inactive, sum(dispensed) AS dispensed,
    sum(units) AS units
  FROM told t LEFT JOIN readmodel.registry p ON p.key = '${REGISTRY_SPACES.party}' || t.party
  GROUP BY 1, 2 ORDER BY sum(packs) DESC, 1`,
};

/** A3: who holds what of a lot. */
export async function reachOf(asker: Asker, snapshot: Snapshot, lot: Lgtin): Promise<Reach | 'unknown' | 'hidden'> {
  const { gtin, owner, known, recalls } = (await snapshot.query<LotRow>(LOT, [lot.gtin, lot.lot])).rows[0]!;
  if (!visible(asker, { about: 'reach', gtinOwner: owner ?? undefined })) return 'hidden';
  if (!known) return 'unknown';
  const { rows } = await snapshot.query<HolderRow>(REACH, [lotKey(gtin, lot.lot), gtin]);
  return {
    gtin,
    recalls: recalls ?? [],
    holders: rows.map(holderOf).filter(({ packs, inTransit }) => packs + inTransit > 0),
    units: rows.reduce((sum, { units }) => sum + Number(units), 0),
  };
}

function holderOf(row: HolderRow): ReachHolder {
  const party = row.party ?? '';
  return {
    party,
    partyName: row.party_name ?? party,
    packs: Number(row.packs),
    verified: Number(row.verified),
    inferred: Number(row.inferred),
    inTransit: Number(row.in_transit),
    inactive: Number(row.inactive),
    dispensed: Number(row.dispensed),
  };
}
