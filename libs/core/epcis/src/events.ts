import type { Json, JsonObject } from '@custos/core-bytes';
import type { Identifier } from '@custos/core-gs1';

/** The event types of EPCIS 2.0.1, 7.4. */
export const EVENT_TYPES = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;
/** The name of an event type. */
export type EventType = (typeof EVENT_TYPES)[number];

/** The values of the field `action` (EPCIS 2.0.1, 7.3). */
export const ACTIONS = ['ADD', 'OBSERVE', 'DELETE'] as const;
/** The relation of an event to the life of its objects: ADD at the beginning, OBSERVE in between, DELETE at the end. */
export type Action = (typeof ACTIONS)[number];

/** Members outside the standard by `{namespace}localName`. Prefixed names inside their values are expanded too. */
export type Extensions = { readonly [name: string]: Json };

/** A code as the event lists it, with its parsed identifier. */
export interface EpcItem {
  readonly epc: string;
  readonly identifier: Identifier;
  /** Lot; present when the code is the Digital Link of a pack that holds one. */
  readonly lot?: string;
  /** Expiry as YYMMDD; present when the code is the Digital Link of a pack that holds one. */
  readonly expiry?: string;
}

/** An amount of a class of objects (EPCIS 2.0.1, 7.3). */
export interface QuantityElement {
  readonly epcClass: string;
  readonly identifier: Identifier;
  readonly quantity?: number;
  /** Unit of measure, a code of UN/ECE Recommendation 20; absent for a number of pieces. */
  readonly uom?: string;
}

/** A read point or business location. */
export interface Place {
  readonly id: string;
  readonly identifier: Identifier;
  readonly extensions: Extensions;
}

/** A document of trade that the event belongs to, such as an order or a despatch advice. */
export interface BizTransaction {
  /** Bare word of the CBV, or a URI. */
  readonly type?: string;
  readonly bizTransaction: string;
}

/** The party or place from which the objects of the event come. */
export interface Source {
  /** `owning_party`, `possessing_party`, `location`, or a URI. */
  readonly type: string;
  readonly source: string;
  readonly identifier: Identifier;
}

/** The party or place to which the objects of the event go; `type` as in {@link Source}. */
export interface Destination {
  readonly type: string;
  readonly destination: string;
  readonly identifier: Identifier;
}

/** The dispositions that begin (`set`) and end (`unset`) with the event, as bare words of the CBV or URIs. */
export interface PersistentDisposition {
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

/** The statement that an earlier event is wrong (EPCIS 2.0.1, 7.4.1.4). */
export interface ErrorDeclaration {
  /** Milliseconds since 1970. */
  readonly declarationTime: number;
  /** `did_not_occur`, `incorrect_data`, or a URI. */
  readonly reason?: string;
  readonly correctiveEventIDs: readonly string[];
  readonly extensions: Extensions;
}

/** Instance and lot master data. Lot and expiry are parsed in both spellings of the CBV namespace. */
export interface Ilmd {
  readonly lotNumber?: string;
  /** Day as YYYY-MM-DD. */
  readonly itemExpirationDate?: string;
  readonly extensions: Extensions;
}

/**
 * The fields of all event types. An absent list is empty. Words of the CBV are bare (S4): `shipping` for every
 * spelling.
 */
export interface EventFields {
  readonly eventID?: string;
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** Offset from UTC, `+hh:mm` or `-hh:mm`. */
  readonly eventTimeZoneOffset: string;
  /** Milliseconds since 1970. */
  readonly recordTime?: number;
  readonly errorDeclaration?: ErrorDeclaration;
  readonly certificationInfo: readonly string[];
  readonly bizStep?: string;
  readonly disposition?: string;
  readonly persistentDisposition?: PersistentDisposition;
  readonly readPoint?: Place;
  readonly bizLocation?: Place;
  readonly bizTransactionList: readonly BizTransaction[];
  readonly sourceList: readonly Source[];
  readonly destinationList: readonly Destination[];
  /** Checked, but kept unchanged: no rule of custody reads it. */
  readonly sensorElementList: readonly JsonObject[];
  readonly extensions: Extensions;
  /** The event as received: its canonical JSON is the part on chain (L2.1). */
  readonly source: JsonObject;
}

/** An event on objects by themselves, for example commissioning, shipping or dispensing. */
interface ObjectEvent extends EventFields {
  readonly type: 'ObjectEvent';
  readonly action: Action;
  readonly epcList: readonly EpcItem[];
  readonly quantityList: readonly QuantityElement[];
  readonly ilmd?: Ilmd;
}

/** A physical and temporary aggregation of children in a container. DELETE without children means all of them (C4). */
interface AggregationEvent extends EventFields {
  readonly type: 'AggregationEvent';
  readonly action: Action;
  readonly parentID?: EpcItem;
  readonly childEPCs: readonly EpcItem[];
  readonly childQuantityList: readonly QuantityElement[];
}

/** A definite association of objects with business transactions. */
interface TransactionEvent extends EventFields {
  readonly type: 'TransactionEvent';
  readonly action: Action;
  readonly parentID?: EpcItem;
  readonly epcList: readonly EpcItem[];
  readonly quantityList: readonly QuantityElement[];
}

/** The transformation of inputs into outputs; it has no action. */
interface TransformationEvent extends EventFields {
  readonly type: 'TransformationEvent';
  readonly inputEPCList: readonly EpcItem[];
  readonly inputQuantityList: readonly QuantityElement[];
  readonly outputEPCList: readonly EpcItem[];
  readonly outputQuantityList: readonly QuantityElement[];
  readonly transformationID?: string;
  readonly ilmd?: Ilmd;
}

/** A durable association: a sensor and its box, an asset and its place. */
interface AssociationEvent extends EventFields {
  readonly type: 'AssociationEvent';
  readonly action: Action;
  readonly parentID: EpcItem;
  readonly childEPCs: readonly EpcItem[];
  readonly childQuantityList: readonly QuantityElement[];
}

/** An event of any type, distinguished by `type`. */
export type EpcisEvent = ObjectEvent | AggregationEvent | TransactionEvent | TransformationEvent | AssociationEvent;

/** The namespaces of the prefixes of a document, by prefix. */
export interface Context {
  readonly prefixes: ReadonlyMap<string, string>;
}

/** A document with all events parsed. */
export interface EpcisDocument {
  /** `@context` as received: part 0 of the transaction carries it (L2.6). */
  readonly context: Json | undefined;
  /** Members of the document beside context, type, version and events; undefined for a bare event. */
  readonly header: JsonObject | undefined;
  readonly events: readonly EpcisEvent[];
}

/** The extension namespace of Custos. This URI identifies it, whatever its prefix. */
export const CUSTOS_NAMESPACE = 'urn:custos:epcis:1';
