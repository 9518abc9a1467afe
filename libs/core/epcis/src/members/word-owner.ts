import { addressOf, foldAscii, isUri, plainUri, withoutDotSegments } from '@custos/core-gs1';

/** The owner of a URI that names a word: GS1, with vocabulary and word, or another organisation. */
export type WordOwner =
  | { readonly kind: 'foreign' }
  | {
      readonly kind: 'gs1';
      /** Name in small letters, as `bizstep`; empty when the URI names none. */
      readonly vocabulary: string;
      readonly word: string;
    };

const FOREIGN: WordOwner = { kind: 'foreign' };

/**
 * Determines the owner of a word by its URI, in every spelling that RFC 3986 and RFC 8141 define as equal (S4). Returns
 * undefined for text that is no URI.
 */
export function ownerOf(text: string): WordOwner | undefined {
  const plain = plainUri(text);
  if (plain === undefined || !isUri(plain)) return undefined;
  const colon = plain.indexOf(':');
  const rest = plain.slice(colon + 1);
  const scheme = foldAscii(plain.slice(0, colon));
  switch (scheme) {
    case 'urn':
      return ownerOfUrn(rest);
    case 'http':
    case 'https':
      return ownerOfAddress(rest);
    default:
      if (GS1_PREFIXES.includes(scheme)) return gs1Word(rest, '-');
      // `tag:gs1.org,2026:x`, `ftp://ref.gs1.org/x`, `ref.gs1.org:443/x`
      return isOfGs1(scheme) || piecesOf(rest).some(isOfGs1) ? NO_WORD : FOREIGN;
  }
}

function gs1Word(text: string, mark: string): WordOwner {
  const end = text.indexOf(mark);
  return { kind: 'gs1', vocabulary: foldAscii(text.slice(0, Math.max(end, 0))), word: text.slice(end + 1) };
}

/** The result for a URI in a namespace of GS1 that cannot name a word. */
const NO_WORD: WordOwner = { kind: 'gs1', vocabulary: '', word: '' };

// Prefixes of the standard context, and first parts of URNs without `urn:`. Declared prefixes are expanded before.
const GS1_PREFIXES: readonly string[] = ['cbv', 'cbvmda', 'epc', 'epcglobal', 'epcis', 'gs1'];
// Not `gs1`: `urn:gs1:` holds words of single applications, such as `urn:gs1:epcisapp:rail:btt:passage`.
const GS1_NIDS: readonly string[] = ['epc', 'epcglobal'];
const CBV = 'cbv:';

// RFC 8141, 3.1: scheme and namespace are case-insensitive. For GS1, `cbv` and the vocabulary are too; words are not.
function ownerOfUrn(rest: string): WordOwner | undefined {
  const end = rest.indexOf(':');
  const nid = foldAscii(rest.slice(0, Math.max(end, 0)));
  const name = rest.slice(end + 1);
  if (!isNid(nid) || name === '') return undefined;
  if (!GS1_NIDS.includes(nid)) return FOREIGN;
  const isCbv = nid === 'epcglobal' && foldAscii(name.slice(0, CBV.length)) === CBV;
  return isCbv ? gs1Word(name.slice(CBV.length), ':') : NO_WORD;
}

function isNid(nid: string): boolean {
  for (const character of nid) if (!'0123456789abcdefghijklmnopqrstuvwxyz-'.includes(character)) return false;
  return nid !== '';
}

function ownerOfAddress(rest: string): WordOwner | undefined {
  const address = addressOf(rest);
  if (!address) return undefined;
  if (!isOfGs1(address.host)) return FOREIGN;
  if (address.hasUser || address.query !== '' || address.fragment !== '') return NO_WORD;
  // Drafts and editions of the CBV differ in host and path, but not in the last segment.
  return gs1Word(withoutDotSegments(address.segments).at(-1) ?? '', '-');
}

const GS1_HOST = 'gs1.org';

function isOfGs1(host: string): boolean {
  let end = host.length;
  while (host[end - 1] === '.') end--;
  const name = foldAscii(host.slice(0, end));
  return name === GS1_HOST || name.endsWith(`.${GS1_HOST}`);
}

const MARKS = '/:?#@,';

function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from <= text.length; from++) {
    let end = from;
    while (end < text.length && !MARKS.includes(text[end]!)) end++;
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
}
