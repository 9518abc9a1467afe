import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { expiryDate, isUnit, parseGln, parseScan, type Gln, type Sgln, type UnitIdentifier } from '@custos/core-gs1';

/** A scanned unit, with what else its code says of it. */
export interface ScannedUnit {
  readonly unit: UnitIdentifier;
  readonly lot?: string;
  /** YYYY-MM-DD. */
  readonly expiry?: string;
}

/** Codes in any form, as units; a code of something else than a pack, case or pallet is refused by its place. */
export function scanUnits(codes: readonly string[], field: string, now: number): Parsed<readonly ScannedUnit[]> {
  const units: ScannedUnit[] = [];
  for (const [i, code] of codes.entries()) {
    const unit = scanUnit(code, codes.length === 1 && field === '/container' ? field : `${field}/${i}`, now);
    if (!unit.ok) return unit;
    units.push(unit.value);
  }
  return parsed(units);
}

export function scanUnit(code: string, field: string, now: number): Parsed<ScannedUnit> {
  const scan = parseScan(code);
  if (!scan.ok) return malformed(scan.malformed.code, field, scan.malformed.fix);
  const { identifier, lot, expiry } = scan.value;
  if (!isUnit(identifier))
    return malformed('NOT_A_UNIT', field, 'send the code of a pack or case with serial, or an SSCC');
  if (expiry === undefined) return parsed({ unit: identifier, lot });
  const day = expiryDate(expiry, new Date(now).getUTCFullYear(), field);
  return day.ok ? parsed({ unit: identifier, lot, expiry: day.value }) : day;
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
