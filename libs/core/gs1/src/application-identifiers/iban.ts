import type { ComponentFault } from './component-fault.js';
import { COUNTRY_LETTERS } from './code-lists.js';

/** The limits of the length of an IBAN over all countries (ISO 13616). */
const SHORTEST_IBAN = 11;
const LONGEST_IBAN = 34;

/**
 * Returns the fault of an International Bank Account Number, or undefined: country, two check digits (the rotated
 * number modulo 97 is 1), account (ISO 13616).
 */
export function ibanFault(text: string): ComponentFault | undefined {
  const tooShort: ComponentFault = { fault: 'IBAN_TOO_SHORT', at: 0, fix: 'send the whole IBAN' };
  if (text.length < 4) return tooShort;
  if (!COUNTRY_LETTERS.has(text.slice(0, 2))) {
    return { fault: 'ILLEGAL_IBAN_COUNTRY_CODE', at: 0, fix: 'begin with the two letters of a country' };
  }
  if (text.length > LONGEST_IBAN) return { fault: 'IBAN_TOO_LONG', at: 0, fix: `send at most ${LONGEST_IBAN}` };
  if (text.length < SHORTEST_IBAN) return tooShort;
  let remainder = 0;
  for (let i = 0; i < text.length; i++) {
    const at = (i + 4) % text.length;
    const value = valueOf(text.charCodeAt(at));
    if (value < 0) return { fault: 'INVALID_IBAN_CHARACTER', at, fix: 'send capital letters and digits only' };
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1
    ? undefined
    : { fault: 'INCORRECT_IBAN_CHECKSUM', at: 2, fix: 'its third and fourth character must be its check digits' };
}

function valueOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 65 && code <= 90 ? code - 55 : -1;
}
