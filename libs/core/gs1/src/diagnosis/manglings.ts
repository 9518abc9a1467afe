import { isDigits } from '../identifiers/digits.js';
import { SEPARATOR } from '../forms/element-string.js';

/** What scanners and keyboards do to codes that were printed right. */
export type Mangling = 'case flip' | 'keyboard layout' | 'missing separator';

export interface Mangled {
  readonly kind: Mangling;
  readonly code: string;
}

/** V3: other texts that may have been sent as this one, likeliest first; whether they are codes is not looked at. */
export function manglings(text: string): readonly Mangled[] {
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

/** `17`, six digits. */
const EXPIRY_LENGTH = 8;

/** Where a serial or lot has swallowed an expiry: a separator before `17YYMMDD`, and after what came before it. */
function separations(text: string): readonly string[] {
  if (text.includes(SEPARATOR) || text[0] === '(' || text.includes('/')) return [];
  const found: string[] = [];
  for (let at = text.indexOf('17', 18); at >= 0; at = text.indexOf('17', at + 1)) {
    const digits = text.slice(at + 2, at + EXPIRY_LENGTH);
    if (digits.length === 6 && isDigits(digits)) found.push(text.slice(0, at) + SEPARATOR + text.slice(at));
  }
  return found;
}
