import { malformed, parsed, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { MAX_EVENTS, MAX_TRANSACTION_BYTES } from '@custos/core-chain';
import { openDocument, type EpcisEvent } from '@custos/core-epcis';
import type { OnError, PlannedDraft, RejectedEvent } from './drafts.js';
import { captureDraft, partLength, readyEvent, type EventReading, type ReadyEvent } from './ready-event.js';
import { sealJson, type SaltSource, type SealedEvent, type Sealing, type Secret } from './sealing.js';

/** Bytes of one transaction that are not events: head, signature, lengths, and part 0 with a generous context. */
const HEAD_ROOM = 32_768;
export const EVENT_ROOM = MAX_TRANSACTION_BYTES - HEAD_ROOM;
/** EPCs in one transaction of a split document: the law reads about four keys for each, and 24,000 at most (L5.5). */
export const MAX_GROUP_EPCS = 2_500;
/** Events that are read before others have their turn. */
const EVENTS_A_TURN = 200;

/** A document, each of its events read by itself. */
export interface ReadDocument {
  readonly context: Json | undefined;
  readonly header: JsonObject | undefined;
  readonly ready: readonly ReadyEvent[];
  readonly rejected: readonly RejectedEvent[];
  /** Of the header (L2.8). */
  readonly secrets: readonly Secret[];
}

/** Reads a document, or one bare event. `turn` lets others work: a document may hold thousands of events. */
export async function readDocument(
  reading: EventReading & Sealing,
  json: Json,
  turn: () => Promise<void>,
): Promise<Parsed<ReadDocument>> {
  const opened = openDocument(json);
  if (!opened.ok) return opened;
  const { context, scope, events, ignored } = opened.value;
  const sealed = opened.value.header && sealJson(reading, opened.value.header);
  const header = sealed?.json as JsonObject | undefined;
  if (events.length === 0) return malformed('NO_EVENT', '/epcisBody/eventList', 'send at least one event');
  const ready: ReadyEvent[] = [];
  const rejected: RejectedEvent[] = [];
  for (const [i, { at, json: event }] of events.entries()) {
    if (i % EVENTS_A_TURN === EVENTS_A_TURN - 1) await turn();
    const result = readyEvent({ ...reading, ignored }, event, scope, at);
    if (result.ok) ready.push(result.value);
    else rejected.push({ at, ...result.malformed });
  }
  return parsed({ context, header, ready, rejected, secrets: sealed?.secrets ?? [] });
}

/** What a document becomes: transactions to sign, and the events that will not be (proceed). */
export interface CapturePlan {
  readonly drafts: readonly PlannedDraft[];
  readonly rejected: readonly RejectedEvent[];
  /** What the vault has to keep before anything is signed (L2.8). */
  readonly secrets: readonly Secret[];
  readonly sealed: readonly SealedEvent[];
}

/**
 * `rollback`: the whole document is one transaction, or nothing. `proceed`: wrong events are reported and the others
 * go, as many to a transaction as fit. Refuses with TOO_LARGE, or with what is wrong with the first wrong event.
 */
export function planCapture(document: ReadDocument, onError: OnError, salt: SaltSource): Parsed<CapturePlan> {
  const { groups, tooLarge } = groupEvents(document.ready, onError === 'proceed' ? MAX_GROUP_EPCS : Infinity);
  const rejected = [...document.rejected, ...tooLarge];
  const secrets = [...document.secrets, ...document.ready.flatMap((each) => each.secrets ?? [])];
  const vault = { secrets, sealed: document.ready.flatMap(({ sealed }) => sealed ?? []) };
  const draftOf = (events: readonly ReadyEvent[]): PlannedDraft => captureDraft({ ...document, onError, events }, salt);
  switch (onError) {
    case 'proceed':
      return parsed({ drafts: groups.map(draftOf), rejected, ...vault });
    case 'rollback': {
      const [first] = rejected;
      if (first) return malformed(first.code, first.field, first.fix);
      if (groups.length > 1) return malformed('TOO_LARGE', '/epcisBody/eventList', ROLLBACK_LIMIT);
      return parsed({ drafts: groups.map(draftOf), rejected, ...vault });
    }
  }
}

const ROLLBACK_LIMIT =
  `with rollback, send at most ${MAX_EVENTS} events and ${EVENT_ROOM} bytes; ` +
  'with GS1-Capture-Error-Behaviour: proceed, more';

interface Group {
  readonly events: ReadyEvent[];
  bytes: number;
  epcs: number;
}

/** In document order (K17): a group is closed by the first event that has no room in it. */
function groupEvents(ready: readonly ReadyEvent[], maxEpcs: number) {
  const groups: Group[] = [];
  const tooLarge: RejectedEvent[] = [];
  for (const each of ready) {
    const bytes = partLength(each);
    const epcs = epcCount(each.event);
    const last = groups.at(-1);
    if (bytes > EVENT_ROOM) {
      const { at } = each;
      tooLarge.push({ at, code: 'TOO_LARGE', field: at, fix: `one event has at most ${EVENT_ROOM} bytes` });
    } else if (last && hasRoom(last, bytes) && last.epcs + epcs <= maxEpcs) {
      last.events.push(each);
      last.bytes += bytes;
      last.epcs += epcs;
    } else groups.push({ events: [each], bytes, epcs });
  }
  return { groups: groups.map(({ events }) => events), tooLarge };
}

function hasRoom(group: Group, bytes: number): boolean {
  return group.events.length < MAX_EVENTS && group.bytes + bytes <= EVENT_ROOM;
}

function epcCount(event: EpcisEvent): number {
  switch (event.type) {
    case 'ObjectEvent':
    case 'TransactionEvent':
      return event.epcList.length;
    case 'AggregationEvent':
    case 'AssociationEvent':
      return 1 + event.childEPCs.length;
    case 'TransformationEvent':
      return event.inputEPCList.length + event.outputEPCList.length;
  }
}
