import { attempt, orReject, reject, type Parsed } from '@custos/core-bytes';
import type { AiElement } from '../application-identifiers/ai.js';
import { hasCheckDigit, isDigits } from '../identifiers/digits.js';
import { parseElementString, toElementString } from './element-string.js';

/** The kind of a symbol that carries GS1 codes. */
export type Carrier =
  | 'DataMatrix'
  | 'QR'
  | 'DotCode'
  | 'GS1-128'
  | 'DataBarExpanded'
  | 'DataBarOmni'
  | 'DataBarLimited'
  | 'EAN-13'
  | 'EAN-8'
  | 'UPC-A'
  | 'UPC-E'
  | 'Code128'
  | 'ITF-14';

/** The content behind a symbology identifier: GS1 elements, any text, or a GTIN of this number of digits. */
type Content = 'elements' | 'text' | number;

interface Symbology {
  readonly carrier: Carrier;
  readonly content: Content;
}

// ISO/IEC 15424, as far as the General Specifications (7.8) use it. The first row of a carrier and content is written.
const SYMBOLOGIES: ReadonlyMap<string, Symbology> = new Map<string, Symbology>([
  [']d2', { carrier: 'DataMatrix', content: 'elements' }],
  [']d1', { carrier: 'DataMatrix', content: 'text' }],
  [']Q3', { carrier: 'QR', content: 'elements' }],
  [']Q1', { carrier: 'QR', content: 'text' }],
  [']J1', { carrier: 'DotCode', content: 'elements' }],
  [']J0', { carrier: 'DotCode', content: 'text' }],
  [']C1', { carrier: 'GS1-128', content: 'elements' }],
  [']C0', { carrier: 'Code128', content: 'text' }],
  [']e0', { carrier: 'DataBarExpanded', content: 'elements' }],
  [']e1', { carrier: 'DataBarExpanded', content: 'elements' }],
  [']e2', { carrier: 'DataBarExpanded', content: 'elements' }],
  [']E0', { carrier: 'EAN-13', content: 13 }],
  [']E4', { carrier: 'EAN-8', content: 8 }],
  [']I1', { carrier: 'ITF-14', content: 14 }],
]);

/** The symbology identifiers that {@link readScanner} accepts. */
export const SYMBOLOGY_IDS: readonly string[] = [...SYMBOLOGIES.keys()];

const ID_LENGTH = 3;
/** The separator between an EAN/UPC symbol and its composite component, which a scanner sends as a second message. */
const COMPOSITE = '|]e0';

/** A message of a scanner, split at its symbology identifier. */
export interface ScannerMessage {
  readonly id: string;
  readonly carrier: Carrier;
  /** Present for carriers of elements; for EAN and UPC symbols, those of the composite component, if any. */
  readonly elements?: readonly AiElement[];
  /** The text behind the identifier; for EAN and UPC symbols, the digits. */
  readonly text: string;
}

/**
 * Parses a message of a scanner with a symbology identifier: `]d2...`, `]C1...`, `]E0...`. Refuses SYMBOLOGY_UNKNOWN,
 * LENGTH_WRONG, CHECK_DIGIT_WRONG and what {@link parseElementString} refuses.
 */
export function readScanner(sent: string): Parsed<ScannerMessage> {
  return attempt(() => {
    const id = sent.slice(0, ID_LENGTH);
    const symbology = SYMBOLOGIES.get(id);
    if (!symbology) return reject('SYMBOLOGY_UNKNOWN', '@0', `send one of ${SYMBOLOGY_IDS.join(' ')}`);
    const { carrier, content } = symbology;
    const text = sent.slice(ID_LENGTH);
    if (content === 'text') return { id, carrier, text };
    if (content === 'elements') return { id, carrier, text, elements: orReject(parseElementString(text)) };
    return { id, carrier, ...readDigits(text, content) };
  });
}

