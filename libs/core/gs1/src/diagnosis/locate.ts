import { attempt, type Malformed } from '@custos/core-bytes';
import { findAi, type ApplicationIdentifier } from '../application-identifiers/ai.js';
import { isWebUri, LENIENT_LINK, nameOfSegment, splitLink } from '../forms/digital-link.js';
import { walkBracketed, walkElementString } from '../forms/element-string.js';
import { isEpcUrn } from '../forms/epc-urn.js';
import { padGtin } from '../identifiers/keys.js';
import { unescapePath, unescapeQuery } from '../forms/percent.js';
import { MAX_SCAN_LENGTH } from '../forms/scan.js';

/** An element at its place in a text, its value unchecked. */
export interface Located {
  readonly ai: ApplicationIdentifier;
  readonly value: string;
  /** Index in the text at which the value begins. */
  readonly at: number;
}

/** The number of characters of a symbology identifier. */
export const ID_LENGTH = 3;

/**
 * Returns the elements of a text with their places, up to the first structural fault. If elements precede the fault, it
 * is returned as `end`.
 */
export function locate(text: string): { readonly located: readonly Located[]; readonly end?: Malformed } {
  const blanks = text.length - text.trimStart().length;
  const from = blanks + (text[blanks] === ']' ? ID_LENGTH : 0);
  const code = text.slice(from).trimEnd();
  if (code.length > MAX_SCAN_LENGTH || isEpcUrn(code)) return { located: [] };
  if (isWebUri(code)) return { located: locateInLink(code).map((element) => ({ ...element, at: element.at + from })) };
  const located: Located[] = [];
  const walk = code[0] === '(' ? walkBracketed : walkElementString;
  const walked = attempt(() => walk(code, (ai, value, at) => located.push({ ai, value, at: at + from })));
  if (walked.ok || located.length === 0) return { located };
  const { field } = walked.malformed;
  const shifted = field[0] === '@' ? `@${Number(field.slice(1)) + from}` : field;
  return { located, end: { ...walked.malformed, field: shifted } };
}

/**
 * Returns the elements of a link in any order, or none when its path holds no GS1 key. The indexes count percent
 * escapes.
 */
export function locateInLink(link: string): readonly Located[] {
  const parts = splitLink(link);
  if (!parts) return [];
  const { segments, query, stem } = parts;
  const located: Located[] = [];
  const queryAt = stem.length + 1 + segments.join('/').length + 1;
  let end = queryAt - 1;
  for (let i = segments.length - 1; i > 0 && !located[0]?.ai.qualifiers; i -= 2) {
    const at = end - segments[i]!.length;
    const ai = findAi(nameOfSegment(segments[i - 1]!, LENIENT_LINK));
    if (!ai) return [];
    const value = unescapePath(segments[i]!);
    located.unshift({ ai, value: ai.ai === '01' ? (padGtin(value) ?? value) : value, at });
    end = at - 1 - segments[i - 1]!.length - 1;
  }
  if (!located[0]?.ai.qualifiers) return [];
  let at = queryAt;
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const ai = findAi(pair.slice(0, Math.max(equals, 0)));
    if (ai) located.push({ ai, value: unescapeQuery(pair.slice(equals + 1)), at: at + equals + 1 });
    at += pair.length + 1;
  }
  return located;
}
