import { isJsonObject, unreachable, type Json } from '@custos/core-bytes';
import { custosExtension, type Destination, type EpcisEvent, type EpcItem } from '@custos/core-epcis';
import { expiryDate, isUnit, parseIsoDate, unitKeyOf, type Identifier } from '@custos/core-gs1';

// The parts of an event that the law reads. All others are recorded and not judged (S2).

/** S5: returns the EPCs that the event lists. An aggregation with OBSERVE counts as its parent and its children. */
export function listedItems(event: EpcisEvent): readonly EpcItem[] {
  switch (event.type) {
    case 'ObjectEvent':
      return event.epcList;
    case 'AggregationEvent':
      return event.action === 'OBSERVE' && event.parentID ? [event.parentID, ...event.childEPCs] : event.childEPCs;
    case 'TransactionEvent':
      return event.parentID ? [event.parentID, ...event.epcList] : event.epcList;
    case 'TransformationEvent':
      return [...event.inputEPCList, ...event.outputEPCList];
    case 'AssociationEvent':
      return [event.parentID, ...event.childEPCs];
    default:
      return unreachable(event);
  }
}

/** Returns a member of a structured member of the `custos:` namespace; undefined when it is missing. */
export function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Returns a member as text; undefined when it is missing or no text. */
export function textMember(value: Json | undefined, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}

/** Reports whether the event states this disposition or sets it as a persistent disposition. */
export function hasDisposition(event: EpcisEvent, word: string): boolean {
  return event.disposition === word || (event.persistentDisposition?.set.includes(word) ?? false);
}

/** Returns the GLN of a place or party; undefined for other identifiers. */
function glnOf(identifier: Identifier): string | undefined {
  return identifier.kind === 'sgln' || identifier.kind === 'pgln' ? identifier.gln : undefined;
}

/** Returns the first destination of this type (CBV 2.0). */
export function destinationOf(event: EpcisEvent, type: string): Destination | undefined {
  return event.destinationList.find((destination) => destination.type === type);
}

/** Returns the GLN of the first destination of this type, if it has one. */
export function destinationGln(event: EpcisEvent, type: string): string | undefined {
  const destination = destinationOf(event, type);
  return destination && glnOf(destination.identifier);
}

/** M1: returns the GLN of bizLocation, else of readPoint; undefined when neither has one. */
export function statedGln(event: EpcisEvent): string | undefined {
  const place = event.bizLocation && glnOf(event.bizLocation.identifier);
  return place ?? (event.readPoint && glnOf(event.readPoint.identifier));
}

/** Lot and expiry (YYYY-MM-DD) as read off the pack. */
export interface Scanned {
  readonly lot?: string;
  readonly expiry?: string;
}

/** Reads `custos:scan`. When a member is no lot or no day, returns its name in `malformed`. */
export function scanOf(event: EpcisEvent): Scanned | { readonly malformed: string } {
  const scan = custosExtension(event, 'scan');
  if (scan === undefined) return {};
  if (!isJsonObject(scan)) return { malformed: 'custos:scan' };
  const lot = memberOf(scan, 'lot');
  const expiry = memberOf(scan, 'expiry');
  if (lot !== undefined && typeof lot !== 'string') return { malformed: 'custos:scan/lot' };
  if (expiry === undefined) return { lot };
  if (typeof expiry !== 'string' || !parseIsoDate(expiry).ok) return { malformed: 'custos:scan/expiry' };
  return { lot, expiry };
}

/** S1: returns lot and expiry that the Digital Links of an event state beside their packs, by unit key. */
export function linkScansOf(event: EpcisEvent): ReadonlyMap<string, Scanned> {
  const scans = new Map<string, Scanned>();
  for (const { identifier, lot, expiry } of listedItems(event)) {
    if (isUnit(identifier) && (lot !== undefined || expiry !== undefined))
      scans.set(unitKeyOf(identifier), { lot, expiry: expiry && dayOf(expiry, event.eventTime) });
  }
  return scans;
}

// The century is that of the event. A day that does not exist equals no unit's expiry.
function dayOf(expiry: string, eventTime: number): string {
  const day = expiryDate(expiry, new Date(eventTime).getUTCFullYear());
  return day.ok ? day.value : expiry;
}
