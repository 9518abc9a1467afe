import { findAi } from '../application-identifiers/ai.js';
import { firstOutside } from '../identifiers/characters.js';
import { isWebUri, LENIENT_LINK, nameOfSegment, splitLink, toDigitalLink } from './digital-link.js';
import { isEpcUrn, parseEpcUrn } from './epc-urn.js';
import { padGtin } from '../identifiers/keys.js';
import { escapeUri, unescapePath } from './percent.js';

// Keys with the AIs that make them finer, in order of preference. Without one of these, the key alone remains.
const FINER: ReadonlyMap<string, readonly string[]> = new Map([
  ['01', ['21', '235', '10']],
  ['8006', ['21', '10']],
  ['414', ['254']],
  ['8010', ['8011']],
]);

/**
 * Returns the link that the CBV event hash puts in place of an EPC URN or any Digital Link: on the canonical host, with
 * the finest identifier, without query. It is more lenient than `identify` because all implementations of the hash are:
 * it accepts old names and short GTINs and checks no check digit. Returns undefined for text that names no GS1 key.
 */
export function canonicalLink(text: string): string | undefined {
  if (isEpcUrn(text)) {
    const urn = parseEpcUrn(text);
    return urn.ok && urn.value.identifier.kind !== 'other' ? toDigitalLink(urn.value.identifier) : undefined;
  }
  const parts = isWebUri(text) ? splitLink(text) : undefined;
  return parts && canonicalPath(parts.segments);
}

function canonicalPath(segments: readonly string[]): string | undefined {
  const values = new Map<string, string>();
  for (let at = segments.length - 2; at >= 0; at -= 2) {
    const ai = nameOfSegment(segments[at]!, LENIENT_LINK);
    const known = findAi(ai);
    if (!known) return undefined;
    const value = shaped(ai, unescapePath(segments[at + 1]!));
    if (value === undefined) return undefined;
    if (known.qualifiers) return linkOf(ai, value, values, known.qualifiers.flat());
    values.set(ai, value);
  }
  return undefined;
}

function linkOf(
  key: string,
  value: string,
  behind: ReadonlyMap<string, string>,
  qualifiers: readonly string[],
): string | undefined {
  for (const ai of behind.keys()) if (!qualifiers.includes(ai)) return undefined;
  const finer = FINER.get(key)?.find((ai) => behind.has(ai));
  const link = `https://id.gs1.org/${key}/${escapeUri(value)}`;
  if (finer === undefined || (finer === '254' && behind.get(finer) === '0')) return link;
  return `${link}/${finer}/${escapeUri(behind.get(finer)!)}`;
}

// Checks length and characters only.
function shaped(ai: string, value: string): string | undefined {
  const padded = ai === '01' ? padGtin(value) : value;
  if (padded === undefined) return undefined;
  let at = 0;
  for (const { set, min, max, optional } of findAi(ai)!.components) {
    if (optional && at === padded.length) break;
    const part = padded.slice(at, at + max);
    if (part.length < min || firstOutside(part, set) >= 0) return undefined;
    at += part.length;
  }
  return at === padded.length ? padded : undefined;
}
