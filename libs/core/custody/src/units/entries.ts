import { canonicalJson, type JsonObject } from '@custos/core-bytes';
import { commitment, digestBytes, sealedValue, taggedHash, type Digest, type Hasher } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import type { Lot, LotPrivate, LotPublic } from './lot.js';
import { sameJson } from '../same-json.js';
import type { Shipment, ShipmentPrivate } from './shipment.js';
import type { ContainerSummary, KnownUnit, Unit, UnitPrivate, UnitPublic } from './unit.js';

// The form in which the state holds units, lots, contents, shipments and events (vectors/custody.json). No other file
// reads or writes it.

/** The inputs from which the salt of every private part that one event writes is derived (L6.2). */
export interface Sealing {
  readonly hasher: Hasher;
  /** Salt of part 0 of the transaction; for genesis the network id. */
  readonly salt: Digest;
}

type Leaf<P> = { readonly public: P; readonly private: Digest };

function saltOf({ hasher, salt }: Sealing, key: string): Digest {
  return taggedHash(hasher, 'custos/salt/1', digestBytes(salt), key);
}

// L6.2: the salt is stored beside the private part, and the commitment is over the part without it.
function sealed(hasher: Hasher, salt: Digest, shown: JsonObject | undefined, hidden: JsonObject): Entry {
  const value = { public: shown, private: commitment(hasher, salt, hidden) };
  return { value, private: { ...hidden, salt } };
}

function hiddenOf<T>(entry: Entry): T {
  const { salt: _salt, ...hidden } = entry.private!;
  return hidden as T;
}

/** L6.2: returns the commitment to a private part. Members verify a received part with it. */
export function privateCommitment(hasher: Hasher, entry: Entry): Digest {
  return commitment(hasher, entry.private!.salt as Digest, hiddenOf<JsonObject>(entry));
}

/** Returns the hash of a summary, which the private part of its container holds (L6.3). */
export function summaryHash(hasher: Hasher, summary: ContainerSummary): Digest {
  return taggedHash(hasher, 'custos/summary/1', canonicalJson(summary));
}

/** Encodes a unit as a state entry (L6.2, L6.3). */
export function unitEntry(sealing: Sealing, unit: Unit): Entry {
  const { lifecycle, onHold, lot, expiry, incarnation, container, contains } = unit;
  const shown: UnitPublic = { lifecycle, onHold, lot, expiry, incarnation, container };
  const { custody, page, pages, contents, holds, ended, opened, last, lastShippedAt } = unit;
  const summary = contains && summaryHash(sealing.hasher, contains);
  const hidden: UnitPrivate = { custody, page, pages, contents, holds, ended, opened, last, lastShippedAt, summary };
  const entry = sealed(sealing.hasher, saltOf(sealing, unit.key), shown, hidden);
  return contains ? { ...entry, summary: contains } : entry;
}

/** Decodes the entry of a unit, which must have its private part. */
export function unitOf(key: string, entry: Entry): Unit {
  const { summary: _hash, ...hidden } = hiddenOf<UnitPrivate>(entry);
  const unit: Unit = { key, ...unitPublicOf(entry.value), ...hidden };
  return entry.summary ? { ...unit, contains: entry.summary as ContainerSummary } : unit;
}

/** Decodes the entry of a unit. Without a private part it gives what a public proof shows (L6.4). */
export function knownUnitOf(key: string, entry: Entry): KnownUnit {
  return entry.private ? unitOf(key, entry) : { key, ...unitPublicOf(entry.value) };
}

/** Returns the public part of a unit's leaf (L6.2). */
function unitPublicOf(value: JsonObject): UnitPublic {
  return (value as Leaf<UnitPublic>).public;
}

/** Encodes a lot as a state entry (L6.4). */
export function lotEntry(sealing: Sealing, { key, expiry, recalls, units }: Lot): Entry {
  const shown: LotPublic = { expiry, recalls };
  const hidden: LotPrivate = { units };
  return sealed(sealing.hasher, saltOf(sealing, key), shown, hidden);
}

/** Decodes the entry of a lot, which must have its private part. */
export function lotOf(key: string, entry: Entry): Lot {
  return { key, ...lotPublicOf(entry.value), ...hiddenOf<LotPrivate>(entry) };
}

/** Returns the public part of a lot's leaf (L6.4). */
export function lotPublicOf(value: JsonObject): LotPublic {
  return (value as Leaf<LotPublic>).public;
}

/** Encodes a page of a container's contents as a state entry (L6.1). */
export function contentsEntry(sealing: Sealing, key: string, children: readonly string[]): Entry {
  return sealed(sealing.hasher, saltOf(sealing, key), undefined, { children });
}

/** Decodes a page of contents: the keys of children. */
export function childrenOf(entry: Entry): readonly string[] {
  return hiddenOf<{ readonly children: readonly string[] }>(entry).children;
}

/** Encodes a shipment as a state entry. */
export function shipmentEntry(sealing: Sealing, { key, ...hidden }: Shipment): Entry {
  return sealed(sealing.hasher, saltOf(sealing, key), undefined, hidden);
}

/** Decodes the entry of a shipment. */
export function shipmentOf(key: string, entry: Entry): Shipment {
  return { key, ...hiddenOf<ShipmentPrivate>(entry) };
}

/** An accepted event. `content` binds every byte of it, so that a repeat is distinguished from another event (S9). */
export type EventRecord = {
  readonly content: string;
  readonly tx: Digest;
  readonly index: number;
  readonly height: number;
  readonly time: number;
  /** The rules that judged it. */
  readonly rules: readonly string[];
};

/** Encodes an accepted event as a state entry. `source` is its JSON, of which only the commitment is stored. */
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

/** Decodes the entry of an event. */
export function eventRecordOf(entry: Entry): EventRecord {
  return hiddenOf<EventRecord>(entry);
}

/** S9: reports whether `source` has the same canonical bytes as the recorded event. */
export function isSameEvent(hasher: Hasher, entry: Entry, source: JsonObject): boolean {
  const salt = digestBytes(entry.private!.salt as Digest);
  return eventRecordOf(entry).content === sealedValue(hasher, salt, source);
}

/** Reports whether two entries are equal apart from their salts, so that nothing was changed. */
export function saysTheSame(before: Entry | undefined, after: Entry): boolean {
  if (!before) return false;
  return (
    sameJson(hiddenOf<JsonObject>(before), hiddenOf<JsonObject>(after)) &&
    sameJson(before.value.public, after.value.public) &&
    sameJson(before.summary, after.summary)
  );
}
