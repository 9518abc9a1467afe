/** 14 digits, leading zeros kept, check digit right. A GTIN-8, -12 or -13 is padded on the way in. */
export type Gtin = string & { readonly gtin: unique symbol };
/** 18 digits, check digit right. */
export type Sscc = string & { readonly sscc: unique symbol };
/** 13 digits, check digit right. */
export type Gln = string & { readonly gln: unique symbol };

/** Pack or case: GTIN and serial (AI 01 + 21). Case and leading zeros of a serial count. */
export interface Sgtin {
  readonly kind: 'sgtin';
  readonly gtin: Gtin;
  readonly serial: string;
}
/** Logistic unit (AI 00). */
export interface SsccIdentifier {
  readonly kind: 'sscc';
  readonly sscc: Sscc;
}
/** China's 20-digit drug traceability code, `urn:custos:cn:<20 digits>` (S1). */
export interface CnIdentifier {
  readonly kind: 'cn';
  readonly code: string;
}
/** Batch of a product (AI 01 + 10). */
export interface Lgtin {
  readonly kind: 'lgtin';
  readonly gtin: Gtin;
  readonly lot: string;
}
/** Product, as a class (AI 01). */
export interface GtinClass {
  readonly kind: 'gtin';
  readonly gtin: Gtin;
}
/** Place (AI 414, extension AI 254); an extension of "0" means none and is left out. */
export interface Sgln {
  readonly kind: 'sgln';
  readonly gln: Gln;
  readonly extension?: string;
}
/** Party (AI 417). */
export interface Pgln {
  readonly kind: 'pgln';
  readonly gln: Gln;
}
/** Tobacco's unit-pack identifier (AI 01 + 235): no serial under the law of custody. */
export interface Upui {
  readonly kind: 'upui';
  readonly gtin: Gtin;
  readonly serial: string;
}
/** Piece of a trade item (AI 8006 + 21); no serial = class. */
export interface Itip {
  readonly kind: 'itip';
  readonly gtin: Gtin;
  readonly piece: string;
  readonly total: string;
  readonly serial?: string;
}
/** Component or part (AI 8010 + 8011); no serial = class. */
export interface Cpi {
  readonly kind: 'cpi';
  readonly part: string;
  readonly serial?: string;
}
/** Keys whose Application Identifier holds all there is; `value` is what stands behind it. */
export interface PlainKey {
  readonly kind: 'gdti' | 'gcn' | 'grai' | 'giai' | 'gsrn' | 'gsrnp' | 'ginc' | 'gsin';
  readonly value: string;
}
/** A URI that names no GS1 key, kept letter by letter. */
export interface OtherIdentifier {
  readonly kind: 'other';
  readonly uri: string;
}

/** What a code means, whatever form it came in. Two codes of one thing parse to equal identifiers. */
export type Identifier =
  | Sgtin
  | SsccIdentifier
  | CnIdentifier
  | Lgtin
  | GtinClass
  | Sgln
  | Pgln
  | Upui
  | Itip
  | Cpi
  | PlainKey
  | OtherIdentifier;

/** What may be under custody (S1): has a state key `unit/...`. */
export type UnitIdentifier = Sgtin | SsccIdentifier | CnIdentifier;

export function isUnit(identifier: Identifier): identifier is UnitIdentifier {
  return identifier.kind === 'sgtin' || identifier.kind === 'sscc' || identifier.kind === 'cn';
}

/** An identifier and the form it was captured in: a Digital Link cannot tell the length of the company prefix. */
export interface Captured {
  readonly text: string;
  readonly identifier: Identifier;
  /** Digits of the GS1 company prefix, known from a URN only. */
  readonly prefixLength?: number;
}
