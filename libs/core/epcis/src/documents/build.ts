import type { Json, JsonObject } from '@custos/core-bytes';
import { toDigitalLink, type Identifier } from '@custos/core-gs1';
import type { Action } from '../events.js';
import { parseOffset, timeText } from '../members/times.js';

/** The content of an event that a task route writes. An absent member is absent in the event. */
export interface EventSketch {
  /** Id given by the sender; without one, the event hash becomes the id before signing (L6.1). */
  readonly eventID?: string;
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** Offset of local time from UTC, `+hh:mm`; UTC by default. */
  readonly eventTimeZoneOffset?: string;
  readonly action: Action;
  /** Bare word of the CBV, as in `disposition`. */
  readonly bizStep?: string;
  readonly disposition?: string;
  readonly persistentDisposition?: { readonly set?: readonly string[]; readonly unset?: readonly string[] };
  readonly readPoint?: Identifier;
  readonly bizLocation?: Identifier;
  readonly bizTransactions?: readonly { readonly type?: string; readonly bizTransaction: string }[];
  readonly sources?: readonly { readonly type: string; readonly source: Identifier }[];
  readonly destinations?: readonly { readonly type: string; readonly destination: Identifier }[];
  /** Members of the namespace of Custos, without prefix: `{ recall: {...} }`. */
  readonly custos?: { readonly [name: string]: Json };
  readonly errorDeclaration?: JsonObject;
}

/** An amount of a class; `uom` is a code of UN/ECE Recommendation 20, absent for a number of pieces. */
interface Amount {
  readonly epcClass: Identifier;
  readonly quantity?: number;
  readonly uom?: string;
}

/** The content of an ObjectEvent or a TransactionEvent. */
export interface ObjectSketch extends EventSketch {
  readonly epcs?: readonly Identifier[];
  readonly quantities?: readonly Amount[];
  /** Master data, with action ADD only. `expiry` is YYYY-MM-DD. */
  readonly ilmd?: { readonly lot: string; readonly expiry: string };
}

/** The content of an AggregationEvent. */
export interface AggregationSketch extends EventSketch {
  readonly parent?: Identifier;
  readonly children?: readonly Identifier[];
  readonly childQuantities?: readonly Amount[];
}

/**
 * Builds the smallest ObjectEvent with this content: codes as canonical links, names under `CUSTOS_CONTEXT`.
 * @throws RangeError for a malformed time zone offset
 */
export function objectEvent(sketch: ObjectSketch): JsonObject {
  const { epcs, quantities, ilmd } = sketch;
  return compact({
    type: 'ObjectEvent',
    ...shared(sketch),
    // EPCIS requires one of the lists, an empty one if there are no objects.
    epcList: epcs || !quantities ? (epcs ?? []).map(link) : undefined,
    quantityList: quantities?.map(amount),
    ilmd: ilmd && { 'cbvmda:lotNumber': ilmd.lot, 'cbvmda:itemExpirationDate': ilmd.expiry },
  });
}

/** Builds an AggregationEvent as {@link objectEvent} does. DELETE without children removes all of them. */
export function aggregationEvent(sketch: AggregationSketch): JsonObject {
  const { parent, children, childQuantities } = sketch;
  return compact({
    type: 'AggregationEvent',
    ...shared(sketch),
    parentID: parent && link(parent),
    childEPCs: children?.map(link),
    childQuantityList: childQuantities?.map(amount),
  });
}

/**
 * Builds a TransactionEvent, which links units to a business transaction or changes their owner (C11). Ignores `ilmd`.
 */
export function transactionEvent(sketch: ObjectSketch): JsonObject {
  return { ...objectEvent({ ...sketch, ilmd: undefined }), type: 'TransactionEvent' };
}

function shared(sketch: EventSketch): JsonObject {
  const offset = sketch.eventTimeZoneOffset ?? '+00:00';
  return {
    eventID: sketch.eventID,
    eventTime: timeAt(sketch.eventTime, offset),
    eventTimeZoneOffset: offset,
    action: sketch.action,
    bizStep: sketch.bizStep,
    disposition: sketch.disposition,
    persistentDisposition: sketch.persistentDisposition && compact(sketch.persistentDisposition),
    readPoint: sketch.readPoint && { id: link(sketch.readPoint) },
    bizLocation: sketch.bizLocation && { id: link(sketch.bizLocation) },
    bizTransactionList: sketch.bizTransactions?.map((transaction) => compact({ ...transaction })),
    sourceList: sketch.sources?.map(({ type, source }) => ({ type, source: link(source) })),
    destinationList: sketch.destinations?.map(({ type, destination }) => ({ type, destination: link(destination) })),
    errorDeclaration: sketch.errorDeclaration,
    ...Object.fromEntries(Object.entries(sketch.custos ?? {}).map(([name, value]) => [`custos:${name}`, value])),
  };
}

function link(identifier: Identifier): string {
  return toDigitalLink(identifier);
}

function amount({ epcClass, quantity, uom }: Amount): JsonObject {
  return compact({ epcClass: link(epcClass), quantity, uom });
}

// Local time of the place, so that a reader sees the hour on its clocks.
function timeAt(milliseconds: number, offset: string): string {
  const minutes = parseOffset(offset);
  if (minutes === undefined) throw new RangeError(`${offset} is no offset of a time zone`);
  const local = timeText(milliseconds + minutes * 60_000).slice(0, -1);
  return minutes === 0 ? `${local}Z` : local + offset;
}

function compact(object: { readonly [name: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
