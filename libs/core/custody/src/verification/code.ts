import type { Malformed, Parsed } from '@custos/core-bytes';
import {
  expiryDate,
  isUnit,
  manglings,
  parseScan,
  type Mangling,
  type Scan,
  type UnitIdentifier,
} from '@custos/core-gs1';

/** The content of a scanned or typed code. */
export interface ReadCode {
  readonly unit?: UnitIdentifier;
  readonly gtin?: string;
  readonly lot?: string;
  /** YYYY-MM-DD. */
  readonly expiry?: string;
  readonly malformed?: Malformed;
  /** Other readings of a code that looks mangled, the most likely first (V3). */
  readonly repairs: readonly Repair[];
}

/** A repaired reading of a mangled code, with the kind of the mangling. */
export interface Repair {
  readonly kind: Mangling;
  readonly code: string;
  readonly read: Omit<ReadCode, 'repairs'>;
}

/** V3: the largest number of repairs of a mangled scan; each costs one look-up. */
const MAX_REPAIRS = 8;

/**
 * Reads a code and its possible repairs (V3). `year` determines the century of an expiry date: the year of the block,
 * never of a clock.
 */
export function readCode(text: string, year: number): ReadCode {
  const read = readOne(text, year);
  const repairs: Repair[] = [];
  for (const { kind, code } of manglings(text)) {
    const other = readOne(code, year);
    if (other.unit && !other.malformed && repairs.length < MAX_REPAIRS) repairs.push({ kind, code, read: other });
  }
  return { ...read, repairs };
}

function readOne(text: string, year: number): Omit<ReadCode, 'repairs'> {
  const scan: Parsed<Scan> = parseScan(text);
  if (!scan.ok) return { malformed: scan.malformed };
  const { identifier, lot, expiry } = scan.value;
  const day = expiry === undefined ? undefined : expiryDate(expiry, year);
  if (day && !day.ok) return { malformed: day.malformed };
  return {
    unit: isUnit(identifier) ? identifier : undefined,
    gtin: 'gtin' in identifier ? identifier.gtin : undefined,
    lot: lot ?? (identifier.kind === 'lgtin' ? identifier.lot : undefined),
    expiry: day?.value,
  };
}
