import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { AiElement } from '../application-identifiers/ai.js';
import { checkDigit, isDigits } from './digits.js';
import type { Gtin } from './identifier.js';

/** National drug numbers that we know by name. */
export type NationalScheme = 'PZN' | 'CIP' | 'CN' | 'DRN' | 'AIM' | 'NDC' | 'AIC' | 'SRN' | 'VNR' | 'SWISSMEDIC';

/** A national drug number found in a code, and where it stood. */
export interface NationalNumber {
  readonly scheme: NationalScheme;
  /** ISO 3166-1; of Vnr, the Nordic countries share it. */
  readonly country: string;
  readonly number: string;
  readonly ai: string;
  /** False when the number's own check digit is wrong; absent when it has none. */
  readonly checked?: boolean;
}

// National Healthcare Reimbursement Numbers: each has an Application Identifier of its own.
const REIMBURSEMENT: ReadonlyMap<string, readonly [NationalScheme, string]> = new Map([
  ['710', ['PZN', 'DE']],
  ['711', ['CIP', 'FR']],
  ['712', ['CN', 'ES']],
  ['713', ['DRN', 'BR']],
  ['714', ['AIM', 'PT']],
  ['715', ['NDC', 'US']],
  ['716', ['AIC', 'IT']],
  ['717', ['SRN', 'CR']],
]);

interface TradeItemNumber {
  readonly scheme: NationalScheme;
  readonly country: string;
  /** What the 14 digits begin with, behind the indicator. */
  readonly prefix: string;
  /** Digits of the national number between prefix and check digit. */
  readonly digits: number;
  /** The number holds prefix and check digit too. */
  readonly whole?: boolean;
}

// National Trade Item Numbers: GTINs whose company prefix GS1 gave to a national number.
const TRADE_ITEM_NUMBERS: readonly TradeItemNumber[] = [
  { scheme: 'NDC', country: 'US', prefix: '03', digits: 10 },
  { scheme: 'PZN', country: 'DE', prefix: '4150', digits: 8 },
  { scheme: 'CIP', country: 'FR', prefix: '34009', digits: 7, whole: true },
  { scheme: 'CN', country: 'ES', prefix: '847000', digits: 6 },
  { scheme: 'VNR', country: 'NO', prefix: '704626', digits: 6 },
  { scheme: 'SWISSMEDIC', country: 'CH', prefix: '7680', digits: 8 },
];

/** The national drug numbers that the elements of a code hold, in a GTIN or by themselves. */
export function nationalNumbers(elements: readonly AiElement[]): readonly NationalNumber[] {
  return elements.flatMap(({ ai, value }) => {
    if (ai === '01') return inGtin(value);
    const known = REIMBURSEMENT.get(ai);
    if (!known) return [];
    const [scheme, country] = known;
    return [{ scheme, country, number: value, ai, ...checkedBy(scheme, value) }];
  });
}

function inGtin(gtin: string): readonly NationalNumber[] {
  const row = TRADE_ITEM_NUMBERS.find(({ prefix }) => gtin.startsWith(prefix, 1));
  if (!row) return [];
  const { scheme, country, prefix, digits, whole } = row;
  const number = whole === true ? gtin.slice(1) : gtin.slice(1 + prefix.length, 1 + prefix.length + digits);
  return [{ scheme, country, number, ai: '01', ...checkedBy(scheme, number) }];
}

function checkedBy(scheme: NationalScheme, number: string): { readonly checked?: boolean } {
  return scheme === 'PZN' ? { checked: hasPznDigit(number) } : {};
}

const PZN_LENGTH = 8;

/** PZN: its first seven digits times 1 to 7, modulo 11, give the eighth; numbers that would give 10 are not assigned. */
export function hasPznDigit(pzn: string): boolean {
  if (pzn.length !== PZN_LENGTH || !isDigits(pzn)) return false;
  let sum = 0;
  for (let i = 0; i < PZN_LENGTH - 1; i++) sum += (i + 1) * (pzn.charCodeAt(i) - 48);
  return sum % 11 === pzn.charCodeAt(PZN_LENGTH - 1) - 48;
}

/**
 * The GTIN that stands for a national number (NTIN), hyphens and blanks left out. Refuses SCHEME_UNKNOWN for numbers that
 * have none, LENGTH_WRONG and CHECK_DIGIT_WRONG.
 */
export function gtinOfNational(scheme: NationalScheme, number: string): Parsed<Gtin> {
  const row = TRADE_ITEM_NUMBERS.find((known) => known.scheme === scheme);
  if (!row) return malformed('SCHEME_UNKNOWN', 'scheme', 'this number stands in no GTIN: send the GTIN of the pack');
  const digits = number.split('-').join('').split(' ').join('');
  const length = row.whole === true ? row.prefix.length + row.digits + 1 : row.digits;
  if (!isDigits(digits) || digits.length !== length) {
    return malformed('LENGTH_WRONG', 'number', `send ${length} digits`);
  }
  if (scheme === 'PZN' && !hasPznDigit(digits)) {
    return malformed(
      'CHECK_DIGIT_WRONG',
      'number',
      'read it again: its last digit is the check digit of those before it',
    );
  }
  const body = row.whole === true ? digits.slice(0, -1) : row.prefix + digits;
  const gtin = `0${body}${checkDigit(body)}`;
  if (row.whole === true && !gtin.endsWith(digits)) {
    return malformed(
      'CHECK_DIGIT_WRONG',
      'number',
      'read it again: its last digit is the check digit of those before it',
    );
  }
  return parsed(gtin as Gtin);
}
