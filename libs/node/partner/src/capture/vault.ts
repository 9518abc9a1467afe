import { isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';
import { isSealed } from '@custos/core-crypto';
import { storableText } from '@custos/node-epcis-repository';
import { Any, type Repository } from 'typeorm';
import type { ReadDocument } from './capture-plan.js';
import { declaredOn, type ReadyEvent } from './ready-event.js';
import type { SealedEventEntity, VaultEntity } from '../promises/own.rows.js';
import type { SealedEvent } from './sealing.js';
import type { RejectedEvent } from './drafts.js';

const DUPLICATE = 'give each event an eventID of its own; this one is another event’s';

/**
 * S9: an event of a person that was sealed before is the same on the chain when it is sent again; another one under its
 * id is told here, for the chain knows neither.
 */
export async function recallSealed(
  sealedEvents: Repository<SealedEventEntity>,
  document: ReadDocument,
): Promise<ReadDocument> {
  const fresh = document.ready.flatMap(({ sealed }) => sealed ?? []);
  if (fresh.length === 0) return document;
  const hashes = fresh.map(({ contentHash }) => contentHash);
  const ids = fresh.map(({ clientId }) => storableText(clientId));
  const rows = await sealedEvents.findBy([{ contentHash: Any(hashes) }, { clientId: Any(ids) }]);
  const parts = new Map(rows.map(({ contentHash, part }) => [contentHash, part as SealedEvent['part']]));
  const owners = new Set(rows.map(({ clientId }) => clientId));
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

/** Reads what the organisation alone knows of its events (L2.8). */
export interface Vault {
  /** Returns the id under which the chain has an event that its owner calls so. */
  chainIdOf(eventId: string): Promise<string>;
  /** Returns an event of this organisation in full: as it came, under the id that it came with. */
  opened(event: JsonObject): Promise<JsonObject>;
}

/** Creates the vault over the tables of a service. */
export function openVault(secrets: Repository<VaultEntity>, sealedEvents: Repository<SealedEventEntity>): Vault {
  return {
    async chainIdOf(eventId) {
      return (await sealedEvents.findOneBy({ clientId: storableText(eventId) }))?.eventId ?? eventId;
    },
    async opened(event) {
      const seals = [...sealsIn(event)];
      if (seals.length === 0) return event;
      const known = await secrets.findBy({ seal: Any(seals) });
      const open = withValues(event, new Map(known.map(({ seal, value }) => [seal, value as Json]))) as JsonObject;
      const named = await sealedEvents.findOneBy({ eventId: storableText(event.eventID as string) });
      return named ? { ...open, eventID: named.clientId } : open;
    },
  };
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
