import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { AiElement } from '../application-identifiers/ai.js';
import { brokenExclusion, brokenSignature } from '../application-identifiers/associations.js';
import { isWebUri, LENIENT_LINK, parseDigitalLink } from './digital-link.js';
import { isDigits } from '../identifiers/digits.js';
import { looksLikeElements, parseBracketed, parseElementString } from './element-string.js';
import { isEpcUrn, parseEpcUrn } from './epc-urn.js';
import type { Gln, Gtin, Identifier } from '../identifiers/identifier.js';
import { elementsOfIdentifier, identifierOfElements } from '../identifiers/key-elements.js';
import { parseGln, parseGtin } from '../identifiers/keys.js';
import { isGtinCarrier, readScanner } from './symbology.js';
import { CN_LENGTH, CN_URN, parseCn } from '../identifiers/unit-key.js';

/** The form in which a code was written. */
export type ScanForm = 'element-string' | 'bracketed' | 'digital-link' | 'urn' | 'digits';

/** The content of one code. */
export interface Scan {
  readonly identifier: Identifier;
  readonly form: ScanForm;
  readonly serial?: string;
  readonly lot?: string;
  /** Value of AI (17), YYMMDD, as in the code; parse it with `expiryDate`. */
  readonly expiry?: string;
  /** All elements of the code by AI, those of the key included, in the order read. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** The largest number of characters of a code: that of a QR symbol, the largest carrier. */
export const MAX_SCAN_LENGTH = 4_296;

const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];

/**
 * Parses the input of a scanner or a keyboard for a pack, case, pallet or place: an element string (FNC1 as U+001D,
 * with or without symbology identifier), the bracketed form, a Digital Link, an EPC URN, or the bare digits of a GTIN
 * or of China's code. Drops blanks around it and repairs nothing else. Refuses TOO_LONG, CODE_EMPTY, CODE_UNKNOWN,
 * KEY_MISSING, AI_EXCLUDED, KEY_NOT_SERIALISED, and what the parser of the form refuses.
 */
export function parseScan(text: string): Parsed<Scan> {
  const written = parseWritten(text);
  if (!written.ok) return written;
  const { form, elements, identifier } = written.value;
  if (identifier) return parsed(scanOf(form, identifier, elements));
  const broken = brokenExclusion(elements) ?? brokenSignature(elements);
  if (broken) return malformed(broken.code, broken.field, broken.fix);
  const found = identifierOfElements(elements);
  return found.ok ? parsed(scanOf(form, found.value, elements)) : found;
}

/** The length of the shortest element string with a GTIN or GLN: its AI and the key. Fewer digits are a bare key. */
const SHORTEST_ELEMENTS = 16;

function isBareKey(text: string): boolean {
  return text.length < SHORTEST_ELEMENTS && isDigits(text);
}

/**
 * Returns the GTIN that a code of any form names: bare digits, or the GTIN of a product, lot, pack or case. Refuses
 * KEY_MISSING, and what {@link parseScan} refuses.
 */
export function gtinOfCode(text: string, field = 'gtin'): Parsed<Gtin> {
  if (isBareKey(text)) return parseGtin(text, field);
  const scan = parseScan(text);
  if (!scan.ok) return scan;
  const { identifier } = scan.value;
  if ('gtin' in identifier) return parsed(identifier.gtin);
  return malformed('KEY_MISSING', field, 'send a GTIN, or a code that holds one');
}

/**
 * Returns the GLN that a code of any form names: 13 bare digits, or that of a party or of a place without extension.
 * Refuses KEY_MISSING, and what {@link parseScan} refuses.
 */
export function glnOfCode(text: string, field = 'gln'): Parsed<Gln> {
  if (isBareKey(text)) return parseGln(text, field);
  const scan = parseScan(text);
  if (!scan.ok) return scan;
  const { identifier } = scan.value;
  const named = identifier.kind === 'pgln' || (identifier.kind === 'sgln' && identifier.extension === undefined);
  return named ? parsed(identifier.gln) : malformed('KEY_MISSING', field, 'send a GLN, or a code of a party or place');
}

