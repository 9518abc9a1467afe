import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { AiElement } from './ai.js';
import { isWebUri, LENIENT_LINK, parseDigitalLink } from './digital-link.js';
import { isDigits } from './digits.js';
import { looksLikeElements, parseBracketed, parseElementString } from './element-string.js';
import { CN_URN, parseCaptured } from './epc.js';
import { isEpcUrn } from './epc-urn.js';
import type { Identifier } from './identifier.js';
import { elementsOfIdentifier, identifierOfElements } from './key-elements.js';
import { parseGtin } from './keys.js';
import { CN_LENGTH, parseCn } from './unit-key.js';

/** How a code was written. */
export type ScanForm = 'element-string' | 'bracketed' | 'digital-link' | 'urn' | 'digits';

/** What one code says about one thing. */
export interface Scan {
  readonly identifier: Identifier;
  readonly form: ScanForm;
  readonly serial?: string;
  readonly lot?: string;
  /** AI (17) as it stands, YYMMDD: `expiryDate` makes a day of it. */
  readonly expiry?: string;
  /** Every element of the code, the key's included, by AI, in the order read. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Longest code that any carrier holds: a QR symbol. */
export const MAX_SCAN_LENGTH = 4_296;

// Symbology identifiers (ISO/IEC 15424) of carriers that hold GS1 element strings, and of those that hold bare text.
const ELEMENT_SYMBOLOGIES: readonly string[] = [']C1', ']e0', ']e1', ']e2', ']d2', ']Q3', ']J1'];
const TEXT_SYMBOLOGIES: readonly string[] = [']d1', ']Q1', ']J0', ']E0', ']E4', ']C0'];

const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];

/**
 * Whatever a scanner or a keyboard sends for a pack, case, pallet or place: element string (FNC1 as U+001D, with or
 * without symbology identifier), bracketed form, Digital Link, EPC URN, or the bare digits of a GTIN or of China's
 * code. Blanks around it are dropped, nothing else is repaired.
 */
export function parseScan(text: string): Parsed<Scan> {
  if (text.length > MAX_SCAN_LENGTH) return malformed('TOO_LONG', 'code', `at most ${MAX_SCAN_LENGTH} characters`);
  const code = text.trim();
  if (code === '') return malformed('CODE_EMPTY', 'code', 'send a code');
  if (code[0] !== ']') return parseCode(code);
  const symbology = code.slice(0, 3);
  const rest = code.slice(3);
  if (ELEMENT_SYMBOLOGIES.includes(symbology)) return fromElements('element-string', parseElementString(rest));
  if (TEXT_SYMBOLOGIES.includes(symbology) && rest !== '') return parseCode(rest);
  return malformed('SYMBOLOGY_UNKNOWN', '@0', `send one of ${[...ELEMENT_SYMBOLOGIES, ...TEXT_SYMBOLOGIES].join(' ')}`);
}

function parseCode(code: string): Parsed<Scan> {
  if (code[0] === '(') return fromElements('bracketed', parseBracketed(code));
  if (isWebUri(code)) return fromElements('digital-link', parseDigitalLink(code, LENIENT_LINK));
  if (isEpcUrn(code) || code.startsWith(CN_URN)) return fromUrn(code);
  if (isDigits(code) && GTIN_LENGTHS.includes(code.length)) return fromDigits(code);
  if (looksLikeElements(code)) return fromElementString(code);
  return malformed('CODE_UNKNOWN', '@0', 'send an element string, (01)...(21)..., a GS1 Digital Link or an EPC URN');
}

function fromElementString(code: string): Parsed<Scan> {
  const scan = fromElements('element-string', parseElementString(code));
  // S1: China's code is printed bare; it begins with 8, and no pack's element string does.
  if (scan.ok || code.length !== CN_LENGTH || code[0] !== '8' || !isDigits(code)) return scan;
  const cn = parseCn(code);
  return cn.ok ? parsed({ identifier: cn.value, form: 'digits', attributes: new Map() }) : cn;
}

function fromDigits(code: string): Parsed<Scan> {
  const gtin = parseGtin(code);
  if (!gtin.ok) return gtin;
  return fromElements('digits', parsed([{ ai: '01', value: gtin.value }]));
}

function fromUrn(code: string): Parsed<Scan> {
  const captured = parseCaptured(code);
  if (!captured.ok) return captured;
  const { identifier } = captured.value;
  if (identifier.kind === 'other') return malformed('KEY_MISSING', '@0', 'send the URN of a GS1 key');
  return parsed(scanOf('urn', identifier, elementsOfIdentifier(identifier)));
}

function fromElements(form: ScanForm, elements: Parsed<readonly AiElement[]>): Parsed<Scan> {
  if (!elements.ok) return elements;
  const identifier = identifierOfElements(elements.value);
  return identifier.ok ? parsed(scanOf(form, identifier.value, elements.value)) : identifier;
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
