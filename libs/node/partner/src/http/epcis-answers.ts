import { canonicalJson, type Json, type JsonObject } from '@custos/core-bytes';
import { EVENT_READS, findEvents, type FoundEvent } from '@custos/node-epcis-repository';
import { Problem } from '@custos/shell-process';
import { isRepeated, type Outcome } from '../promises/outcome.js';
import { answerFromSnapshot } from './queries.js';
import { chainIdOf, opened } from '../capture/vault.js';
import type { PartnerWorld } from '../world.js';

/** The address of an event that was captured; S9: one that was there already is 409, though the law accepts it. */
export function eventLocation(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'final') return undefined;
  const eventID = outcome.events[0]!;
  const location = `/events/${encodeURIComponent(eventID)}`;
  if (!isRepeated(outcome.settled)) return location;
  const type = 'epcisException:ResourceAlreadyExistsException';
  const title = 'This event is captured already';
  const fix = `read it at ${location}, or send a new event with an eventID of its own`;
  throw new Problem({ type, status: 409, code: 'REPEATED', title, field: '/eventID', fix, event: eventID });
}

/**
 * Answers EPCIS 2.0.1, 12.7: the event as signed in a query document, with what its party declared of it later. L6.1: of
 * parties that use the same id, the organisation itself, else the one that used it first.
 * @throws Problem 404 EVENT_UNKNOWN
 */
export async function answerEvent(world: PartnerWorld, eventId: string): Promise<JsonObject> {
  const { postgres, asker, party: own } = world;
  const chainId = await chainIdOf(postgres, eventId);
  const found = await answerFromSnapshot(world, EVENT_READS, (snapshot) => findEvents(asker, snapshot, chainId));
  const [first] = found;
  if (first) {
    // L2.8: the organisation alone has what its seals hide.
    const open = async (each: FoundEvent) => ({ ...each, event: await opened(postgres, each.event as JsonObject) });
    return queryDocument(first.party === own.gln ? await Promise.all(found.map(open)) : found);
  }
  const fix = 'send the eventID of an event of this organisation, or one that it is part of';
  const title = 'There is no such event';
  throw new Problem({ status: 404, code: 'EVENT_UNKNOWN', title, field: 'eventID', fix });
}

// The document speaks in the context of its first event; another one brings its own.
function queryDocument(found: readonly FoundEvent[]): JsonObject {
  const [{ context, recordTime: creationDate }] = found as readonly [FoundEvent];
  const eventList = found.map(({ event, context: own, recordTime }) => {
    const source = event as JsonObject;
    const same = canonicalJson(own) === canonicalJson(context);
    return { ...(same ? source : { ...source, '@context': joined(own, source['@context']) }), recordTime };
  });
  return {
    '@context': context,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate,
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList } } },
  };
}

function joined(context: Json, own: Json | undefined): Json {
  return [context, own ?? []].flat() as Json;
}
