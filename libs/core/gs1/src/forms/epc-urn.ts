import { attempt, orReject, reject, type Parsed } from '@custos/core-bytes';
import { checkDigit, isDigits } from '../identifiers/digits.js';
import { checkedElement } from './digital-link.js';
import type { Captured, Gln, Gtin, Identifier, Sscc } from '../identifiers/identifier.js';
import { elementsOfIdentifier, sgln } from '../identifiers/key-elements.js';
import { unescapeUrn } from './percent.js';
import { MAX_PREFIX, MIN_PREFIX, URN_SCHEMES, type UrnScheme } from './urn-schemes.js';

/** The prefix of EPC URNs (EPC Tag Data Standard, 6). */
export const EPC = 'urn:epc:';
const SCHEMES: ReadonlyMap<string, UrnScheme> = new Map(
  URN_SCHEMES.flatMap((scheme) => [
    [`${scheme.kind === 'lgtin' ? 'class' : 'id'}:${scheme.scheme}`, scheme] as const,
    ...(scheme.tail === 'serial' ? [[`idpat:${scheme.scheme}`, scheme] as const] : []),
  ]),
);

/** Returns whether the text begins with {@link EPC}, in small letters. */
export function isEpcUrn(text: string): boolean {
  return text.startsWith(EPC);
}

/**
 * Parses `urn:epc:id:...`, `urn:epc:class:lgtin:...` and the class patterns `urn:epc:idpat:<scheme>:....*`. A scheme
 * without a GS1 key (gid, adi, usdod, ...) gives an identifier of kind `other`. Refuses URN_INVALID, with `field`
 * `prefix`, `reference`, `piece`, `serial`, `lot` or `extension`, and the faults of the elements.
 */
export function parseEpcUrn(text: string): Parsed<Captured> {
  return attempt(() => {
    const first = text.indexOf(':', EPC.length);
    const second = text.indexOf(':', first + 1);
    if (!isEpcUrn(text) || first < 0 || second < 0) reject('URN_INVALID', '@0', 'send urn:epc:id:<scheme>:<key>');
    const scheme = SCHEMES.get(text.slice(EPC.length, second));
    if (!scheme) return { text, identifier: { kind: 'other', uri: text } };
    const pattern = text.startsWith('idpat', EPC.length);
    const dot = text.indexOf('.', second);
    const prefix = text.slice(second + 1, dot < 0 ? text.length : dot);
    checkPrefix(prefix);
    if (dot < 0) return reject('URN_INVALID', 'reference', 'put a dot behind the company prefix');
    const identifier = scheme.digits === undefined ? textKey : digitKey;
    return { text, identifier: identifier(scheme, prefix, text.slice(dot + 1), pattern), prefixLength: prefix.length };
  });
}

function checkPrefix(prefix: string): void {
  if (!isDigits(prefix) || prefix.length < MIN_PREFIX || prefix.length > MAX_PREFIX) {
    reject('URN_INVALID', 'prefix', `send a company prefix of ${MIN_PREFIX} to ${MAX_PREFIX} digits`);
  }
}

function digitKey(scheme: UrnScheme, prefix: string, rest: string, pattern: boolean): Identifier {
  const length = scheme.digits! - prefix.length;
  const reference = rest.slice(0, length);
  const wrong = reference.length < length || (length > 0 && !isDigits(reference)) || !endsPart(rest, length, scheme);
  if (wrong) reject('URN_INVALID', 'reference', `send ${length} digits behind the company prefix`);
  const body = scheme.leads ? reference.slice(0, 1) + prefix + reference.slice(1) : prefix + reference;
  const key = (scheme.before ?? '') + body + checkDigit(body);
  const [pieces, last] = scheme.pieces ? piecesOf(rest.slice(length + 1)) : ['', rest.slice(length + 1)];
  return build(scheme, key + pieces, scheme.tail === 'none' ? undefined : tailOf(scheme, last, pattern));
}

function endsPart(rest: string, length: number, scheme: UrnScheme): boolean {
  return scheme.tail === 'none' ? rest.length === length : rest[length] === '.';
}

function piecesOf(rest: string): readonly [string, string] {
  const pieces = rest.slice(0, 2) + rest.slice(3, 5);
  if (pieces.length < 4 || !isDigits(pieces) || rest[2] !== '.' || rest[5] !== '.') {
    return reject('URN_INVALID', 'piece', 'send piece and total as two digits each, with dots');
  }
  return [pieces, rest.slice(6)];
}

// A class pattern ends in `*` and names the class of the serial numbers.
function tailOf(scheme: UrnScheme, text: string, pattern: boolean): string | undefined {
  if (pattern) return text === '*' ? undefined : reject('URN_INVALID', 'serial', 'end a class pattern with .*');
  const plain = unescapeUrn(text);
  if (plain === undefined) return reject('URN_INVALID', scheme.tail, 'escape " % & / < > ? # as % and two hex digits');
  return plain === '' ? reject('URN_INVALID', scheme.tail, 'send at least one character') : plain;
}

function textKey(scheme: UrnScheme, prefix: string, rest: string, pattern: boolean): Identifier {
  const dot = scheme.tail === 'none' ? -1 : rest.indexOf('.');
  if (scheme.tail !== 'none' && dot < 0) reject('URN_INVALID', 'serial', 'put a dot before the serial');
  const reference = unescapeUrn(dot < 0 ? rest : rest.slice(0, dot));
  if (!reference) return reject('URN_INVALID', 'reference', 'send at least one character, escaped as in a URN');
  return build(scheme, prefix + reference, dot < 0 ? undefined : tailOf(scheme, rest.slice(dot + 1), pattern));
}

// The checks of a barcode: the parts of a URN must fit the Application Identifier.
function build(scheme: UrnScheme, key: string, tail: string | undefined): Identifier {
  const identifier = make(scheme, key, tail);
  for (const { ai, value } of elementsOfIdentifier(identifier)) orReject(checkedElement(ai, value));
  return identifier;
}

function make({ kind }: UrnScheme, key: string, tail: string | undefined): Identifier {
  switch (kind) {
    case 'sgtin':
    case 'upui':
      return tail === undefined ? { kind: 'gtin', gtin: key as Gtin } : { kind, gtin: key as Gtin, serial: tail };
    case 'lgtin':
      return { kind, gtin: key as Gtin, lot: tail! };
    case 'itip':
      return {
        kind,
        gtin: key.slice(0, 14) as Gtin,
        piece: key.slice(14, 16),
        total: key.slice(16),
        ...(tail === undefined ? {} : { serial: tail }),
      };
    case 'sscc':
      return { kind, sscc: key as Sscc };
    case 'sgln':
      return sgln(key as Gln, tail);
    case 'pgln':
      return { kind, gln: key as Gln };
    case 'cpi':
      return tail === undefined ? { kind, part: key } : { kind, part: key, serial: tail };
    case 'gdti':
    case 'gcn':
    case 'grai':
    case 'giai':
    case 'gsrn':
    case 'gsrnp':
    case 'ginc':
    case 'gsin':
      return { kind, value: key + (tail ?? '') };
    case 'gtin':
    case 'cn':
    case 'other':
      throw new Error(`no URN scheme makes a ${kind}`);
  }
}