/** A code split into checked elements, with its identifier where the form states it. */
export interface Written {
  readonly form: ScanForm;
  readonly elements: readonly AiElement[];
  /** Present for a URN and for China's code. */
  readonly identifier?: Identifier;
  /** Number of digits of the company prefix; present for a URN only. */
  readonly prefixLength?: number;
}

/** Splits a code of any form into checked elements, the first half of {@link parseScan}. It need not name a key. */
export function parseWritten(text: string): Parsed<Written> {
  if (text.length > MAX_SCAN_LENGTH) return malformed('TOO_LONG', 'code', `at most ${MAX_SCAN_LENGTH} characters`);
  const code = text.trim();
  if (code === '') return malformed('CODE_EMPTY', 'code', 'send a code');
  return code[0] === ']' ? fromScanner(code) : parseCode(code);
}

function fromScanner(code: string): Parsed<Written> {
  const message = readScanner(code);
  if (!message.ok) return message;
  const { elements, text, carrier } = message.value;
  // EAN and UPC symbols hold the digits of a GTIN; a composite component above them describes the same item.
  if (isGtinCarrier(carrier)) return fromDigits(text, elements);
  if (elements) return parsed({ form: 'element-string', elements });
  return text === '' ? malformed('CODE_EMPTY', '@3', 'send a code behind the symbology identifier') : parseCode(text);
}

function parseCode(code: string): Parsed<Written> {
  if (code[0] === '(') return inForm('bracketed', parseBracketed(code));
  if (isWebUri(code)) return inForm('digital-link', parseDigitalLink(code, LENIENT_LINK));
  if (code.startsWith(CN_URN)) return fromCn(code.slice(CN_URN.length), 'urn');
  if (isEpcUrn(code)) return fromUrn(code);
  if (isDigits(code) && GTIN_LENGTHS.includes(code.length)) return fromDigits(code);
  if (looksLikeElements(code)) return fromElementString(code);
  return malformed('CODE_UNKNOWN', '@0', 'send an element string, (01)...(21)..., a GS1 Digital Link or an EPC URN');
}

function fromElementString(code: string): Parsed<Written> {
  const written = inForm('element-string', parseElementString(code));
  // S1: China's code is printed as bare digits. It begins with 8; no element string of a pack does.
  const named = written.ok && identifierOfElements(written.value.elements).ok;
  if (named || code.length !== CN_LENGTH || code[0] !== '8' || !isDigits(code)) return written;
  return fromCn(code, 'digits');
}

function fromCn(digits: string, form: ScanForm): Parsed<Written> {
  const cn = parseCn(digits);
  return cn.ok ? parsed({ form, elements: [], identifier: cn.value }) : cn;
}

function fromDigits(code: string, more: readonly AiElement[] = []): Parsed<Written> {
  const gtin = parseGtin(code);
  return gtin.ok ? parsed({ form: 'digits', elements: [{ ai: '01', value: gtin.value }, ...more] }) : gtin;
}

function fromUrn(code: string): Parsed<Written> {
  const captured = parseEpcUrn(code);
  if (!captured.ok) return captured;
  const { identifier, prefixLength } = captured.value;
  if (identifier.kind === 'other') return malformed('KEY_MISSING', '@0', 'send the URN of a GS1 key');
  return parsed({ form: 'urn', elements: elementsOfIdentifier(identifier), identifier, prefixLength });
}

function inForm(form: ScanForm, elements: Parsed<readonly AiElement[]>): Parsed<Written> {
  return elements.ok ? parsed({ form, elements: elements.value }) : elements;
}

function scanOf(form: ScanForm, identifier: Identifier, elements: readonly AiElement[]): Scan {
  const attributes = new Map(elements.map(({ ai, value }) => [ai, value]));
  return {
    identifier,
    form,
    serial: attributes.get('21'),
    lot: attributes.get('10'),
    expiry: attributes.get('17'),
    attributes,
  };
}
