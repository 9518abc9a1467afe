import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { AiElement } from '../application-identifiers/ai.js';
import { foldAscii, hasOnly, tableOf } from '../identifiers/characters.js';
import { keyIndex, LENIENT_LINK, nameOfSegment, readLink } from './digital-link.js';
import { EPC, parseEpcUrn } from './epc-urn.js';
import type { Identifier } from '../identifiers/identifier.js';
import { identifierOfElements } from '../identifiers/key-elements.js';
import { isGs1Host, namesKey, namesSerial } from './named-key.js';
import { unescapePath } from './percent.js';
import { parseCn } from '../identifiers/unit-key.js';
import { addressOf, isUri, plainUri, withoutDotSegments, type Address } from './uri.js';
import { URN_SCHEMES } from './urn-schemes.js';

/** The largest number of characters of an identifier. Every GS1 key in every form is far shorter. */
export const MAX_EPC_LENGTH = 1_024;

/** An identifier, with lot and expiry when the Digital Link of a pack holds them. */
export interface Identified {
  readonly identifier: Identifier;
  readonly lot?: string;
  /** Value of AI (17), YYMMDD, as in the link; parse it with `expiryDate`. */
  readonly expiry?: string;
}

/**
 * Parses an EPC, EPC class, place or party of an event, a task or a query (S1). All spellings that RFC 3986, RFC 8141
 * and GS1 define as equal give one identifier. A malformed spelling of a GS1 key is refused and never taken for a
 * foreign URI. A URI that names no GS1 key has kind `other` and stays unchanged, character by character (S2).
 * Refuses TOO_LONG, URI_INVALID, URN_INVALID, KEY_MISSING, AI_NOT_IN_QUERY and faults of the key.
 */
export function identify(text: string): Parsed<Identified> {
  if (text.length > MAX_EPC_LENGTH) return malformed('TOO_LONG', 'uri', `at most ${MAX_EPC_LENGTH} characters`);
  const plain = plainUri(text);
  if (plain === undefined)
    return malformed('URI_INVALID', 'uri', 'send the characters of RFC 3986 only, and two hex digits behind each %');
  if (!isUri(plain)) return malformed('URI_INVALID', 'uri', 'send an EPC URN, a GS1 Digital Link or another URI');
  const colon = plain.indexOf(':');
  const rest = plain.slice(colon + 1);
  switch (foldAscii(plain.slice(0, colon))) {
    case 'urn':
      return fromUrn(text, rest);
    case 'http':
    case 'https':
      return fromLink(text, rest);
    case 'epc':
    case 'custos':
      return malformed('URN_INVALID', 'uri', 'begin with urn:');
    default:
      return isMeantForKey(rest) ? notLikeThis() : other(text);
  }
}

function other(uri: string): Parsed<Identified> {
  return parsed({ identifier: { kind: 'other', uri } });
}

function notLikeThis(): Parsed<never> {
  const fix = 'write a GS1 key as its Digital Link, https://id.gs1.org/01/<GTIN>/21/<serial>, or as its EPC URN';
  return malformed('KEY_MISSING', 'uri', fix);
}

/** Returns whether a URI of another scheme was meant for a GS1 key, by its host or by the parts behind it. */
function isMeantForKey(rest: string): boolean {
  return tellsKey(addressOf(rest) ?? { host: '', segments: rest.split('/'), query: '', fragment: '' });
}

// Checked with and without dot segments: other schemes may use them as names.
function tellsKey({ host, segments, query, fragment }: Omit<Address, 'hasUser'>): boolean {
  if (isGs1Host(host)) return true;
  return [segments, withoutDotSegments(segments)].some((path) => namesKey(`${path.join('/')}?${query}#${fragment}`));
}

// --- URNs

const NID = tableOf('0123456789abcdefghijklmnopqrstuvwxyz-');
const HEX = tableOf('0123456789abcdef');
const SEALED = 'sealed:';
const SEAL_LENGTH = 64;

// RFC 8141, 3.1: scheme and namespace are case-insensitive; the namespace defines the rest.
function fromUrn(text: string, rest: string): Parsed<Identified> {
  const end = rest.indexOf(':');
  const nid = foldAscii(rest.slice(0, Math.max(end, 0)));
  const name = rest.slice(end + 1);
  if (nid === '' || name === '' || !hasOnly(NID, nid, 0, nid.length))
    return malformed('URN_INVALID', 'uri', 'send urn:<namespace>:<name>');
  if (nid === 'epc') return fromEpc(text, name);
  return nid === 'custos' ? fromCustos(text, name) : other(text);
}

