/**
 * A trade item number of 14 digits with leading zeros and a correct check digit. A GTIN-8, -12 or -13 is padded when it
 * is parsed.
 */
export type Gtin = string & { readonly gtin: unique symbol };
/** The number of a logistic unit: 18 digits with a correct check digit. */
export type Sscc = string & { readonly sscc: unique symbol };
/** The number of a party or location: 13 digits with a correct check digit. */
export type Gln = string & { readonly gln: unique symbol };

/** A pack or case: GTIN and serial number (AI 01 + 21). Case and leading zeros of the serial number count. */
interface Sgtin {
  readonly kind: 'sgtin';
  readonly gtin: Gtin;
  readonly serial: string;
}
/** A logistic unit (AI 00). */
interface SsccIdentifier {
  readonly kind: 'sscc';
  readonly sscc: Sscc;
}
/** A unit under China's 20-digit drug traceability code, `urn:custos:cn:<20 digits>` (S1). */
interface CnIdentifier {
  readonly kind: 'cn';
  readonly code: string;
}
/** A batch of a product (AI 01 + 10). */
export interface Lgtin {
  readonly kind: 'lgtin';
  readonly gtin: Gtin;
  readonly lot: string;
}
/** A product, as a class (AI 01). */
interface GtinClass {
  readonly kind: 'gtin';
  readonly gtin: Gtin;
}
/** A location (AI 414, extension AI 254). Extension "0" means that there is none; it is left out. */
export interface Sgln {
  readonly kind: 'sgln';
  readonly gln: Gln;
  readonly extension?: string;
}
/** A party (AI 417). */
interface Pgln {
  readonly kind: 'pgln';
  readonly gln: Gln;
}
/** A unit pack of tobacco (AI 01 + 235). It is not a unit under the law of custody. */
interface Upui {
  readonly kind: 'upui';
  readonly gtin: Gtin;
  readonly serial: string;
}
/** A piece of a trade item (AI 8006 + 21); without a serial number, the class. */
interface Itip {
  readonly kind: 'itip';
  readonly gtin: Gtin;
  readonly piece: string;
  readonly total: string;
  readonly serial?: string;
}
/** A component or part (AI 8010 + 8011); without a serial number, the class. */
interface Cpi {
  readonly kind: 'cpi';
  readonly part: string;
  readonly serial?: string;
}
/** A key that is the whole value of one Application Identifier; `value` is that value. */
export interface PlainKey {
  readonly kind: 'gdti' | 'gcn' | 'grai' | 'giai' | 'gsrn' | 'gsrnp' | 'ginc' | 'gsin';
  readonly value: string;
}
/** A URI that names no GS1 key, kept character by character (S2). */
interface OtherIdentifier {
  readonly kind: 'other';
  readonly uri: string;
}

/** The meaning of a code, independent of its form. Two codes of one thing parse to equal identifiers. */
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

/** An identifier that may be under custody (S1): it has a state key `unit/...`. */
export type UnitIdentifier = Sgtin | SsccIdentifier | CnIdentifier;

/** Returns whether the identifier may be under custody (S1). */
export function isUnit(identifier: Identifier): identifier is UnitIdentifier {
  return identifier.kind === 'sgtin' || identifier.kind === 'sscc' || identifier.kind === 'cn';
}

/**
 * An identifier with the text that it was read from: a Digital Link does not contain the length of the company prefix.
 */
export interface Captured {
  readonly text: string;
  readonly identifier: Identifier;
  /** Digits of the GS1 company prefix, known from a URN only. */
  readonly prefixLength?: number;
}
