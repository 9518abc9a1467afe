import type { Json } from '@custos/core-bytes';
import { visible, type Asker } from '@custos/core-custody';
import type { Statement } from '@custos/shell-postgres';
import { heightOfMoment } from './moment.js';
import { shownTime, type Snapshot } from './snapshot.js';

/** The projections that {@link findEvents} reads. */
export const EVENT_READS = ['registry', 'events'];

/** An accepted event as signed. An eventID is its party's own, so two parties may use the same one (L6.1). */
export interface FoundEvent {
  readonly event: Json;
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
}

/** Parties that may have used one eventID, told at most. */
const MAX_FOUND = 50;

// L5.4: refused events are never among the events. A repeat of the same event comes later and says nothing new.
const BY_ID: Statement = {
  name: 'event_by_id',
  text: `
  SELECT DISTINCT ON (party) moment, block_time, party, parties, transaction, event
  FROM readmodel.event WHERE event_id = $1 AND outcome = 'accepted'
  ORDER BY party, moment LIMIT ${MAX_FOUND}`,
};

export async function findEvents(asker: Asker, snapshot: Snapshot, eventId: string): Promise<readonly FoundEvent[]> {
  const { rows } = await snapshot.query<EventIdRow>(BY_ID, [eventId]);
  return rows
    .filter(({ party, parties }) => visible(asker, { about: 'event', signer: party, parties }))
    .map(({ moment, block_time, party, transaction, event }) => ({
      event,
      eventId,
      party,
      height: heightOfMoment(Number(moment)),
      recordTime: shownTime(Number(block_time)),
      transaction,
    }));
}
