import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import {
  expiryDate,
  isUnit,
  parseGln,
  parseScan,
  unitKeyOf,
  type Gln,
  type Sgln,
  type UnitIdentifier,
} from '@custos/core-gs1';

/** A scanned unit, with what else its code says of it. */
export interface ScannedUnit {
  /** JSON pointer of its code in the task. */
  readonly at: string;
  readonly unit: UnitIdentifier;
  readonly lot?: string;
  /** YYYY-MM-DD. */
  readonly expiry?: string;
}

/** Codes in any form, as units; one that is no pack, case or pallet, or stands there twice, is refused by its place. */
export function scanUnits(codes: readonly string[], field: string, now: number): Parsed<readonly ScannedUnit[]> {
  const units: ScannedUnit[] = [];
  const seen = new Set<string>();
  for (const [i, code] of codes.entries()) {
    const at = `${field}/${i}`;
    const scanned = scanUnit(code, at, now);
    if (!scanned.ok) return scanned;
    const key = unitKeyOf(scanned.value.unit);
    if (seen.has(key)) return malformed('LISTED_TWICE', at, 'list each unit once');
    seen.add(key);
    units.push(scanned.value);
  }
  return parsed(units);
}

export function scanUnit(code: string, at: string, now: number): Parsed<ScannedUnit> {
  const scan = parseScan(code);
  if (!scan.ok) return malformed(scan.malformed.code, at, scan.malformed.fix);
  const { identifier, lot, expiry } = scan.value;
  if (!isUnit(identifier))
    return malformed('NOT_A_UNIT', at, 'send the code of a pack or case with serial, or an SSCC');
  const scanned = { at, unit: identifier, ...(lot !== undefined && { lot }) };
  if (expiry === undefined) return parsed(scanned);
  const day = expiryDate(expiry, new Date(now).getUTCFullYear(), at);
  return day.ok ? parsed({ ...scanned, expiry: day.value }) : day;
}

/** The contract has parsed it before. */
export function glnOf(text: string): Gln {
  const gln = parseGln(text);
  if (!gln.ok) throw new RangeError(`${text} passed the contract`);
  return gln.value;
}

export function placeOf(gln: string): Sgln {
  return { kind: 'sgln', gln: glnOf(gln) };
}
