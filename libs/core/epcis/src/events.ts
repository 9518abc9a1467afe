import type { Json, JsonObject } from '@custos/core-bytes';
import type { Identifier } from '@custos/core-gs1';

export const EVENT_TYPES = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const ACTIONS = ['ADD', 'OBSERVE', 'DELETE'] as const;
export type Action = (typeof ACTIONS)[number];

/** Members outside the standard, by `{namespace}localName`; nested prefixed names are expanded alike. */
export type Extensions = { readonly [name: string]: Json };

/** A code as the event lists it, and what it means. */
export interface EpcItem {
  readonly epc: string;
  readonly identifier: Identifier;
  /** Lot, from the Digital Link of a pack. */
  readonly lot?: string;
  /** Expiry from the same, YYMMDD. */
  readonly expiry?: string;
}

export interface QuantityElement {
  readonly epcClass: string;
  readonly identifier: Identifier;
  readonly quantity?: number;
  /** UN/ECE Recommendation 20; absent = each. */
  readonly uom?: string;
}

/** Read point or business location. */
export interface Place {
  readonly id: string;
  readonly identifier: Identifier;
  readonly extensions: Extensions;
}

export interface BizTransaction {
  /** Bare CBV word or a URI. */
  readonly type?: string;
  readonly bizTransaction: string;
}

export interface Source {
  /** `owning_party`, `possessing_party`, `location`, or a URI. */
  readonly type: string;
  readonly source: string;
  readonly identifier: Identifier;
}

export interface Destination {
  readonly type: string;
  readonly destination: string;
  readonly identifier: Identifier;
}

export interface PersistentDisposition {
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

export interface ErrorDeclaration {
  /** Milliseconds since 1970. */
  readonly declarationTime: number;
  /** `did_not_occur`, `incorrect_data`, or a URI. */
  readonly reason?: string;
  readonly correctiveEventIDs: readonly string[];
  readonly extensions: Extensions;
}

/** Instance and lot master data; lot and expiry are read out, whichever namespace of the CBV they came in. */
export interface Ilmd {
  readonly lotNumber?: string;
  /** YYYY-MM-DD. */
  readonly itemExpirationDate?: string;
  readonly extensions: Extensions;
}

/** Lists are empty when absent; CBV words are bare (S4): `shipping`, whatever form they came in. */
export interface EventFields {
  readonly eventID?: string;
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** `+hh:mm` or `-hh:mm`. */
  readonly eventTimeZoneOffset: string;
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
  /** Checked, but kept as it came: no rule of custody reads it. */
  readonly sensorElementList: readonly JsonObject[];
  readonly extensions: Extensions;
  /** The event as it came: its canonical JSON is the part on chain (L2.1). */
  readonly source: JsonObject;
}

export interface ObjectEvent extends EventFields {
  readonly type: 'ObjectEvent';
  readonly action: Action;
  readonly epcList: readonly EpcItem[];
  readonly quantityList: readonly QuantityElement[];
  readonly ilmd?: Ilmd;
}

/** Physical and temporary. DELETE without children means all of them. */
export interface AggregationEvent extends EventFields {
  readonly type: 'AggregationEvent';
  readonly action: Action;
  readonly parentID?: EpcItem;
  readonly childEPCs: readonly EpcItem[];
  readonly childQuantityList: readonly QuantityElement[];
}

export interface TransactionEvent extends EventFields {
  readonly type: 'TransactionEvent';
  readonly action: Action;
  readonly parentID?: EpcItem;
  readonly epcList: readonly EpcItem[];
  readonly quantityList: readonly QuantityElement[];
}

/** Inputs become outputs; it has no action. */
export interface TransformationEvent extends EventFields {
  readonly type: 'TransformationEvent';
  readonly inputEPCList: readonly EpcItem[];
  readonly inputQuantityList: readonly QuantityElement[];
  readonly outputEPCList: readonly EpcItem[];
  readonly outputQuantityList: readonly QuantityElement[];
  readonly transformationID?: string;
  readonly ilmd?: Ilmd;
}

/** Durable: a sensor and its box, an asset and its place. */
export interface AssociationEvent extends EventFields {
  readonly type: 'AssociationEvent';
  readonly action: Action;
  readonly parentID: EpcItem;
  readonly childEPCs: readonly EpcItem[];
  readonly childQuantityList: readonly QuantityElement[];
}

export type EpcisEvent = ObjectEvent | AggregationEvent | TransactionEvent | TransformationEvent | AssociationEvent;

/** What the prefixes of a document mean. */
export interface Context {
  readonly prefixes: ReadonlyMap<string, string>;
}

export interface EpcisDocument {
  /** `@context` as it came: part 0 of the transaction carries it (L2.6). */
  readonly context: Json | undefined;
  readonly header: JsonObject | undefined;
  readonly events: readonly EpcisEvent[];
}

/** Our one extension namespace, known by this URI whatever its prefix. */
export const CUSTOS_NAMESPACE = 'urn:custos:epcis:1';
