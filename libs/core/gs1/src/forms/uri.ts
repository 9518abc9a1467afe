import { ALPHANUMERIC, hasOnly, tableOf, URI } from '../identifiers/characters.js';
import { unescapeUnreserved } from './percent.js';

/**
 * Returns whether the text has a scheme (RFC 3986, 3.1), a colon and at least one more character, without blanks and
 * control characters.
 */
export function isUri(text: string): boolean {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x7f) return false;
    if (i < colon && !isSchemeCharacter(code, i)) return false;
  }
  return true;
}

function isSchemeCharacter(code: number, at: number): boolean {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return true;
  if (at === 0) return false;
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
}

/**
 * Decodes the escapes of unreserved characters (RFC 3986, 6.2.2.2). Returns undefined for characters outside RFC 3986,
 * and for a `%` without two hex digits.
 */
export function plainUri(text: string): string | undefined {
  return hasOnly(URI, text, 0, text.length) ? unescapeUnreserved(text) : undefined;
}

/** The parts of a URI with a host, behind the scheme and its colon (RFC 3986, 3.2 to 3.5). */
export interface Address {
  readonly hasUser: boolean;
  /** Without port, and without a dot at the end. */
  readonly host: string;
  /** Segments of the path, dot segments included. */
  readonly segments: readonly string[];
  readonly query: string;
  readonly fragment: string;
}

const HOST_ENDS = '/?#';
const NAME = tableOf(`${ALPHANUMERIC}-._`);
const LITERAL = tableOf('0123456789abcdefABCDEF:.');
const DIGIT = tableOf('0123456789');

/**
 * Splits `//user@host/path?query#fragment` (RFC 3986, 3.2 to 3.5). An empty path counts as `/` (6.2.3). Returns
 * undefined without a host, and for a malformed host or port.
 */
export function addressOf(text: string): Address | undefined {
  if (!text.startsWith('//')) return undefined;
  let end = 2;
  while (end < text.length && !HOST_ENDS.includes(text[end]!)) end++;
  const userEnd = text.lastIndexOf('@', end - 1) + 1;
  const host = hostOf(text.slice(Math.max(userEnd, 2), end));
  if (host === undefined) return undefined;
  const [address, fragment] = cut(text.slice(end), '#');
  const [path, query] = cut(address, '?');
  return { hasUser: userEnd > 0, host, segments: path.slice(1).split('/'), query, fragment };
}

function cut(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function hostOf(authority: string): string | undefined {
  const isLiteral = authority.startsWith('[');
  const end = isLiteral ? authority.indexOf(']') + 1 : authority.indexOf(':');
  const host = end < 0 ? authority : authority.slice(0, end);
  const port = end < 0 ? '' : authority.slice(end);
  if (port !== '' && (port[0] !== ':' || !hasOnly(DIGIT, port, 1, port.length))) return undefined;
  if (isLiteral) return hasOnly(LITERAL, host, 1, host.length - 1) && host.length > 2 ? host : undefined;
  if (host === '' || !hasOnly(NAME, host, 0, host.length)) return undefined;
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** Removes the segments `.` and `..` from a path (RFC 3986, 5.2.4). */
export function withoutDotSegments(segments: readonly string[]): readonly string[] {
  if (!segments.includes('.') && !segments.includes('..')) return segments;
  const kept: string[] = [];
  segments.forEach((segment, i) => {
    const isDot = segment === '.' || segment === '..';
    if (segment === '..') kept.pop();
    if (!isDot) kept.push(segment);
    else if (i === segments.length - 1) kept.push('');
  });
  return kept;
}
