import { ALPHANUMERIC, tableOf } from '../identifiers/characters.js';

const HEX = '0123456789ABCDEF';

/** Returns the byte of the escape `%XX` at an index, or -1 without two hex digits. */
function escaped(text: string, at: number): number {
  const high = nibble(text.charCodeAt(at + 1));
  const low = nibble(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : 16 * high + low;
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

/** Decodes percent escapes in a path. A `%` without two hex digits stays, as printed codes hold such. */
export function unescapePath(text: string): string {
  return unescapeText(text, '+');
}

/** Decodes percent escapes in a query, as {@link unescapePath} does; `+` is a blank. */
export function unescapeQuery(text: string): string {
  return unescapeText(text, ' ');
}

function unescapeText(text: string, plus: string): string {
  if (!text.includes('%') && (plus === '+' || !text.includes('+'))) return text;
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    const code = character === '%' ? escaped(text, i) : -1;
    if (code >= 0) {
      plain += String.fromCharCode(code);
      i += 2;
    } else plain += character === '+' ? plus : character;
  }
  return plain;
}

// RFC 3986, 2.3.
const UNRESERVED = tableOf(`${ALPHANUMERIC}-._~`);

/**
 * Decodes the escapes of unreserved characters and writes all others in capitals (RFC 3986, 6.2.2.1 and 6.2.2.2).
 * Returns undefined for a `%` without two hex digits.
 */
export function unescapeUnreserved(text: string): string | undefined {
  if (!text.includes('%')) return text;
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '%') {
      plain += text[i]!;
      continue;
    }
    const code = escaped(text, i);
    if (code < 0) return undefined;
    plain += UNRESERVED[code] === true ? String.fromCharCode(code) : percent(code);
    i += 2;
  }
  return plain;
}

/**
 * Escapes all but unreserved characters: the only form of a value in a Digital Link that is written. The text holds
 * characters below 256 only.
 */
export function escapeUri(text: string): string {
  let link = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    link += UNRESERVED[code] === true ? text[i]! : percent(code);
  }
  return link;
}

/** Escapes a value in a query, as {@link escapeUri} does; a blank is `+`. */
export function escapeQuery(text: string): string {
  return escapeUri(text).split('%20').join('+');
}

// The characters of sets 82 and 39 that a URN escapes (EPC Tag Data Standard, table A-1).
const ESCAPED_IN_URN = '"%&/<>?#';

/** Escapes a value in an EPC URN (EPC Tag Data Standard, table A-1). */
export function escapeUrn(text: string): string {
  let urn = '';
  for (const character of text) {
    urn += ESCAPED_IN_URN.includes(character) ? percent(character.charCodeAt(0)) : character;
  }
  return urn;
}

/**
 * Decodes a value of an EPC URN. Returns undefined for an incomplete escape, and for a character that must be escaped
 * but is not: a URN has one form.
 */
export function unescapeUrn(text: string): string | undefined {
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '%') {
      const code = escaped(text, i);
      if (code < 0) return undefined;
      plain += String.fromCharCode(code);
      i += 2;
    } else if (ESCAPED_IN_URN.includes(character)) return undefined;
    else plain += character;
  }
  return plain;
}

function percent(code: number): string {
  return `%${HEX[(code >> 4) & 15]!}${HEX[code & 15]!}`;
}
