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

/** What a scanned or typed code says. */
export interface ReadCode {
  readonly unit?: UnitIdentifier;
  readonly gtin?: string;
  readonly lot?: string;
  /** YYYY-MM-DD. */
  readonly expiry?: string;
  readonly malformed?: Malformed;
  /** Other readings of a code that looks mangled, likeliest first (V3). */
  readonly repairs: readonly Repair[];
}

export interface Repair {
  readonly kind: Mangling;
  readonly code: string;
  readonly read: Omit<ReadCode, 'repairs'>;
}

/** V3: a mangled scan may be read otherwise in a few ways; each costs one look-up. */
export const MAX_REPAIRS = 8;

/** Reads a code as it came; `year` settles the century of an expiry date (the block's, never a clock's). */
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