/** The schemes of the EPC Tag Data Standard without a GS1 key. */
const KEYLESS: readonly string[] = ['gid', 'usdod', 'adi', 'bic', 'imovn'];
// Forms of RFID tags: an SGTIN with a date, and the content of any tag in hexadecimal digits.
const TAGGED: readonly string[] = ['dsgtin', 'raw'];
const KEYED: readonly string[] = [...URN_SCHEMES.map(({ scheme }) => scheme), ...TAGGED];

function fromEpc(text: string, name: string): Parsed<Identified> {
  if (name.includes('?') || name.includes('#'))
    return malformed('URN_INVALID', 'uri', 'leave out what stands behind ? or #');
  const read = parseEpcUrn(EPC + name);
  if (!read.ok) return isRecorded(read.malformed.field) ? other(text) : read;
  if (read.value.identifier.kind !== 'other') return parsed({ identifier: read.value.identifier });
  const [family, scheme = ''] = name.split(':');
  if (family === 'id' && KEYLESS.includes(scheme)) return other(text);
  const words = foldAscii(unescapePath(name)).split(':');
  if (!words.some((word) => KEYED.some((known) => word.startsWith(known)))) return other(text);
  return malformed('URN_INVALID', 'uri', 'send urn:epc:id:<scheme>:<key>, in small letters');
}

function fromCustos(text: string, name: string): Parsed<Identified> {
  if (name.startsWith('cn:')) {
    const cn = parseCn(name.slice(3));
    return cn.ok ? parsed({ identifier: cn.value }) : cn;
  }
  const isSealed = name.startsWith(SEALED) && name.length === SEALED.length + SEAL_LENGTH;
  // L2.8: the identifier of a person is sealed, and may be in every place of an EPC.
  if (isSealed && hasOnly(HEX, name, SEALED.length, name.length)) return other(text);
  return malformed('URN_INVALID', 'uri', 'send urn:custos:cn:<20 digits> or urn:custos:sealed:<64 hex digits>');
}

// --- Digital Links

function fromLink(text: string, rest: string): Parsed<Identified> {
  const address = addressOf(rest);
  if (!address || address.hasUser) return malformed('URI_INVALID', 'uri', 'send //, a host without user, and a path');
  const segments = pathOf(address);
  const at = keyIndex(segments, LENIENT_LINK);
  if (at < 0) return tellsKey(address) ? notLikeThis() : other(text);
  // Two keys in one path are refused: the law would apply to one of them, and a person might read the other.
  if (namesKey(segments.slice(0, at).join('/'))) return malformed('KEY_MISSING', 'uri', 'name one GS1 key in the path');
  const elements = readLink({ segments, query: address.query }, at, LENIENT_LINK);
  if (!elements.ok) return isRecorded(elements.malformed.field) ? other(text) : elements;
  const found = identifierOfElements(elements.value);
  // A key that is not tracked (a component, a service, a model) is a URI of kind `other`.
  return found.ok ? withAttributes(found.value, elements.value, address) : other(text);
}

/** Qualifiers whose value may be `.` or `..`, which a path cannot escape (RFC 3986, 6.2.2.2). */
const DOTTED: readonly string[] = ['10', '21', '22', '235', '254'];

// A dot segment at the end, behind the name of a qualifier, is a value: `.` is a valid serial number.
function pathOf({ segments }: Address): readonly string[] {
  const [name, last] = segments.slice(-2);
  const isValue = last !== undefined && DOTTED.includes(nameOfSegment(name!, LENIENT_LINK));
  if (!isValue) return withoutDotSegments(segments);
  return [...withoutDotSegments(segments.slice(0, -1)), last];
}

function withAttributes(identifier: Identifier, elements: readonly AiElement[], address: Address): Parsed<Identified> {
  const isClass = identifier.kind === 'gtin' || identifier.kind === 'lgtin';
  if (isClass && namesSerial(`${address.query}#${address.fragment}`))
    return malformed('AI_NOT_IN_QUERY', '(21)', 'put the serial into the path, behind the GTIN');
  if (identifier.kind !== 'sgtin') return parsed({ identifier });
  const valueOf = (ai: string): string | undefined => elements.find((element) => element.ai === ai)?.value;
  const [lot, expiry] = [valueOf('10'), valueOf('17')];
  return parsed({ identifier, ...(lot !== undefined && { lot }), ...(expiry !== undefined && { expiry }) });
}

/** Primary keys that are never under the law, and their qualifiers, as the `field` of a refusal names them. */
const RECORDED_KEYS: ReadonlySet<string> = new Set(
  ['253', '255', '401', '402', '8003', '8004', '8010', '8011', '8013', '8017', '8018'].map((ai) => `(${ai})`),
);

// S2: a key that no rule reads is recorded unchanged, even with a fault.
function isRecorded(field: string): boolean {
  return RECORDED_KEYS.has(field);
}
