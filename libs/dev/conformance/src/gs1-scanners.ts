import {
  checkDigit,
  isWebUri,
  parseElementString,
  readScanner,
  SEPARATOR,
  writeScanner,
  type Carrier,
} from '@custos/core-gs1';
import {
  isWhole,
  linkElements,
  NO,
  ourText,
  theirText,
  yes,
  type Answered,
  type EngineOptions,
} from './gs1-elements.js';

const CARRIERS: { readonly [theirs: string]: Carrier } = {
  DM: 'DataMatrix',
  QR: 'QR',
  DotCode: 'DotCode',
  DataBarExpanded: 'DataBarExpanded',
  DataBarOmni: 'DataBarOmni',
  DataBarTruncated: 'DataBarOmni',
  DataBarStacked: 'DataBarOmni',
  DataBarStackedOmni: 'DataBarOmni',
  DataBarLimited: 'DataBarLimited',
  GS1_128_CCA: 'GS1-128',
  GS1_128_CCC: 'GS1-128',
  EAN13: 'EAN-13',
  EAN8: 'EAN-8',
  UPCA: 'UPC-A',
  UPCE: 'UPC-E',
};

/** They name the first symbol of a carrier. */
const THEIR_NAMES: { readonly [carrier in Carrier]?: string } = {
  DataMatrix: 'DM',
  'GS1-128': 'GS1_128_CCA',
  'EAN-13': 'EAN13',
  'EAN-8': 'EAN8',
};

// Text that begins with their FNC1 is escaped by a backslash.
const isEscaped = (text: string) => text.replace(/^\\+/, '').startsWith('^');

export function scanned(input: string, options: EngineOptions): Answered {
  const message = readScanner(input);
  if (!message.ok || message.value.carrier === 'ITF-14' || message.value.carrier === 'Code128') return NO;
  const { carrier, elements, text } = message.value;
  if (elements && !isWhole(elements, options)) return NO;
  const symbology = THEIR_NAMES[carrier] ?? carrier;
  if (elements) {
    const digits = carrier === 'EAN-13' || carrier === 'EAN-8' ? `${text}|` : '';
    return yes({ symbology, data: digits + '^' + sentElements(input, digits) });
  }
  // A scheme in mixed case is no link to them, and not quite plain text either.
  if (!isWebUri(text)) {
    const almost = text.toLowerCase().startsWith('http') && text.includes('://') ? { dl_ai: '' } : {};
    return yes({ symbology, data: isEscaped(text) ? `\\${text}` : text, ...almost });
  }
  const link = linkElements(text, options);
  if (!link.ok || !isWhole(link.value, options)) return NO;
  return yes({ symbology, data: text, dl_ai: theirText(link.value) });
}

const sentElements = (input: string, digits: string) =>
  input
    .slice(3 + (digits === '' ? 0 : digits.length + 3))
    .split(SEPARATOR)
    .join('^');

export function generated({ symbology, data }: { symbology: string; data: string }, options: EngineOptions): Answered {
  const carrier = CARRIERS[symbology];
  if (!carrier) return NO;
  const [linear = '', above] = data.startsWith('^') || !/^(DM|QR|DotCode)$/.test(symbology) ? data.split('|') : [data];
  const composite = above === undefined ? undefined : parseElementString(ourText(above));
  if (composite && !composite.ok) return NO;
  const elements = linear.startsWith('^') ? parseElementString(ourText(linear)) : undefined;
  if (elements && !elements.ok) return NO;
  const escaped = isEscaped(linear) ? linear.slice(1) : linear;
  const text = options['addCheckDigit'] === true && !elements ? escaped + checkDigit(escaped) : escaped;
  const sent = writeScanner(carrier, {
    ...(elements && { elements: elements.value }),
    ...(composite && { composite: composite.value }),
    ...(!elements && { text }),
  });
  return sent.ok ? yes(sent.value) : NO;
}
