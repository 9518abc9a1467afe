import type { Json } from '@custos/core-bytes';
import { REGISTRY_SPACES } from '@custos/core-registry';
import { CUSTODY_LIMITS } from '@custos/core-custody';
import { sightOf, visible, type Asker } from '@custos/core-access';
import type { Statement } from '@custos/shell-postgres';
import { heightOfPosition } from '@custos/node-follower';
import { shownTime, type Snapshot } from './snapshot.js';
import { linkOfUnit } from './unit-rows.js';

/** The projections that {@link journeyOf} reads. */
export const JOURNEY_READS = ['registry', 'events', 'units'];

/** One event of a unit's life. Heights and codes as callers see them, times in ISO 8601. */
interface JourneyStep {
  readonly height: number;
  readonly blockTime: string;
  readonly eventTime: string;
  readonly event: Json;
  /** Null of an event that was refused for having none (L6.1). */
  readonly eventId: string | null;
  readonly step: string;
  readonly outcome: 'accepted' | 'refused';
  readonly refusal?: string;
  readonly party: string;
  readonly partyName: string;
  readonly signer: string;
  readonly location: string | null;
  /** The container that the event names in place of the unit, as a Digital Link. */
  readonly through: string | null;
  readonly finality: 'final';
  readonly transaction: string;
}

/** One page of a journey. */
export interface JourneyPage {
  readonly steps: readonly JourneyStep[];
  /** For the next page, when there is more. */
  readonly next?: string;
}

interface StepRow {
  readonly moment: string;
  readonly block_time: string;
  readonly event_time: string | null;
  readonly event: Json;
  readonly event_id: string | null;
  readonly step: string | null;
  readonly outcome: 'accepted' | 'refused';
  readonly refusal: string | null;
  readonly party: string;
  readonly party_name: string | null;
  readonly key_id: string;
  readonly location: string | null;
  readonly transaction: string;
  readonly parties: readonly string[];
  readonly through: string | null;
  readonly gtin_owner: string | null;
}

// Each container counts for the time alone that the unit lay in it, and with it each container around that one for
// the time that both lasted. The nearest wins when an event names several. Hidden events are left out before the LIMIT
// ($4, $5: `sightOf`), else a stranger's events about the unit would empty the pages. LIMIT 1 keeps the planner from
// reading the whole table of events.
/** The statement that finds the events of a unit, also those of its containers while it lay in them. */
export const JOURNEY: Statement = {
  name: 'journey',
  text: `
  WITH RECURSIVE inside AS (
    SELECT $1::text AS unit, 0 AS depth, 0::bigint AS began, NULL::bigint AS ended
    UNION ALL
    SELECT c.container, i.depth + 1, GREATEST(i.began, c.began), LEAST(i.ended, c.ended)
    FROM inside i JOIN readmodel.containment c ON c.unit = i.unit
    WHERE i.depth < ${CUSTODY_LIMITS.depth}
      AND (i.ended IS NULL OR c.began < i.ended) AND (c.ended IS NULL OR c.ended > i.began)
  ), lived AS (
    SELECT DISTINCT ON (m.moment) m.moment, i.unit, i.depth
    FROM inside i JOIN readmodel.mention m ON m.unit = i.unit AND m.moment > $2
    WHERE i.depth = 0 OR (m.inside AND m.moment > i.began AND (i.ended IS NULL OR m.moment < i.ended))
    ORDER BY m.moment, i.depth
  ), owned AS (
    SELECT o.value ->> 'owner' AS gtin_owner
    FROM readmodel.unit u
    JOIN readmodel.registry g ON g.key = '${REGISTRY_SPACES.gtin}' || u.gtin
    JOIN readmodel.registry o ON o.key = '${REGISTRY_SPACES.product}' || (g.value ->> 'base')
    WHERE u.key = $1
  ), seen AS (
    SELECT e.*, CASE WHEN l.depth > 0 THEN l.unit END AS through
    FROM lived l CROSS JOIN LATERAL (SELECT * FROM readmodel.event WHERE moment = l.moment LIMIT 1) AS e
    WHERE $4::boolean OR e.party = $5::text OR $5 = ANY (e.parties) OR $5 = (SELECT gtin_owner FROM owned)
    ORDER BY l.moment
    LIMIT $3
  )
  SELECT s.moment, s.block_time, s.event_time, s.event, s.event_id, COALESCE(s.biz_step, s.type) AS step, s.outcome,
    s.refusal, s.party, p.value ->> 'name' AS party_name, s.key_id, s.location, s.transaction, s.parties, s.through,
    (SELECT gtin_owner FROM owned) AS gtin_owner
  FROM seen s LEFT JOIN readmodel.registry p ON p.key = '${REGISTRY_SPACES.party}' || s.party
  ORDER BY s.moment`,
};

/**
 * Returns a page of the events of a unit in the order of the chain: those that name it, accepted or refused, and those
 * that it lived inside its containers. Events that the asker does not see are left out and count in no page.
 */
export async function journeyOf(
  asker: Asker,
  snapshot: Snapshot,
  unit: string,
  page: { readonly limit: number; readonly after?: number },
): Promise<JourneyPage> {
  const { all, party } = sightOf(asker);
  const { rows } = await snapshot.query<StepRow>(JOURNEY, [unit, page.after ?? 0, page.limit, all, party]);
  const steps = rows.filter((row) => isVisible(asker, row)).map(stepOf);
  return rows.length < page.limit ? { steps } : { steps, next: rows.at(-1)!.moment };
}

function isVisible(asker: Asker, { party, parties, gtin_owner }: StepRow): boolean {
  const concerned = gtin_owner === null ? parties : [...parties, gtin_owner];
  return visible(asker, { about: 'event', signer: party, parties: concerned });
}

function stepOf(row: StepRow): JourneyStep {
  const { block_time, event_time, refusal, party, through } = row;
  return {
    height: heightOfPosition(Number(row.moment)),
    blockTime: shownTime(Number(block_time)),
    eventTime: shownTime(Number(event_time ?? block_time)),
    event: row.event,
    eventId: row.event_id,
    step: row.step ?? 'unknown',
    outcome: row.outcome,
    ...(refusal !== null && { refusal }),
    party,
    partyName: row.party_name ?? party,
    signer: row.key_id,
    location: row.location,
    through: through === null ? null : linkOfUnit(through),
    finality: 'final',
    transaction: row.transaction,
  };
}
