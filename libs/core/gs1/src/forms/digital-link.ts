import { attempt, malformed, parsed, reject, type Parsed } from '@custos/core-bytes';
import { refusalOf, findAi, type AiElement, type ApplicationIdentifier } from '../application-identifiers/ai.js';
import { ALPHANUMERIC, hasOnly, tableOf, URI } from '../identifiers/characters.js';
import { isDigits } from '../identifiers/digits.js';
import { Elements } from './element-string.js';
import type { Identifier } from '../identifiers/identifier.js';
import { elementsOfIdentifier } from '../identifiers/key-elements.js';
import { padGtin } from '../identifiers/keys.js';
import { escapeQuery, escapeUri, unescapePath, unescapeQuery } from './percent.js';
import { CN_URN } from '../identifiers/unit-key.js';

/** The scheme and host of canonical links. */
export const CANONICAL_STEM = 'https://id.gs1.org';

/** The forms of older editions of the Digital Link standard that a reader accepts. */
export interface LinkLeniency {
  /** Whether a GTIN in the path may have 8, 12 or 13 digits. */
  readonly shortGtin?: boolean;
  /** Whether names may replace the digits of AIs: `/gtin/.../ser/...`. */
  readonly names?: boolean;
}

/** The forms of the current edition of the standard only. */
export const STRICT_LINK: LinkLeniency = {};
/** The forms of all editions, for links that were printed under older ones. */
export const LENIENT_LINK: LinkLeniency = { shortGtin: true, names: true };

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sscc: '00',
    gtin: '01',
    cpv: '22',
    lot: '10',
    ser: '21',
    gdti: '253',
    gcn: '255',
    ginc: '401',
    gsin: '402',
    gln: '414',
    glnx: '254',
    refno: '8020',
    payTo: '415',
    party: '417',
    grai: '8003',
    giai: '8004',
    itip: '8006',
    cpid: '8010',
    cpsn: '8011',
    gmn: '8013',
    gsrnp: '8017',
    gsrn: '8018',
    srin: '8019',
  }),
);

/** Returns whether the text begins with `http://` or `https://`, all in small or all in capital letters. */
export function isWebUri(text: string): boolean {
  return schemeLength(text) > 0;
}

function schemeLength(text: string): number {
  if (text.startsWith('https://') || text.startsWith('HTTPS://')) return 8;
  return text.startsWith('http://') || text.startsWith('HTTP://') ? 7 : 0;
}

/** A web address in parts: `stem` is scheme and host, `query` has no question mark. The fragment is dropped. */
export interface LinkParts {
  readonly segments: readonly string[];
  readonly query: string;
  readonly stem: string;
}

/** Splits a web address. Returns undefined for any other text, and for an address without a path. */
export function splitLink(text: string): LinkParts | undefined {
  const start = schemeLength(text);
  if (start === 0 || !hasOnly(URI, text, start, text.length)) return undefined;
  const fragment = text.indexOf('#');
  const address = fragment < 0 ? text : text.slice(0, fragment);
  const mark = address.indexOf('?');
  const path = mark < 0 ? address : address.slice(0, mark);
  const slash = path.indexOf('/', start);
  if (slash <= start || !hasOnly(HOST, path, start, slash)) return undefined;
  return {
    stem: path.slice(0, slash),
    segments: path.slice(slash + 1).split('/'),
    query: mark < 0 ? '' : address.slice(mark + 1),
  };
}

/**
 * Parses a Digital Link and returns the elements of its path, then those of its query. Refuses URI_INVALID for text
 * that is no web address, and KEY_MISSING for an address whose path names no GS1 key. Every other refusal means a
 * faulty Digital Link.
 */
export function parseDigitalLink(text: string, leniency: LinkLeniency = STRICT_LINK): Parsed<readonly AiElement[]> {
  const parts = splitLink(text);
  if (!parts) return malformed('URI_INVALID', '@0', 'send a web address, http:// or https://');
  const at = keyIndex(parts.segments, leniency);
  if (at >= 0) return readLink(parts, at, leniency);
  return malformed('KEY_MISSING', '@0', 'send a path that holds a GS1 key, as in /01/<GTIN>/21/<serial>');
}

/** Parses the elements of a link whose key is at segment `at` (see {@link keyIndex}). */
export function readLink(
  { segments, query }: Omit<LinkParts, 'stem'>,
  at: number,
  leniency: LinkLeniency,
): Parsed<readonly AiElement[]> {
  return attempt(() => {
    const elements = new Elements();
    readQuery(query, readPath(segments, at, leniency, elements), elements);
    return elements.list;
  });
}

/**
 * Returns the index of the segment that names the primary key, as far to the right as possible, or -1. The segments
 * before it are a path of the domain owner.
 */
export function keyIndex(segments: readonly string[], leniency: LinkLeniency): number {
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const ai = aiOfSegment(segments[at]!, leniency);
    if (!ai) return -1;
    if (ai.qualifiers) return at;
  }
  return -1;
}

function aiOfSegment(segment: string, leniency: LinkLeniency): ApplicationIdentifier | undefined {
  return findAi(nameOfSegment(segment, leniency));
}

/** Returns the AI that a path segment names, or the segment itself when it is no known name. */
export function nameOfSegment(segment: string, leniency: LinkLeniency): string {
  return (leniency.names === true ? NAMES.get(segment) : undefined) ?? segment;
}