function readDigits(text: string, length: number): Pick<ScannerMessage, 'text' | 'elements'> {
  const digits = text.slice(0, length);
  checkDigits(digits, length);
  if (text.length === length) return { text: digits };
  if (!text.startsWith(COMPOSITE, length)) reject('LENGTH_WRONG', `@${ID_LENGTH}`, `send ${length} digits`);
  return { text: digits, elements: orReject(parseElementString(text.slice(length + COMPOSITE.length))) };
}

function checkDigits(digits: string, length: number): void {
  if (digits.length !== length || !isDigits(digits)) reject('LENGTH_WRONG', `@${ID_LENGTH}`, `send ${length} digits`);
  if (!hasCheckDigit(digits)) reject('CHECK_DIGIT_WRONG', `@${ID_LENGTH + length - 1}`, 'read the symbol again');
}

/** The content to put into a symbol: elements, elements of a composite component above it, or text. */
export interface Carried {
  readonly elements?: readonly AiElement[];
  readonly composite?: readonly AiElement[];
  readonly text?: string;
}

// The number of digits of the symbols that hold one GTIN.
const GTIN_DIGITS: { readonly [carrier in Carrier]?: number } = {
  DataBarOmni: 14,
  DataBarLimited: 14,
  'EAN-13': 13,
  'EAN-8': 8,
  'UPC-A': 12,
  'UPC-E': 12,
};

/** Returns whether symbols of this kind hold the digits of one GTIN, without Application Identifier. */
export function isGtinCarrier(carrier: Carrier): boolean {
  return typeof [...SYMBOLOGIES.values()].find((known) => known.carrier === carrier)?.content === 'number';
}

/** The first indicator that DataBar Limited cannot hold; it holds GTINs of indicator 0 and 1. */
const LIMITED_BELOW = '2';

/**
 * Returns the message that a scanner sends for a symbol, the inverse of {@link readScanner}. Refuses KEY_MISSING,
 * LENGTH_WRONG, CHECK_DIGIT_WRONG, VALUE_WRONG or SYMBOLOGY_UNKNOWN when the symbol cannot hold the content.
 */
export function writeScanner(carrier: Carrier, { elements, composite, text }: Carried): Parsed<string> {
  return attempt(() => {
    const digits = GTIN_DIGITS[carrier];
    if (digits !== undefined) return gtinMessage(carrier, digits, { elements, composite, text });
    if (!elements) return `${idOf(carrier, 'text')}${text ?? ''}`;
    const id = composite ? ']e0' : idOf(carrier, 'elements');
    return id + toElementString([...elements, ...(composite ?? [])]);
  });
}

function gtinMessage(carrier: Carrier, digits: number, { elements, composite, text }: Carried): string {
  const gtin = elements ? gtinOf(elements, digits) : (text ?? '');
  checkDigits(gtin, digits);
  const above = composite ? toElementString(composite) : '';
  if (digits === 14) {
    if (carrier === 'DataBarLimited' && gtin[0]! >= LIMITED_BELOW) {
      reject('VALUE_WRONG', '(01)', 'DataBar Limited holds GTINs that begin with 0 or 1');
    }
    return `]e001${gtin}${above}`;
  }
  const id = carrier === 'EAN-8' ? ']E4' : ']E0';
  return id + gtin.padStart(carrier === 'EAN-8' ? 8 : 13, '0') + (composite ? COMPOSITE + above : '');
}

function gtinOf(elements: readonly AiElement[], digits: number): string {
  const [first, ...more] = elements;
  if (first?.ai !== '01' || more.length > 0)
    return reject('KEY_MISSING', '', 'this symbol holds one GTIN and nothing else');
  const zeros = first.value.length - digits;
  for (let i = 0; i < zeros; i++) if (first.value[i] !== '0') reject('LENGTH_WRONG', '(01)', `send ${digits} digits`);
  return first.value.slice(Math.max(zeros, 0));
}

function idOf(carrier: Carrier, content: Content): string {
  for (const [id, known] of SYMBOLOGIES) if (known.carrier === carrier && known.content === content) return id;
  return reject('SYMBOLOGY_UNKNOWN', '', `${carrier} carries no ${content}`);
}
