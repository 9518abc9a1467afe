import { faultOf } from '../application-identifiers/ai.js';
import { digitalLinkOf, splitLink } from '../forms/digital-link.js';
import { checkDigit, hasCheckDigit, isDigits } from '../identifiers/digits.js';
import { SEPARATOR } from '../forms/element-string.js';
import { ID_LENGTH, locate, locateInLink } from './locate.js';
import { manglings, type Mangling } from './manglings.js';
import { parseScan } from '../forms/scan.js';
import { SYMBOLOGY_IDS } from '../forms/symbology.js';

/** A known mistake of a scanner, a keyboard or a person that turns a valid code into another text. */
type Mistake =
  | Mangling
  | 'separator marker'
  | 'symbology identifier'
  | 'scheme left out'
  | 'blanks'
  | 'leading zero lost'
  | 'letter for digit'
  | 'digits swapped'
  | 'check digit left out'
  | 'order of the date'
  | 'order of the link';

/** A valid code that may have been intended, and the mistake that leads from it to the text that was sent. */
export interface Suggestion {
  readonly mistake: Mistake;
  readonly code: string;
}

/** The largest number of suggestions for one text; with MAX_TRIED it bounds the cost of a faulty code. */
const MAX_SUGGESTIONS = 8;
const MAX_TRIED = 64;

/**
 * Returns valid codes that may have been intended by a faulty text, one known mistake away, likeliest first, at most
 * {@link MAX_SUGGESTIONS}. Never apply one without a check: show it to a person, or look it up.
 */
export function suggestionsFor(text: string): readonly Suggestion[] {
  const found: Suggestion[] = [];
  let tried = 0;
  for (const meant of candidates(text)) {
    if (tried++ >= MAX_TRIED || found.length >= MAX_SUGGESTIONS) break;
    if (meant.code === text || found.some(({ code }) => code === meant.code)) continue;
    if (parseScan(meant.code).ok) found.push(meant);
  }
  return found;
}

function* candidates(text: string): Generator<Suggestion> {
  for (const marker of MARKERS) {
    if (text.includes(marker)) yield { mistake: 'separator marker', code: text.split(marker).join(SEPARATOR) };
  }
  for (const code of withoutPrefix(text)) yield { mistake: 'symbology identifier', code };
  if (text.includes('.') && !text.includes('://')) yield { mistake: 'scheme left out', code: `https://${text}` };
  for (const { kind, code } of manglings(text)) yield { mistake: kind, code };
  if (text.includes(' ')) yield { mistake: 'blanks', code: text.split(' ').join('') };
  yield* reorderedLink(text);
  yield* repairedValue(text);
}

// Replacements of the separator on labels, by drivers and by people.
const MARKERS: readonly string[] = [
  '\u241d',
  '{GS}',
  '<GS>',
  '[GS]',
  '<FNC1>',
  '{FNC1}',
  '\\u001d',
  '\\x1d',
  '\\F',
  '^',
  '~',
];

function withoutPrefix(text: string): readonly string[] {
  const head = text.slice(0, ID_LENGTH).toLowerCase();
  const known = SYMBOLOGY_IDS.filter((id) => id.toLowerCase() === head).map((id) => id + text.slice(ID_LENGTH));
  const unframed = SYMBOLOGY_IDS.some((id) => text.startsWith(id.slice(1))) && isDigits(text.slice(2, 4));
  const bare = unframed ? [`]${text}`] : [];
  const left = text[0] === ']' ? [text.slice(ID_LENGTH)] : [];
  return [...known, ...bare, ...left];
}

// For a link with qualifiers in the wrong order or in the query: a correct link of its elements.
function* reorderedLink(text: string): Generator<Suggestion> {
  const stem = splitLink(text)?.stem;
  const elements = locateInLink(text).map(({ ai, value }) => ({ ai: ai.ai, value }));
  if (stem === undefined || elements.length === 0) return;
  const link = digitalLinkOf(elements, stem);
  if (link.ok) yield { mistake: 'order of the link', code: link.value };
}

// Repairs the first value with a fault; the rest stays unchanged.
function* repairedValue(text: string): Generator<Suggestion> {
  const first = locate(text).located.find(({ ai, value, at }) => faultOf(ai, value) && text.startsWith(value, at));
  if (!first) return;
  const { ai, value, at } = first;
  for (const [mistake, repaired] of repairs(ai.ai, value, text.slice(at))) {
    yield { mistake, code: text.slice(0, at) + repaired };
  }
}

/** The number of digits of keys that hold digits only, by AI. */
const KEY_LENGTHS: ReadonlyMap<string, number> = new Map([
  ...['00', '8017', '8018'].map((ai) => [ai, 18] as const),
  ...['01', '02', '03'].map((ai) => [ai, 14] as const),
  ...['410', '411', '412', '413', '414', '415', '416', '417'].map((ai) => [ai, 13] as const),
  ['402', 17],
]);

function* repairs(ai: string, value: string, rest: string): Generator<readonly [Mistake, string]> {
  const length = KEY_LENGTHS.get(ai);
  const behind = rest.slice(value.length);
  if (length !== undefined) {
    // A value of fixed length that lacks one digit includes the first character of the next element.
    for (const short of [...shortKeys(value, length), ...shortKeys(value.slice(0, -1), length)]) {
      const more = value.length === short.length ? behind : value.slice(short.length) + behind;
      if (hasCheckDigit(short)) yield ['leading zero lost', `0${short}${more}`];
      yield ['check digit left out', short + checkDigit(short) + more];
    }
    yield ['letter for digit', digitsOf(value) + behind];
    for (const swapped of swaps(value)) yield ['digits swapped', swapped + behind];
  }
  if (value.length === 6 && isDigits(value)) {
    const [a, b, c] = [value.slice(0, 2), value.slice(2, 4), value.slice(4)];
    for (const date of [c + b + a, a + c + b, c + a + b]) yield ['order of the date', date + behind];
  }
}

function shortKeys(value: string, length: number): readonly string[] {
  return value.length === length - 1 && isDigits(value) ? [value] : [];
}

const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ['O', '0'],
  ['o', '0'],
  ['I', '1'],
  ['l', '1'],
  ['S', '5'],
  ['B', '8'],
]);

function digitsOf(value: string): string {
  return [...value].map((character) => LOOKALIKES.get(character) ?? character).join('');
}

// Swaps of neighbouring digits, the most common typing mistake. Swaps that the check digit cannot detect are left out.
function swaps(value: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; isDigits(value) && i < value.length - 1; i++) {
    const swapped = value.slice(0, i) + value[i + 1]! + value[i]! + value.slice(i + 2);
    if (swapped !== value && hasCheckDigit(swapped)) found.push(swapped);
  }
  return found;
}
