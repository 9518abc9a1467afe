import { attempt, orReject, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { isDigits } from '@custos/core-gs1';
import { expandName, parseContext } from './context.js';
import { EVENT_TYPES, type Context, type EpcisDocument, type EpcisEvent } from './events.js';
import { parseEvent } from './event.js';
import { listOf, objectOf, own, refuse, step, timeOf, uriOf } from './members.js';

/** A document taken apart, its events unread: `proceed` captures judge them one by one. */
export interface OpenDocument {
  readonly context: Json | undefined;
  readonly scope: Context;
  readonly header: JsonObject | undefined;
  readonly events: readonly { readonly at: string; readonly json: Json }[];
}

const TOP: ReadonlySet<string> = new Set(['@context', 'type', 'schemaVersion', 'epcisBody']);
const HEADER: ReadonlySet<string> = new Set([
  'id',
  'creationDate',
  'instanceIdentifier',
  'sender',
  'receiver',
  'epcisHeader',
]);

/**
 * An EPCISDocument, or one bare event with its own `@context`. `header` is what the document says about itself beside
 * its context and body. Refusals as in `parseEvent`.
 */
export function openDocument(json: Json): Parsed<OpenDocument> {
  return attempt(() => {
    const document = objectOf(json, '');
    const type = own(document, 'type');
    const context = own(document, '@context');
    if (context === undefined) refuse('/@context', 'send the JSON-LD context of EPCIS');
    const scope = orReject(parseContext(context));
    if (EVENT_TYPES.some((known) => known === type)) {
      return { context, scope, header: undefined, events: [{ at: '', json: withoutContext(document) }] };
    }
    if (type !== 'EPCISDocument') return refuse('/type', 'send an EPCISDocument or one event');
    checkTop(document, scope);
    return { context, scope, header: headerOf(document), events: eventsOf(document) };
  });
}

/** All of {@link openDocument}, the first fault in any event refuses it. */
export function parseDocument(json: Json): Parsed<EpcisDocument> {
  const opened = openDocument(json);
  if (!opened.ok) return opened;
  const { context, scope, header } = opened.value;
  const events: EpcisEvent[] = [];
  for (const { at, json: event } of opened.value.events) {
    const result = parseEvent(event, scope, at);
    if (!result.ok) return result;
    events.push(result.value);
  }
  return { ok: true, value: { context, header, events } };
}

// The context goes into part 0 of the transaction, not into the event's part (L2.6).
function withoutContext(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== '@context'));
}

function checkTop(document: JsonObject, scope: Context): void {
  for (const name of Object.keys(document)) {
    if (!TOP.has(name) && !HEADER.has(name) && expandName(scope, name) === undefined) {
      refuse(step(name), 'leave it out, or declare its prefix in @context');
    }
  }
  const version = own(document, 'schemaVersion');
  if (typeof version !== 'string' || !version.split('.').every(isDigits))
    refuse('/schemaVersion', 'send the version, as "2.0"');
  timeOf(own(document, 'creationDate'), '/creationDate');
  const id = own(document, 'id');
  if (id !== undefined) uriOf(id, '/id');
  for (const name of ['instanceIdentifier', 'sender', 'receiver']) {
    const value = own(document, name);
    if (value !== undefined && typeof value !== 'string') refuse(`/${name}`, 'send a text');
  }
  const header = own(document, 'epcisHeader');
  if (header !== undefined) objectOf(header, '/epcisHeader');
}

function headerOf(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !TOP.has(name)));
}

function eventsOf(document: JsonObject): OpenDocument['events'] {
  const body = objectOf(own(document, 'epcisBody'), '/epcisBody');
  const single = own(body, 'event');
  if (single !== undefined && own(body, 'eventList') === undefined) return [{ at: '/epcisBody/event', json: single }];
  for (const name of Object.keys(body)) if (name !== 'eventList') refuse(`/epcisBody${step(name)}`, 'leave it out');
  const at = '/epcisBody/eventList';
  return listOf(own(body, 'eventList'), at).map((event, i) => ({ at: `${at}/${i}`, json: event }));
}
