import type { Identifier } from '../identifiers/identifier.js';

/**
 * The layout of a key in an EPC URN (EPC Tag Data Standard, 6): company prefix and reference with a dot between them,
 * without check digit, then the tail.
 */
export interface UrnScheme {
  readonly scheme: string;
  readonly kind: Identifier['kind'];
  /** Number of digits of prefix and reference together; absent when the reference is text. */
  readonly digits?: number;
  /** Whether the first digit of the reference moves before the prefix (indicator of a GTIN, extension of an SSCC). */
  readonly leads?: boolean;
  /** Text before prefix and reference in the value of the AI. */
  readonly before?: string;
  /** Whether a check digit follows prefix and reference. */
  readonly checked?: boolean;
  /** Whether piece and total, of two digits each, stand between reference and serial number. */
  readonly pieces?: boolean;
  /** The part behind the last dot. */
  readonly tail: 'none' | 'serial' | 'lot' | 'extension';
}

/** The schemes of EPC URNs that hold a GS1 key (EPC Tag Data Standard, 6). */
export const URN_SCHEMES: readonly UrnScheme[] = [
  { scheme: 'sgtin', kind: 'sgtin', digits: 13, leads: true, checked: true, tail: 'serial' },
  { scheme: 'lgtin', kind: 'lgtin', digits: 13, leads: true, checked: true, tail: 'lot' },
  { scheme: 'upui', kind: 'upui', digits: 13, leads: true, checked: true, tail: 'serial' },
  { scheme: 'itip', kind: 'itip', digits: 13, leads: true, checked: true, pieces: true, tail: 'serial' },
  { scheme: 'sscc', kind: 'sscc', digits: 17, leads: true, checked: true, tail: 'none' },
  { scheme: 'sgln', kind: 'sgln', digits: 12, checked: true, tail: 'extension' },
  { scheme: 'pgln', kind: 'pgln', digits: 12, checked: true, tail: 'none' },
  { scheme: 'gdti', kind: 'gdti', digits: 12, checked: true, tail: 'serial' },
  { scheme: 'sgcn', kind: 'gcn', digits: 12, checked: true, tail: 'serial' },
  { scheme: 'grai', kind: 'grai', digits: 12, before: '0', checked: true, tail: 'serial' },
  { scheme: 'gsrn', kind: 'gsrn', digits: 17, checked: true, tail: 'none' },
  { scheme: 'gsrnp', kind: 'gsrnp', digits: 17, checked: true, tail: 'none' },
  { scheme: 'gsin', kind: 'gsin', digits: 16, checked: true, tail: 'none' },
  { scheme: 'giai', kind: 'giai', tail: 'none' },
  { scheme: 'ginc', kind: 'ginc', tail: 'none' },
  { scheme: 'cpi', kind: 'cpi', tail: 'serial' },
];

/** The smallest number of digits of a GS1 company prefix in an EPC URN. */
export const MIN_PREFIX = 6;
/** The largest number of digits of a GS1 company prefix in an EPC URN. */
export const MAX_PREFIX = 12;