interface Path {
  readonly key: ApplicationIdentifier;
  readonly qualifiers: readonly string[];
}

function readPath(segments: readonly string[], at: number, leniency: LinkLeniency, elements: Elements): Path {
  const key = aiOfSegment(segments[at]!, leniency)!;
  elements.add(key, valueInPath(key, segments[at + 1]!, leniency));
  const qualifiers: string[] = [];
  for (let i = at + 2; i < segments.length; i += 2) {
    const ai = aiOfSegment(segments[i]!, leniency)!;
    qualifiers.push(ai.ai);
    elements.add(ai, valueInPath(ai, segments[i + 1]!, leniency));
  }
  if (!key.qualifiers!.some((sequence) => isSubsequence(qualifiers, sequence))) {
    const order = key.qualifiers!.map((sequence) => sequence.join(', ')).join(' or ');
    reject('QUALIFIER_WRONG', `(${qualifiers.at(-1)!})`, order === '' ? 'leave it out' : `in this order: ${order}`);
  }
  return { key, qualifiers };
}

function valueInPath(ai: ApplicationIdentifier, segment: string, leniency: LinkLeniency): string {
  const value = unescapePath(segment);
  return ai.ai === '01' && leniency.shortGtin === true ? (padGtin(value) ?? value) : value;
}

function readQuery(query: string, path: Path, elements: Elements): void {
  if (query === '') return;
  for (const pair of query.split('&').flatMap((part) => part.split(';'))) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    // A parameter whose name is no number is not part of the code.
    if (!isDigits(name) || equals < 0) continue;
    const ai = findAi(name);
    if (!ai?.attribute || isQualifier(ai.ai, path)) return reject('AI_NOT_IN_QUERY', `(${name})`, fixOfQuery(ai));
    if (elements.has(name)) reject('AI_REPEATED', `(${name})`, 'send it once');
    const value = unescapeQuery(pair.slice(equals + 1));
    elements.add(ai, name === '01' ? (padGtin(value) ?? value) : value);
  }
}

function isQualifier(ai: string, { key, qualifiers }: Path): boolean {
  return key.qualifiers!.some((sequence) => sequence.includes(ai) && isSubsequence(qualifiers, sequence));
}

function fixOfQuery(ai: ApplicationIdentifier | undefined): string {
  return ai ? 'put it into the path, behind the key' : 'send an Application Identifier of GS1';
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const item of whole) if (part[at] === item) at++;
  return at === part.length;
}

const HOST = tableOf(`${ALPHANUMERIC}-.:[]_`);

/**
 * Returns the canonical link of an identifier. Kinds `cn` and `other` keep their own URI. The stem may end in a slash.
 */
export function toDigitalLink(identifier: Identifier, stem = CANONICAL_STEM): string {
  if (identifier.kind === 'other') return identifier.uri;
  if (identifier.kind === 'cn') return CN_URN + identifier.code;
  return withoutSlash(stem) + pathOf(elementsOfIdentifier(identifier));
}

function withoutSlash(stem: string): string {
  let end = stem.length;
  while (stem[end - 1] === '/') end--;
  return stem.slice(0, end);
}

function pathOf(elements: readonly AiElement[]): string {
  return elements.map(({ ai, value }) => `/${ai}/${escapeUri(value)}`).join('');
}

/**
 * Returns a link that holds all elements: the first key among them with its qualifiers in the path, the others in the
 * query. Refuses KEY_MISSING, AI_UNKNOWN, AI_NOT_IN_QUERY, and values that {@link refusalOf} refuses.
 */
export function digitalLinkOf(elements: readonly AiElement[], stem = CANONICAL_STEM): Parsed<string> {
  const key = elements.map(({ ai }) => findAi(ai)).find((ai) => ai?.qualifiers);
  if (!key) return malformed('KEY_MISSING', '', 'send a GS1 key among the elements');
  return attempt(() => {
    const all = new Elements();
    for (const { ai, value } of elements) all.add(findAi(ai) ?? reject('AI_UNKNOWN', `(${ai})`, 'leave it out'), value);
    const sequence = key.qualifiers!.find((qualifiers) => qualifiers.some((ai) => all.has(ai))) ?? [];
    const inPath = [key.ai, ...sequence].filter((ai) => all.has(ai));
    const path = pathOf(inPath.map((ai) => all.list.find((element) => element.ai === ai)!));
    const rest = all.list.filter(({ ai }) => !inPath.includes(ai));
    for (const { ai } of rest) {
      if (findAi(ai)?.attribute !== true) reject('AI_NOT_IN_QUERY', `(${ai})`, 'no Digital Link of this key holds it');
    }
    const query = rest.map(({ ai, value }) => `${ai}=${escapeQuery(value)}`).join('&');
    return withoutSlash(stem) + path + (query === '' ? '' : `?${query}`);
  });
}

/** Checks one value and returns its element. Refuses AI_UNKNOWN, and what {@link refusalOf} finds. */
export function checkedElement(ai: string, value: string): Parsed<AiElement> {
  const known = findAi(ai);
  if (!known) return malformed('AI_UNKNOWN', `(${ai})`, 'send an Application Identifier of GS1');
  const fault = refusalOf(known, value);
  return fault ? { ok: false, malformed: fault } : parsed({ ai, value });
}
