import type { Json } from '@custos/core-bytes';
import { sightOf, visible, type Asker } from '@custos/core-access';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import type { Statement } from '@custos/shell-postgres';
import { heightOfPosition } from '@custos/node-follower';
import { shownTime, type Snapshot } from './snapshot.js';
import { storableText } from '../projections/storable.js';

/** The projections that {@link findEvents} reads. */
export const EVENT_READS = ['registry', 'events'];

/** An accepted event as signed. An eventID is its party's own, so two parties may use the same one (L6.1). */
export interface FoundEvent {
  readonly event: Json;
  /** JSON-LD context under which it was signed: what its prefixes mean. */
  readonly context: Json;
  readonly eventId: string;
  readonly party: string;
  readonly height: number;
  /** Time of its block: EPCIS recordTime (L3.5). */
  readonly recordTime: string;
  readonly transaction: string;
}

interface EventIdRow {
  readonly moment: string;
  readonly block_time: string;
  readonly party: string;
  readonly parties: readonly string[];
  readonly transaction: string;
  readonly event: Json;
  readonly context: Json | null;
}

/** Events of one party under one eventID in an answer: the first, then the earliest declarations of it. */
export const MAX_EVENTS_FOUND = 50;

// L6.1: the namespace of an eventID is its party's, so what other parties record under the same id must not hide an
// event. One party is chosen first: the asker itself (COALESCE then reads no further), else the one that used the id
// first. Hidden rows are left out before each LIMIT ($2, $3: `sightOf`). `moment + 0` keeps the planner from reading the
// table in order of moment.
// L5.4: refused events are never among the events. A repeat of the same event comes later and says nothing new; an error
// declaration says something.
/** The statement that finds events by their id. */
export const EVENT_BY_ID: Statement = {
  name: 'event_by_id',
  text: `
  SELECT e.*, c.context
  FROM (
    SELECT DISTINCT ON (event::text) moment, block_time, party, parties, transaction, event
    FROM readmodel.event
    WHERE event_id = $1 AND outcome = 'accepted' AND ($2::boolean OR party = $3::text OR $3 = ANY (parties))
      AND party = COALESCE(
        (SELECT party FROM readmodel.event WHERE event_id = $1 AND party = $3 AND outcome = 'accepted' LIMIT 1),
        (SELECT party FROM readmodel.event
         WHERE event_id = $1 AND outcome = 'accepted' AND ($2 OR $3 = ANY (parties))
         ORDER BY moment + 0 LIMIT 1))
    ORDER BY event::text, moment
  ) AS e
  LEFT JOIN readmodel.capture_context c ON c.transaction = e.transaction
  ORDER BY e.moment LIMIT ${MAX_EVENTS_FOUND}`,
};

/**
 * Returns the events of one party under an eventID, the event before what the party declared of it later: of the asker
 * itself if it has any, else of the party that used the id first among those that the asker sees. At most
 * {@link MAX_EVENTS_FOUND}.
 */
export async function findEvents(asker: Asker, snapshot: Snapshot, eventId: string): Promise<readonly FoundEvent[]> {
  const { all, party } = sightOf(asker);
  const { rows } = await snapshot.query<EventIdRow>(EVENT_BY_ID, [storableText(eventId), all, party]);
  return rows
    .filter(({ party: signer, parties }) => visible(asker, { about: 'event', signer, parties }))
    .map(({ moment, block_time, party: signer, transaction, event, context }) => ({
      event,
      context: context ?? CUSTOS_CONTEXT,
      eventId,
      party: signer,
      height: heightOfPosition(Number(moment)),
      recordTime: shownTime(Number(block_time)),
      transaction,
    }));
}
