import { isDigits } from '../identifiers/digits.js';
import { SEPARATOR } from '../forms/element-string.js';

/** A change that a scanner or keyboard makes to a code that was printed correctly. */
export type Mangling = 'case flip' | 'keyboard layout' | 'missing separator';

/** A text before a possible change, and the kind of the change. */
export interface Mangled {
  readonly kind: Mangling;
  readonly code: string;
}

/**
 * Returns other texts that may have been changed into this one, likeliest first (V3). It does not check whether they
 * are codes.
 */
export function manglings(text: string): readonly Mangled[] {
  const layouts = [azertyDigits(text), swapLetters(text, 'y', 'z')];
  return [
    ...layouts.filter((code) => code !== text).map((code) => ({ kind: 'keyboard layout' as const, code })),
    ...separations(text).map((code) => ({ kind: 'missing separator' as const, code })),
    ...[flipCase(text)].filter((code) => code !== text).map((code) => ({ kind: 'case flip' as const, code })),
  ];
}

/** Reverses the case of each letter: the effect of caps lock during a scan. */
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

/** The characters of AI (17) with its value: `17` and six digits. */
const EXPIRY_LENGTH = 8;

/**
 * Inserts a separator before each `17YYMMDD`: a serial number or lot may include an expiry whose separator was lost.
 */
function separations(text: string): readonly string[] {
  if (text.includes(SEPARATOR) || text[0] === '(' || text.includes('/')) return [];
  const found: string[] = [];
  for (let at = text.indexOf('17', 18); at >= 0; at = text.indexOf('17', at + 1)) {
    const digits = text.slice(at + 2, at + EXPIRY_LENGTH);
    if (digits.length === 6 && isDigits(digits)) found.push(text.slice(0, at) + SEPARATOR + text.slice(at));
  }
  return found;
}
