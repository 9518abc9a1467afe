import { canonicalJson, isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';
import { hashDocument, openDocument } from '@custos/core-epcis';
import { nodeHasher } from '@custos/shell-node-crypto';
import { allowed, entriesOf, namesPlace, type Corpus, type Entry } from './corpus.js';
import { unreadReason } from './epcis-documents.js';
import type { Answer, Server } from './server.js';
import { skipped, type Case, type Finding } from './suite.js';

/** Documents through `POST /capture`, single events through `POST /events`: taken and read back as they were, or refused. */
export function captureCases(corpus: Corpus, suite: string, server: Server): readonly Case[] {
  return entriesOf(corpus, suite).map((entry) => ({
    name: entry.file,
    async run() {
      const unread = unreadReason(entry);
      if (unread !== undefined) return skipped(unread);
      const json = corpus.json(entry.file);
      if (!json.ok) return skipped('not JSON');
      return entry.do === 'event' ? sendEvent(server, json.value) : sendDocument(server, entry, json.value);
    },
  }));
}

async function sendDocument(server: Server, entry: Entry, json: Json): Promise<Finding> {
  const may = allowed(entry.expect);
  const answer = await server.post('/capture', json);
  if (answer.status !== 202) return refusedAtOnce(server, entry, json, answer);
  const job = await server.job(answer.headers.get('location') ?? '');
  if (!job) return { outcome: 'refused', fault: 'its job does not end' };
  const events = identified(json);
  // Two events of one id: the second one must be refused.
  const clash = events.some(({ id, content }) => (server.taken.get(id)?.content ?? content) !== content);
  if (job.success !== true) {
    const [error] = job.errors as readonly JsonObject[];
    const code = String(error?.code);
    if (may.refuse || (clash && code === 'DUPLICATE_EVENT')) return { outcome: 'refused', code };
    return { outcome: 'refused', code, fault: `should be captured, was ${JSON.stringify(error)}` };
  }
  const context = canonicalJson((json as JsonObject)['@context'] ?? null);
  for (const { id, content } of events) if (!server.taken.has(id)) server.taken.set(id, { content, context });
  if (!may.accept) return { outcome: 'accepted', fault: 'should be refused' };
  return readBack(server, events);
}

// With rollback a document that does not parse is a 400; with proceed a job that names the events.
async function refusedAtOnce(server: Server, { expect }: Entry, json: Json, answer: Answer): Promise<Finding> {
  const { status, type, code, field } = (answer.body ?? {}) as JsonObject;
  const refused = { outcome: 'refused', code: String(code) } as const;
  const said = `${answer.status} ${String(code)} at ${String(field)}`;
  if (!allowed(expect).refuse) return { ...refused, fault: `should be captured, was ${said}` };
  if (status !== answer.status || !String(type).startsWith('epcisException:'))
    return { ...refused, fault: `${said} is no problem under a name of GS1's` };
  if (!namesPlace(expect?.at, String(field)))
    return { ...refused, fault: `${said}, not at ${expect!.at!.join(' or ')}` };
  const proceeding = await server.post('/capture', json, { 'gs1-capture-error-behaviour': 'proceed' });
  const location = proceeding.headers.get('location');
  const job = location === null ? undefined : await server.job(location);
  const errors = (job?.errors ?? []) as readonly JsonObject[];
  const bad = errors.map(({ event }) => Number(String(event).split('/').at(-1)));
  const expected = expect?.bad_events ?? bad;
  const same = JSON.stringify(bad) === JSON.stringify(expected);
  return same
    ? refused
    : { ...refused, fault: `with proceed events ${bad.join(', ')} failed, not ${expected.join(', ')}` };
}

interface Identified {
  readonly id: string;
  /** Canonical JSON of the event as it came. */
  readonly content: string;
  readonly event: JsonObject;
}

/** Events with the ids under which they are found: their own, or their hashes. */
function identified(json: Json): readonly Identified[] {
  const opened = openDocument(json);
  const hashed = hashDocument(nodeHasher, json);
  if (!opened.ok || !hashed.ok) return [];
  return opened.value.events.map(({ json: event }, i) => {
    const source = event as JsonObject;
    const hash = hashed.value[i]!;
    const id = typeof source.eventID === 'string' ? source.eventID : 'hash' in hash ? hash.hash : '';
    const { recordTime: _recordTime, ...rest } = source;
    const named: JsonObject = { ...rest, eventID: id };
    return { id, content: canonicalJson(named), event: named };
  });
}

async function readBack(server: Server, events: readonly Identified[]): Promise<Finding> {
  for (const { id, event, content } of events) {
    const { status, body } = await server.get(`/events/${encodeURIComponent(id)}`);
    if (status !== 200) return { outcome: 'accepted', fault: `${id} is not found: ${status}` };
    const document = body as JsonObject;
    const found = foundIn(document).map(({ recordTime: _recordTime, ...rest }) => rest);
    const { context } = server.taken.get(id)!;
    const same = found.some((other) => isSame(document, other, context, event, content));
    if (!same) return { outcome: 'accepted', fault: `${id} comes out as ${JSON.stringify(found)}` };
  }
  return { outcome: 'accepted' };
}

// An event that stands beside others of its id may bring its context with it.
function isSame(document: JsonObject, found: JsonObject, context: string, event: JsonObject, content: string): boolean {
  if (canonicalJson(found) === content) return canonicalJson(document['@context'] ?? null) === context;
  const { '@context': _context, ...rest } = found;
  const { '@context': _own, ...expected } = event;
  return canonicalJson(rest) === canonicalJson(expected);
}

function foundIn(document: JsonObject): readonly JsonObject[] {
  const body = document.epcisBody as JsonObject | undefined;
  const results = body?.queryResults as JsonObject | undefined;
  const list = (results?.resultsBody as JsonObject | undefined)?.eventList;
  return Array.isArray(list) ? (list as readonly Json[]).filter(isJsonObject) : [];
}

/** A first time, unless an earlier run sent it; then never again. */
async function sendEvent(server: Server, json: Json): Promise<Finding> {
  const first = await server.post('/events', json);
  const { code, field } = (first.body ?? {}) as JsonObject;
  if (first.status !== 201 && first.status !== 409)
    return { outcome: 'refused', code: String(code), fault: `should be 201, was ${first.status} at ${String(field)}` };
  const again = await server.post('/events', json);
  const { type } = (again.body ?? {}) as JsonObject;
  if (again.status !== 409 || type !== 'epcisException:ResourceAlreadyExistsException')
    return { outcome: 'accepted', fault: `again it should be 409, was ${again.status} ${String(type)}` };
  return { outcome: 'accepted' };
}
