import { malformed, parsed, type Parsed } from '@custos/core-bytes';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const SMALL = LETTERS.toLowerCase();

/** Membership of ASCII characters by code. */
export function tableOf(characters: string): readonly boolean[] {
  const table = new Array<boolean>(128).fill(false);
  for (const character of characters) table[character.charCodeAt(0)] = true;
  return table;
}

export const ALPHANUMERIC = DIGITS + LETTERS + SMALL;

/** RFC 3986, 2: reserved and unreserved characters and the escape. */
export const URI = tableOf(`${ALPHANUMERIC}-._~:/?#[]@!$&'()*+,;=%`);

/** True when the characters from `from` to before `to` are all of the table. */
export function hasOnly(table: readonly boolean[], text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (table[text.charCodeAt(i)] !== true) return false;
  return true;
}

/** Turns A to Z into small letters and leaves every other character, so that no locale and no Unicode table counts. */
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

// General Specifications, 7.11: what the value of an Application Identifier may hold.
const TABLES = {
  n: tableOf(DIGITS),
  x: tableOf(DIGITS + LETTERS + SMALL + '!"%&\'()*+,-./:;<=>?_'),
  y: tableOf(DIGITS + LETTERS + '#-/'),
  z: tableOf(DIGITS + LETTERS + SMALL + '-_'),
};

/** n = digits, x = character set 82, y = set 39, z = set 64 (file-safe base 64, without its padding). */
export type CharacterSet = keyof typeof TABLES;

/** Index of the first character outside the set; -1 = none. */
export function firstOutside(text: string, set: CharacterSet): number {
  const table = TABLES[set];
  for (let i = 0; i < text.length; i++) if (table[text.charCodeAt(i)] !== true) return i;
  return -1;
}

/** General Specifications, AI (21) and (10). */
export const MAX_SERIAL = 20;
export const MAX_LOT = 20;

/** 1 to 20 characters of set 82, kept letter by letter: "0001" is not "1", "a" is not "A". */
export function parseSerial(text: string, field = 'serial'): Parsed<string> {
  return parseText82(text, field, MAX_SERIAL);
}

export function parseLot(text: string, field = 'lot'): Parsed<string> {
  return parseText82(text, field, MAX_LOT);
}

export function parseText82(text: string, field: string, max: number): Parsed<string> {
  if (text.length < 1 || text.length > max) return malformed('LENGTH_WRONG', field, `send 1 to ${max} characters`);
  const at = firstOutside(text, 'x');
  if (at >= 0) return malformed('CHARACTER_WRONG', field, `character ${at + 1} is not of GS1 character set 82`);
  return parsed(text);
}
