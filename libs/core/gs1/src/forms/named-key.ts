import { foldAscii } from '../identifiers/characters.js';
import { hasCheckDigit, isDigits } from '../identifiers/digits.js';
import { unescapePath } from './percent.js';
import { withoutDotSegments } from './uri.js';

// S1: a URI that is no Digital Link may be a misspelled one: an extra slash, a name in capitals, another scheme. The
// sign is a key with a correct check digit in the place where a Digital Link has it.

const GS1_HOST = 'id.gs1.org';

const GTIN_NAMES: readonly string[] = ['1', '01', 'gtin'];
const SSCC_NAMES: readonly string[] = ['0', '00', 'sscc'];
const GLN_NAMES: readonly string[] = ['414', '417', 'gln', 'party'];
const FINER_NAMES: readonly string[] = ['21', 'ser', '10', 'lot'];
const SERIAL_NAMES: readonly string[] = ['21', 'ser'];

/** Returns whether a host is `id.gs1.org`, which holds only GS1 keys, or a name below it. */
export function isGs1Host(host: string): boolean {
  const name = foldAscii(host);
  return name === GS1_HOST || name.endsWith(`.${GS1_HOST}`);
}

/** Returns whether parts of a path or query name a GTIN, an SSCC or a GLN, regardless of case and escapes. */
export function namesKey(text: string): boolean {
  const pieces = piecesOf(foldAscii(unescapePath(text)));
  return pieces.some((name, i) => {
    const value = pieces[i + 1];
    if (value === undefined || value === '') return false;
    const isFiner = FINER_NAMES.includes(pieces[i + 2] ?? '');
    if (GTIN_NAMES.includes(name)) return isGtin(value, isFiner || name === 'gtin');
    if (SSCC_NAMES.includes(name)) return isKey(value, 18);
    if (GLN_NAMES.includes(name)) return isKey(value, 13);
    return FINER_NAMES.includes(value) && isKey(name, 14);
  });
}

/** Returns whether a part of the text is a name of the serial number: `21` or `ser`. */
export function namesSerial(text: string): boolean {
  return piecesOf(foldAscii(unescapePath(text))).some((piece) => SERIAL_NAMES.includes(piece));
}

const GSRN_NAMES: readonly string[] = ['8017', '8018', 'gsrn', 'gsrnp'];
const GSRN_LENGTH = 18;

/**
 * Returns whether a text holds a Global Service Relation Number, which names a person who gives or receives care:
 * behind AI (8017) or (8018), or in an EPC URN, regardless of case, escapes and dot segments. The check digit is not
 * checked: a mistyped number may still identify the person.
 */
export function namesGsrn(text: string): boolean {
  const plain = foldAscii(unescapePath(text));
  // Fast path: this runs for every text of an event, and most hold no such name.
  if (!plain.includes('801') && !plain.includes('gsrn')) return false;
  const pieces = piecesOf(plain);
  return [pieces, withoutDotSegments(pieces)].some(holdsGsrn);
}

function holdsGsrn(pieces: readonly string[]): boolean {
  return pieces.some((name, i) => {
    // `urn:epc:id:gsrn:`, `urn:epc:tag:gsrn-96:` and similar URNs.
    if (name === 'epc') return pieces[i + 2]?.startsWith('gsrn') === true;
    const value = pieces[i + 1]?.slice(0, GSRN_LENGTH) ?? '';
    return GSRN_NAMES.includes(name) && value.length === GSRN_LENGTH && isDigits(value);
  });
}

// Eight digits may be a date: they count as a GTIN only when a name or a qualifier confirms it.
function isGtin(value: string, isSure: boolean): boolean {
  return isKey(value, 14) || isKey(value, 13) || isKey(value, 12) || (isSure && isKey(value, 8));
}

function isKey(text: string, length: number): boolean {
  return text.length === length && isDigits(text) && hasCheckDigit(text);
}

// Separators of a URI, and the brackets of the form printed for people.
const MARKS = '/:?&;=#()';

/**
 * Splits a URI at its separators into non-empty parts. The URI is decoded before, so that an escaped slash separates
 * too.
 */
function piecesOf(plain: string): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from <= plain.length; from++) {
    let end = from;
    while (end < plain.length && !MARKS.includes(plain[end]!)) end++;
    if (end > from) pieces.push(plain.slice(from, end));
    from = end;
  }
  return pieces;
}
