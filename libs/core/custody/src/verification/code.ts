import type { Malformed, Parsed } from '@custos/core-bytes';
import { expiryDate, isUnit, parseScan, type Scan, type UnitIdentifier } from '@custos/core-gs1';

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

export const MANGLINGS = ['case flip', 'keyboard layout', 'missing separator'] as const;
export type Mangling = (typeof MANGLINGS)[number];

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

interface Mangled {
  readonly kind: Mangling;
  readonly code: string;
}

function manglings(text: string): readonly Mangled[] {
  const layouts = [azertyDigits(text), swapLetters(text, 'y', 'z')];
  return [
    ...layouts.filter((code) => code !== text).map((code) => ({ kind: 'keyboard layout' as const, code })),
    ...separations(text).map((code) => ({ kind: 'missing separator' as const, code })),
    ...[flipCase(text)].filter((code) => code !== text).map((code) => ({ kind: 'case flip' as const, code })),
  ];
}

/** Caps lock while the scanner typed. */
function flipCase(text: string): string {
  return [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join('');
}

function swapLetters(text: string, a: string, b: string): string {
  const swapped = new Map([
    [a, b],
    [b, a],
    [a.toUpperCase(), b.toUpperCase()],
    [b.toUpperCase(), a.toUpperCase()],
  ]);
  return [...text].map((char) => swapped.get(char) ?? char).join('');
}

// The top row of a French keyboard without shift.
const AZERTY = 'à&é"\'(-è_ç';

function azertyDigits(text: string): string {
  if (!text.startsWith('à&')) return text;
  return [...text].map((char) => (AZERTY.includes(char) ? String(AZERTY.indexOf(char)) : char)).join('');
}

const SEPARATOR = '\u001d';
/** `17`, six digits. */
const EXPIRY_LENGTH = 8;

/** Where a serial or lot has swallowed an expiry: a separator before `17YYMMDD`, and after what came before it. */
function separations(text: string): readonly string[] {
  if (text.includes(SEPARATOR) || text[0] === '(' || text.includes('/')) return [];
  const found: string[] = [];
  for (let at = text.indexOf('17', 18); at >= 0; at = text.indexOf('17', at + 1)) {
    const digits = text.slice(at + 2, at + EXPIRY_LENGTH);
    if (digits.length === 6 && [...digits].every((char) => char >= '0' && char <= '9'))
      found.push(text.slice(0, at) + SEPARATOR + text.slice(at));
  }
  return found;
}
