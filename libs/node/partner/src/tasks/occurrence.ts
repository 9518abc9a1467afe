import { isUri, parseGtin, type Gtin, type Identifier } from '@custos/core-gs1';
import type { EventSketch } from '@custos/core-epcis';
import type { ShipTask } from '@custos/formats-api';
import { glnOf, placeOf, type ScannedUnit } from './codes.js';

/** Who does it, and when if the task does not say. */
export interface TaskContext {
  /** GLN of this organisation. */
  readonly party: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** M1: where and when; neither given: at the party itself, now. */
export function occurrence(
  { location, eventTime }: { readonly location?: string; readonly eventTime?: string },
  { party, now }: TaskContext,
): Pick<EventSketch, 'eventTime' | 'readPoint' | 'bizLocation'> {
  const place = placeOf(location ?? party);
  return { eventTime: eventTime === undefined ? now : Date.parse(eventTime), readPoint: place, bizLocation: place };
}

export function partyOf(gln: string): Identifier {
  return { kind: 'pgln', gln: glnOf(gln) };
}

/** The contract has parsed it before. */
export function gtinOf(text: string): Gtin {
  const gtin = parseGtin(text);
  if (!gtin.ok) throw new RangeError(`${text} passed the contract`);
  return gtin.value;
}

export function epcsOf(units: readonly ScannedUnit[]): readonly Identifier[] {
  return units.map(({ unit }) => unit);
}

/** Sender and receiver name a document alike, so a plain number gets no party's name into it. */
export function documentsOf(documents: ShipTask['documents']): EventSketch['bizTransactions'] {
  return documents?.map(({ type, id }) => ({
    type,
    bizTransaction: id.includes(':') && isUri(id) ? id : `urn:custos:document:${encodeURIComponent(id)}`,
  }));
}
