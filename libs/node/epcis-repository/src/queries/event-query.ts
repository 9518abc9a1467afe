import type { Json } from '@custos/core-bytes';
import { visible, type Asker } from '@custos/core-access';
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

/** Events under one eventID, of all parties, told at most. */
const MAX_FOUND = 50;

// L5.4: refused events are never among the events. A repeat of the same event comes later and says nothing new; an error
// declaration says something.
const BY_ID: Statement = {
  name: 'event_by_id',
  text: `
  SELECT e.*, c.context
  FROM (
    SELECT DISTINCT ON (party, event::text) moment, block_time, party, parties, transaction, event
    FROM readmodel.event WHERE event_id = $1 AND outcome = 'accepted'
    ORDER BY party, event::text, moment
  ) AS e
  LEFT JOIN readmodel.capture_context c ON c.transaction = e.transaction
  ORDER BY e.party, e.moment LIMIT ${MAX_FOUND}`,
};

/** By party, each party's event before what it declared of it later. */
export async function findEvents(asker: Asker, snapshot: Snapshot, eventId: string): Promise<readonly FoundEvent[]> {
  const { rows } = await snapshot.query<EventIdRow>(BY_ID, [storableText(eventId)]);
  return rows
    .filter(({ party, parties }) => visible(asker, { about: 'event', signer: party, parties }))
    .map(({ moment, block_time, party, transaction, event, context }) => ({
      event,
      context: context ?? CUSTOS_CONTEXT,
      eventId,
      party,
      height: heightOfPosition(Number(moment)),
      recordTime: shownTime(Number(block_time)),
      transaction,
    }));
}
