import type { JsonObject } from '@custos/core-bytes';
import { isJsonObject } from '@custos/core-bytes';
import { MAX_EVENTS } from '@custos/core-chain';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { EVENT_READS, findEvents, withSnapshot } from '@custos/node-epcis-repository';
import { malformedProblem, Problem } from '@custos/shell-process';
import { isRepeated, type Outcome } from './answers.js';
import type { OnError } from './outbox.js';
import type { PartnerWorld } from './world.js';

/** Bytes of the largest document that is taken in (`proceed` documents are split). */
export const CAPTURE_LIMIT = 16 * 1024 * 1024;

/** Told with every answer about events. */
export const EPCIS_HEADERS = { 'GS1-EPCIS-Version': '2.0.0', 'GS1-CBV-Version': '2.0.0' } as const;

/** EPCIS 2.0.1, 12.6: what the server takes, told with every capture. */
export function captureHeaders(onError: OnError): Record<string, string> {
  return {
    ...EPCIS_HEADERS,
    'GS1-EPCIS-Capture-Limit': String(MAX_EVENTS),
    'GS1-EPCIS-Capture-File-Size-Limit': String(CAPTURE_LIMIT),
    'GS1-Capture-Error-Behaviour': onError,
  };
}

export function onErrorOf(header: string | undefined): OnError {
  if (header === undefined || header === 'rollback') return 'rollback';
  if (header === 'proceed') return 'proceed';
  const fix = 'send rollback or proceed';
  throw malformedProblem({ code: 'WORD_UNKNOWN', field: 'GS1-Capture-Error-Behaviour', fix });
}

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

/** EPCIS 2.0.1, 12.7: the event as signed in a query document; of those with this id, the organisation's own first. */
export async function answerEvent(world: PartnerWorld, eventId: string): Promise<JsonObject> {
  const { trust } = world.network;
  const found = await withSnapshot(world.postgres, trust.hasher, EVENT_READS, (snapshot) =>
    findEvents(world.asker, snapshot, eventId),
  );
  const own = found.find(({ party }) => party === world.party.gln) ?? found[0];
  if (own && isJsonObject(own.event)) return queryDocument(own.event, own.recordTime);
  const type = 'epcisException:NoSuchResourceException';
  const fix = 'send the eventID of an event of this organisation, or one that it is part of';
  throw new Problem({
    type,
    status: 404,
    code: 'EVENT_UNKNOWN',
    title: 'There is no such event',
    field: 'eventID',
    fix,
  });
}

function queryDocument(event: JsonObject, recordTime: string): JsonObject {
  return {
    '@context': CUSTOS_CONTEXT,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate: recordTime,
    epcisBody: {
      queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: [{ ...event, recordTime }] } },
    },
  };
}
