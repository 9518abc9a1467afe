import { isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';
import { isSealed } from '@custos/core-crypto';
import { storableText } from '@custos/node-epcis-repository';
import type { Sql } from '@custos/shell-postgres';
import type { ReadDocument } from './capture-plan.js';
import { declaredOn, type ReadyEvent } from './ready-event.js';
import type { SealedEvent, Secret } from './sealing.js';
import type { RejectedEvent } from './drafts.js';

/** Absence 9: the only place where anything personal stands. Written before the promise, so nothing signed is ever lost. */
export async function keepSecrets(
  sql: Sql,
  secrets: readonly Secret[],
  sealed: readonly SealedEvent[],
  now: number,
): Promise<void> {
  if (secrets.length > 0) {
    await sql.query(
      `INSERT INTO own.vault (seal, salt, value, created_at)
       SELECT s.seal, s.salt, s.value, $4 FROM unnest($1::text[], $2::text[], $3::json[]) AS s (seal, salt, value)
       ON CONFLICT DO NOTHING`,
      [
        secrets.map(({ seal }) => seal),
        secrets.map(({ salt }) => salt),
        secrets.map(({ value }) => JSON.stringify(value)),
        now,
      ],
    );
  }
  if (sealed.length > 0) {
    await sql.query(
      `INSERT INTO own.sealed_event (content_hash, client_id, event_id, part)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::json[]) ON CONFLICT DO NOTHING`,
      [
        sealed.map(({ contentHash }) => contentHash),
        sealed.map(({ clientId }) => storableText(clientId)),
        sealed.map(({ part }) => part.eventID),
        sealed.map(({ part }) => JSON.stringify(part)),
      ],
    );
  }
}

interface SealedColumns {
  readonly content_hash: string;
  readonly client_id: string;
  readonly event_id: string;
  readonly part: SealedEvent['part'];
}

const DUPLICATE = 'give each event an eventID of its own; this one is another event’s';

/**
 * S9: an event of a person that was sealed before is the same on the chain when it is sent again; another one under its
 * id is told here, for the chain knows neither.
 */
export async function recallSealed(sql: Sql, document: ReadDocument): Promise<ReadDocument> {
  const fresh = document.ready.flatMap(({ sealed }) => sealed ?? []);
  if (fresh.length === 0) return document;
  const hashes = fresh.map(({ contentHash }) => contentHash);
  const ids = fresh.map(({ clientId }) => storableText(clientId));
  const { rows } = await sql.query<SealedColumns>(
    'SELECT content_hash, client_id, event_id, part FROM own.sealed_event WHERE content_hash = ANY($1) OR client_id = ANY($2)',
    [hashes, ids],
  );
  const parts = new Map(rows.map(({ content_hash, part }) => [content_hash, part]));
  const owners = new Set(rows.map(({ client_id }) => client_id));
  const ready: ReadyEvent[] = [];
  const rejected: RejectedEvent[] = [...document.rejected];
  for (const each of document.ready) {
    const { sealed, at } = each;
    const known = sealed && parts.get(sealed.contentHash);
    if (known) ready.push(asKnown(each, known));
    else if (sealed && owners.has(storableText(sealed.clientId)))
      rejected.push({ at, code: 'DUPLICATE_EVENT', field: `${at}/eventID`, fix: DUPLICATE });
    else {
      ready.push(each);
      if (!sealed) continue;
      parts.set(sealed.contentHash, sealed.part);
      owners.add(storableText(sealed.clientId));
    }
  }
  return { ...document, ready, rejected };
}

// Of the new seals only those of a declaration are used.
function asKnown({ secrets = [], ...each }: ReadyEvent, known: SealedEvent['part']): ReadyEvent {
  const { sealed: _sealed, ...rest } = each;
  const part = declaredOn(known, each.event);
  const text = JSON.stringify(part);
  return { ...rest, part, secrets: secrets.filter(({ seal }) => text.includes(seal)) };
}

/** The id under which the chain has an event that its owner calls so. */
export async function chainIdOf(sql: Sql, eventId: string): Promise<string> {
  const { rows } = await sql.query<{ event_id: string }>('SELECT event_id FROM own.sealed_event WHERE client_id = $1', [
    storableText(eventId),
  ]);
  return rows[0]?.event_id ?? eventId;
}

/** An event of this organisation in full: as it came, under the id that it came with. */
export async function opened(sql: Sql, event: JsonObject): Promise<JsonObject> {
  const seals = [...sealsIn(event)];
  if (seals.length === 0) return event;
  const { rows } = await sql.query<{ seal: string; value: Json }>(
    'SELECT seal, value FROM own.vault WHERE seal = ANY($1)',
    [seals],
  );
  const { rows: names } = await sql.query<{ client_id: string }>(
    'SELECT client_id FROM own.sealed_event WHERE event_id = $1',
    [storableText(event.eventID as string)],
  );
  const open = withValues(event, new Map(rows.map(({ seal, value }) => [seal, value]))) as JsonObject;
  const clientId = names[0]?.client_id;
  return clientId === undefined ? open : { ...open, eventID: clientId };
}

function* sealsIn(value: Json): Generator<string> {
  if (typeof value === 'string') {
    if (isSealed(value)) yield value;
  } else if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* sealsIn(item);
  else if (isJsonObject(value)) for (const member of Object.values(value)) yield* sealsIn(member!);
}

function withValues(value: Json, values: ReadonlyMap<string, Json>): Json {
  // What a seal hides may be null.
  if (typeof value === 'string') return values.has(value) ? values.get(value)! : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withValues(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withValues(member!, values)]));
}
