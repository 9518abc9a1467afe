import {
  attemptAs,
  isJsonObject,
  listOf,
  objectOf,
  orReject,
  own,
  textOf,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { isDigits } from '@custos/core-gs1';
import { parseContext } from '../members/context.js';
import { EVENT_TYPES, type Context, type EpcisDocument, type EpcisEvent } from '../events.js';
import { parseEvent } from '../event.js';
import { checkHeader, checkVocabularies } from './master-data.js';
import { extensionsOf, MALFORMED_EVENT, refuse, timeOf, uriOf } from '../members/members.js';

/** A document whose events are not parsed yet: a capture with `proceed` parses them one by one. */
export interface OpenDocument {
  readonly context: Json | undefined;
  readonly scope: Context;
  readonly header: JsonObject | undefined;
  readonly events: readonly { readonly at: string; readonly json: Json }[];
  /** Members that the document excludes from the hashes of its events (`<prefix>:ignoreFields`). */
  readonly ignored: readonly string[];
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
 * Splits an EPCISDocument, a query result (EPCISQueryDocument), or one bare event with its own `@context`. `header`
 * holds the members beside context and events. Refuses MALFORMED_EVENT, as {@link parseEvent} does.
 */
export function openDocument(json: Json): Parsed<OpenDocument> {
  return attemptAs(MALFORMED_EVENT, () => {
    const document = objectOf(json, '');
    const type = own(document, 'type');
    const context = own(document, '@context');
    if (context === undefined) refuse('/@context', 'send the JSON-LD context of EPCIS');
    const scope = orReject(parseContext(context));
    if (EVENT_TYPES.some((known) => known === type)) {
      return { context, scope, header: undefined, events: [{ at: '', json: withoutContext(document) }], ignored: [] };
    }
    const isAnswer = type === 'EPCISQueryDocument';
    if (type !== 'EPCISDocument' && !isAnswer) return refuse('/type', 'send an EPCISDocument or one event');
    checkTop(document, scope, isAnswer);
    const { events, rest } = isAnswer ? answerBody(document, scope) : body(document, scope);
    const around = rest === undefined ? {} : { epcisBody: rest };
    return { context, scope, header: { ...headerOf(document), ...around }, events, ignored: ignoredIn(document) };
  });
}

/**
 * Opens a document and parses all events. Refuses MALFORMED_EVENT at the first fault of the document or of an event.
 */
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

// L2.6: part 0 of the transaction holds the context, not the part of the event.
function withoutContext(event: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== '@context'));
}

// A query result may omit version and time.
function checkTop(document: JsonObject, scope: Context, isAnswer: boolean): void {
  extensionsOf(document, (name) => TOP.has(name) || HEADER.has(name), scope, '');
  const version = own(document, 'schemaVersion');
  if (version !== undefined || !isAnswer) checkVersion(version);
  const created = own(document, 'creationDate');
  if (created !== undefined || !isAnswer) timeOf(created, '/creationDate');
  const id = own(document, 'id');
  if (id !== undefined) uriOf(id, '/id');
  for (const name of ['instanceIdentifier', 'sender', 'receiver']) {
    const value = own(document, name);
    if (value !== undefined && typeof value !== 'string') refuse(`/${name}`, 'send a text');
  }
  const header = own(document, 'epcisHeader');
  if (header !== undefined) checkHeader(header, scope, '/epcisHeader');
}

function checkVersion(version: Json | undefined): void {
  if (typeof version !== 'string' || !version.split('.').every(isDigits))
    refuse('/schemaVersion', 'send the version, as "2.0"');
}

function headerOf(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !TOP.has(name)));
}

/** The events of a document, and the members beside them. */
interface Body {
  readonly events: OpenDocument['events'];
  readonly rest: JsonObject | undefined;
}

function body(document: JsonObject, scope: Context): Body {
  const at = '/epcisBody';
  const found = objectOf(own(document, 'epcisBody'), at);
  const single = own(found, 'event');
  const isSingle = single !== undefined && own(found, 'eventList') === undefined;
  const list = isSingle ? 'event' : 'eventList';
  extensionsOf(found, (name) => name === list, scope, at);
  const events = isSingle ? [{ at: `${at}/event`, json: single }] : eventList(own(found, list), `${at}/${list}`);
  return { events, rest: without(found, list) };
}

const RESULT_NAMES: ReadonlySet<string> = new Set(['queryName', 'subscriptionID', 'resultsBody']);

function answerBody(document: JsonObject, scope: Context): Body {
  const at = '/epcisBody/queryResults';
  const found = objectOf(own(document, 'epcisBody'), '/epcisBody');
  extensionsOf(found, (name) => name === 'queryResults', scope, '/epcisBody');
  const results = objectOf(own(found, 'queryResults'), at);
  extensionsOf(results, (name) => RESULT_NAMES.has(name), scope, at);
  textOf(own(results, 'queryName'), `${at}/queryName`);
  const subscription = own(results, 'subscriptionID');
  if (subscription !== undefined && typeof subscription !== 'string') refuse(`${at}/subscriptionID`, 'send a text');
  const inner = objectOf(own(results, 'resultsBody'), `${at}/resultsBody`);
  extensionsOf(inner, (name) => name === 'eventList' || name === 'vocabularyList', scope, `${at}/resultsBody`);
  const masterData = own(inner, 'vocabularyList');
  if (masterData !== undefined) checkVocabularies(masterData, `${at}/resultsBody/vocabularyList`);
  const beside = without(inner, 'eventList');
  const queryResults = { ...without(results, 'resultsBody'), ...(beside && { resultsBody: beside }) };
  const events = eventList(own(inner, 'eventList'), `${at}/resultsBody/eventList`);
  return { events, rest: { ...without(found, 'queryResults'), queryResults } };
}

function eventList(value: Json | undefined, at: string): OpenDocument['events'] {
  return listOf(value, at).map((event, i) => ({ at: `${at}/${i}`, json: event }));
}

function without(object: JsonObject, name: string): JsonObject | undefined {
  const members = Object.entries(object).filter(([other]) => other !== name);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/**
 * Returns the ignored names, in the notation of the authors of the event hash: a list of names on the document or on
 * the query result.
 */
function ignoredIn(document: JsonObject): readonly string[] {
  const around = own(document, 'epcisBody');
  const results = isJsonObject(around) ? own(around, 'queryResults') : undefined;
  return [document, results].flatMap((object) => {
    const members = isJsonObject(object) ? Object.entries(object) : [];
    const lists = members.filter(([name, value]) => name.endsWith(':ignoreFields') && Array.isArray(value));
    return lists.flatMap(([, value]) => (value as readonly Json[]).filter((name) => typeof name === 'string'));
  });
}
