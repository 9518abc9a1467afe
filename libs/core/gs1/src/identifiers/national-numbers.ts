import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { AiElement } from '../application-identifiers/ai.js';
import { checkDigit, isDigits } from './digits.js';
import type { Gtin } from './identifier.js';

/** A scheme of national drug numbers that Custos reads. */
export type NationalScheme = 'PZN' | 'CIP' | 'CN' | 'DRN' | 'AIM' | 'NDC' | 'AIC' | 'SRN' | 'VNR' | 'SWISSMEDIC';

/** A national drug number found in a code, and the Application Identifier that holds it. */
export interface NationalNumber {
  readonly scheme: NationalScheme;
  /** Code of ISO 3166-1 alpha-2. `NO` for VNR, which the Nordic countries share. */
  readonly country: string;
  readonly number: string;
  readonly ai: string;
  /** Whether the number's own check digit is correct; absent when the scheme has none. */
  readonly checked?: boolean;
}

// National Healthcare Reimbursement Numbers, each with its own Application Identifier.
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
  /** The first digits of the GTIN-14, behind the indicator. */
  readonly prefix: string;
  /** Digits of the national number between prefix and check digit. */
  readonly digits: number;
  /** Whether the number includes prefix and check digit. */
  readonly whole?: boolean;
}

// National Trade Item Numbers: GTINs with a company prefix that GS1 assigned to a national scheme.
const TRADE_ITEM_NUMBERS: readonly TradeItemNumber[] = [
  { scheme: 'NDC', country: 'US', prefix: '03', digits: 10 },
  { scheme: 'PZN', country: 'DE', prefix: '4150', digits: 8 },
  { scheme: 'CIP', country: 'FR', prefix: '34009', digits: 7, whole: true },
  { scheme: 'CN', country: 'ES', prefix: '847000', digits: 6 },
  { scheme: 'VNR', country: 'NO', prefix: '704626', digits: 6 },
  { scheme: 'SWISSMEDIC', country: 'CH', prefix: '7680', digits: 8 },
];

/** Returns the national drug numbers in the elements of a code: inside a GTIN, or in an element of their own. */
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

/**
 * Returns whether the check digit of a PZN of 8 digits is correct: its first seven digits times 1 to 7, modulo 11, give
 * the eighth. Numbers with remainder 10 are not assigned.
 */
function hasPznDigit(pzn: string): boolean {
  if (pzn.length !== PZN_LENGTH || !isDigits(pzn)) return false;
  let sum = 0;
  for (let i = 0; i < PZN_LENGTH - 1; i++) sum += (i + 1) * (pzn.charCodeAt(i) - 48);
  return sum % 11 === pzn.charCodeAt(PZN_LENGTH - 1) - 48;
}

/**
 * Returns the GTIN that contains a national number (NTIN). Hyphens and blanks are left out. Refuses SCHEME_UNKNOWN for
 * a scheme without GTINs, LENGTH_WRONG and CHECK_DIGIT_WRONG.
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
