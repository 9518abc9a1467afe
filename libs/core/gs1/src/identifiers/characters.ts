import { malformed, parsed, type Parsed } from '@custos/core-bytes';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const SMALL = LETTERS.toLowerCase();

/** Returns a table of ASCII characters, indexed by code: true for those in `characters`. */
export function tableOf(characters: string): readonly boolean[] {
  const table = new Array<boolean>(128).fill(false);
  for (const character of characters) table[character.charCodeAt(0)] = true;
  return table;
}

/** The ASCII digits and letters. */
export const ALPHANUMERIC = DIGITS + LETTERS + SMALL;

/** The characters of a URI: reserved, unreserved and `%` (RFC 3986, 2). */
export const URI = tableOf(`${ALPHANUMERIC}-._~:/?#[]@!$&'()*+,;=%`);

/** Returns whether all characters from index `from` to before `to` are in the table. */
export function hasOnly(table: readonly boolean[], text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (table[text.charCodeAt(i)] !== true) return false;
  return true;
}

/** Turns A to Z into small letters and keeps every other character; it depends on no locale and no Unicode table. */
export function foldAscii(text: string): string {
  let folded = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 65 || code > 90) continue;
    folded += text.slice(from, i) + String.fromCharCode(code + 32);
    from = i + 1;
  }
  return folded + text.slice(from);
}

// Characters of the values of Application Identifiers (General Specifications, 7.11).
const TABLES = {
  n: tableOf(DIGITS),
  x: tableOf(DIGITS + LETTERS + SMALL + '!"%&\'()*+,-./:;<=>?_'),
  y: tableOf(DIGITS + LETTERS + '#-/'),
  z: tableOf(DIGITS + LETTERS + SMALL + '-_'),
};

/** A character set of GS1: n = digits, x = set 82, y = set 39, z = set 64 (file-safe base 64, without its padding). */
export type CharacterSet = keyof typeof TABLES;

/** Returns the index of the first character outside the set, or -1. */
export function firstOutside(text: string, set: CharacterSet): number {
  const table = TABLES[set];
  for (let i = 0; i < text.length; i++) if (table[text.charCodeAt(i)] !== true) return i;
  return -1;
}

/** The largest number of characters of a serial number (General Specifications, AI (21)). */
const MAX_SERIAL = 20;
/** The largest number of characters of a lot (General Specifications, AI (10)). */
const MAX_LOT = 20;

/**
 * Parses a serial number of 1 to 20 characters of set 82. Case and leading zeros count: "0001" is not "1", "a" is not
 * "A". Refuses LENGTH_WRONG and CHARACTER_WRONG.
 */
export function parseSerial(text: string, field = 'serial'): Parsed<string> {
  return parseText82(text, field, MAX_SERIAL);
}

/** Parses a lot of 1 to 20 characters of set 82, as {@link parseSerial} does. */
export function parseLot(text: string, field = 'lot'): Parsed<string> {
  return parseText82(text, field, MAX_LOT);
}

/** Parses 1 to `max` characters of set 82. Refuses LENGTH_WRONG and CHARACTER_WRONG. */
function parseText82(text: string, field: string, max: number): Parsed<string> {
  if (text.length < 1 || text.length > max) return malformed('LENGTH_WRONG', field, `send 1 to ${max} characters`);
  const at = firstOutside(text, 'x');
  if (at >= 0) return malformed('CHARACTER_WRONG', field, `character ${at + 1} is not of GS1 character set 82`);
  return parsed(text);
}
