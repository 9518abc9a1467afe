import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { hasCheckDigit, isDigits } from './digits.js';
import type { Gln, Gtin, Sscc } from './identifier.js';

const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];
const GTIN_LENGTH = 14;
const SSCC_LENGTH = 18;
const GLN_LENGTH = 13;

/** Parses a GTIN of 8, 12, 13 or 14 digits and returns 14. Refuses NOT_DIGITS, LENGTH_WRONG, CHECK_DIGIT_WRONG. */
export function parseGtin(text: string, field = 'gtin'): Parsed<Gtin> {
  const padded = padGtin(text);
  if (padded !== undefined && hasCheckDigit(padded)) return parsed(padded as Gtin);
  return notThisKey(text, field, padded !== undefined, 'a GTIN of 8, 12, 13 or 14 digits');
}

/** Parses an SSCC of 18 digits. Refuses NOT_DIGITS, LENGTH_WRONG, CHECK_DIGIT_WRONG. */
export function parseSscc(text: string, field = 'sscc'): Parsed<Sscc> {
  const fits = text.length === SSCC_LENGTH;
  if (fits && isDigits(text) && hasCheckDigit(text)) return parsed(text as Sscc);
  return notThisKey(text, field, fits, 'an SSCC of 18 digits');
}

/** Parses a GLN of 13 digits. Refuses NOT_DIGITS, LENGTH_WRONG, CHECK_DIGIT_WRONG. */
export function parseGln(text: string, field = 'gln'): Parsed<Gln> {
  const fits = text.length === GLN_LENGTH;
  if (fits && isDigits(text) && hasCheckDigit(text)) return parsed(text as Gln);
  return notThisKey(text, field, fits, 'a GLN of 13 digits');
}

/**
 * Returns a GTIN of any length as 14 digits without checking its check digit; undefined for another length or other
 * characters.
 */
export function padGtin(text: string): string | undefined {
  return GTIN_LENGTHS.includes(text.length) && isDigits(text) ? text.padStart(GTIN_LENGTH, '0') : undefined;
}

function notThisKey(text: string, field: string, fits: boolean, what: string): Parsed<never> {
  if (!isDigits(text)) return malformed('NOT_DIGITS', field, `send ${what}, digits only`);
  if (!fits) return malformed('LENGTH_WRONG', field, `send ${what}, not ${text.length}`);
  return malformed('CHECK_DIGIT_WRONG', field, `send ${what} whose last digit is its check digit: read it again`);
}
