import { canonicalJson, type JsonObject } from '@custos/core-bytes';
import { commitment, digestBytes, sealedValue, taggedHash, type Digest, type Hasher } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import type { Lot, LotPrivate, LotPublic } from './lot.js';
import { sameJson } from '../same-json.js';
import type { Shipment, ShipmentPrivate } from './shipment.js';
import type { ContainerSummary, KnownUnit, Unit, UnitPrivate, UnitPublic } from './unit.js';

// The state's own form of units, lots, contents, shipments and events (vectors/custody.json). Nothing else reads it.

/** What makes the salt of every private part that one event writes (L6.2). */
export interface Sealing {
  readonly hasher: Hasher;
  /** Of part 0 of the transaction; for genesis the network id. */
  readonly salt: Digest;
}

type Leaf<P> = { readonly public: P; readonly private: Digest };

function saltOf({ hasher, salt }: Sealing, key: string): Digest {
  return taggedHash(hasher, 'custos/salt/1', digestBytes(salt), key);
}

// L6.2: the salt lies beside the private part, and the commitment is over the part without it.
function sealed(hasher: Hasher, salt: Digest, shown: JsonObject | undefined, hidden: JsonObject): Entry {
  const value = { public: shown, private: commitment(hasher, salt, hidden) };
  return { value, private: { ...hidden, salt } };
}

function hiddenOf<T>(entry: Entry): T {
  const { salt: _salt, ...hidden } = entry.private!;
  return hidden as T;
}

/** L6.2: what a private part is committed to under; members check a part they were given with it. */
export function privateCommitment(hasher: Hasher, entry: Entry): Digest {
  return commitment(hasher, entry.private!.salt as Digest, hiddenOf<JsonObject>(entry));
}

export function summaryHash(hasher: Hasher, summary: ContainerSummary): Digest {
  return taggedHash(hasher, 'custos/summary/1', canonicalJson(summary));
}

export function unitEntry(sealing: Sealing, unit: Unit): Entry {
  const { lifecycle, onHold, lot, expiry, incarnation, container, contains } = unit;
  const shown: UnitPublic = { lifecycle, onHold, lot, expiry, incarnation, container };
  const { custody, page, pages, contents, holds, ended, opened, last, lastShippedAt } = unit;
  const summary = contains && summaryHash(sealing.hasher, contains);
  const hidden: UnitPrivate = { custody, page, pages, contents, holds, ended, opened, last, lastShippedAt, summary };
  const entry = sealed(sealing.hasher, saltOf(sealing, unit.key), shown, hidden);
  return contains ? { ...entry, summary: contains } : entry;
}

export function unitOf(key: string, entry: Entry): Unit {
  const { summary: _hash, ...hidden } = hiddenOf<UnitPrivate>(entry);
  const unit: Unit = { key, ...unitPublicOf(entry.value), ...hidden };
  return entry.summary ? { ...unit, contains: entry.summary as ContainerSummary } : unit;
}

/** Returns what an entry shows of a unit, whoever found it; without a private part, what a public proof shows (L6.4). */
export function knownUnitOf(key: string, entry: Entry): KnownUnit {
  return entry.private ? unitOf(key, entry) : { key, ...unitPublicOf(entry.value) };
}

export function unitPublicOf(value: JsonObject): UnitPublic {
  return (value as Leaf<UnitPublic>).public;
}

export function lotEntry(sealing: Sealing, { key, expiry, recalls, units }: Lot): Entry {
  const shown: LotPublic = { expiry, recalls };
  const hidden: LotPrivate = { units };
  return sealed(sealing.hasher, saltOf(sealing, key), shown, hidden);
}

export function lotOf(key: string, entry: Entry): Lot {
  return { key, ...lotPublicOf(entry.value), ...hiddenOf<LotPrivate>(entry) };
}

export function lotPublicOf(value: JsonObject): LotPublic {
  return (value as Leaf<LotPublic>).public;
}

export function contentsEntry(sealing: Sealing, key: string, children: readonly string[]): Entry {
  return sealed(sealing.hasher, saltOf(sealing, key), undefined, { children });
}

export function childrenOf(entry: Entry): readonly string[] {
  return hiddenOf<{ readonly children: readonly string[] }>(entry).children;
}

export function shipmentEntry(sealing: Sealing, { key, ...hidden }: Shipment): Entry {
  return sealed(sealing.hasher, saltOf(sealing, key), undefined, hidden);
}

export function shipmentOf(key: string, entry: Entry): Shipment {
  return { key, ...hiddenOf<ShipmentPrivate>(entry) };
}

/** An accepted event. `content` binds every byte of it, so that a repeat is told from another event (S9). */
export type EventRecord = {
  readonly content: string;
  readonly tx: Digest;
  readonly index: number;
  readonly height: number;
  readonly time: number;
  /** Rows of the table that judged it. */
  readonly rules: readonly string[];
};

export function eventEntry(
  sealing: Sealing,
  key: string,
  source: JsonObject,
  record: Omit<EventRecord, 'content'>,
): Entry {
  const salt = saltOf(sealing, key);
  const content = sealedValue(sealing.hasher, digestBytes(salt), source);
  const hidden: EventRecord = { ...record, content };
  return sealed(sealing.hasher, salt, undefined, hidden);
}

export function eventRecordOf(entry: Entry): EventRecord {
  return hiddenOf<EventRecord>(entry);
}

/** S9: the same bytes as the event that is on record. */
export function isSameEvent(hasher: Hasher, entry: Entry, source: JsonObject): boolean {
  const salt = digestBytes(entry.private!.salt as Digest);
  return eventRecordOf(entry).content === sealedValue(hasher, salt, source);
}

/** Equal but for the salts: then nothing was changed. */
export function saysTheSame(before: Entry | undefined, after: Entry): boolean {
  if (!before) return false;
  return (
    sameJson(hiddenOf<JsonObject>(before), hiddenOf<JsonObject>(after)) &&
    sameJson(before.value.public, after.value.public) &&
    sameJson(before.summary, after.summary)
  );
}
