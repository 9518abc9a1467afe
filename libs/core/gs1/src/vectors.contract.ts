import {
  brokenExclusion,
  brokenRequirement,
  brokenSignature,
  canonicalLink,
  digitalLinkOf,
  escapeQuery,
  escapeUri,
  faultOf,
  findAi,
  findPattern,
  isWebUri,
  parseBracketed,
  parseDigitalLink,
  parseElementString,
  readScanner,
  SEPARATOR,
  toElementString,
  unescapePath,
  unescapeQuery,
  writeScanner,
  type AiElement,
  type Carrier,
} from './index.js';
import { checkDigit } from './digits.js';

/** A case of the suites C1, C2, C3 and C7: what an engine of GS1 or the reference of the event hash answers. */
export interface VectorCase {
  readonly id: string;
  readonly fn: string;
  readonly input: unknown;
  readonly options: { readonly [name: string]: boolean };
  readonly ok: boolean;
  readonly expected: unknown;
}

export interface Answered {
  readonly ok: boolean;
  readonly value?: unknown;
}

const NO: Answered = { ok: false };
const yes = (value: unknown): Answered => ({ ok: true, value });

/** Why we answer a case otherwise, on purpose; absent for those that we must agree with. */
export function excepted({ options }: VectorCase): string | undefined {
  return options['permitUnknownAIs'] === true
    ? 'an AI that GS1 has not assigned is refused: we have no option to let it pass'
    : undefined;
}

type AnswerCase = (input: never, options: VectorCase['options']) => Answered;

const ANSWERS: ReadonlyMap<string, AnswerCase> = new Map<string, AnswerCase>(
  Object.entries({
    parseDLuri: (input: string, options) => elementsAnswer(linkElements(input, options), options),
    generateDLuri: ({ stem, ai }: { stem: string | null; ai: string }) => {
      const elements = parseBracketed(ai);
      const link = elements.ok ? digitalLinkOf(elements.value, stem ?? undefined) : elements;
      return link.ok ? yes(link.value) : NO;
    },
    uriEscape: (input: string) => yes({ path: escapeUri(input), query: escapeQuery(input) }),
    uriUnescape: (input: string) => yes({ path: unescapePath(input), query: unescapeQuery(input) }),
    parseAIdata: (input: string, options) => elementsAnswer(parseBracketed(input), options),
    processAIdata: (input: string, options) =>
      input.startsWith('^') ? elementsAnswer(parseElementString(ourText(input)), options) : NO,
    validateAIs: ({ ai, check }: { ai: string; check: string }) => {
      const elements = parseBracketed(ai);
      if (!elements.ok) return NO;
      const broken = {
        repeats: () => undefined,
        exclusions: brokenExclusion,
        requisites: brokenRequirement,
        'digsig-serialised-key': brokenSignature,
      }[check]!(elements.value);
      return { ok: broken === undefined };
    },
    existsInAIdata: ({ ai, find, ignore }: { ai: string; find: string; ignore: string | null }) => {
      const elements = parseBracketed(ai);
      const found = elements.ok ? findPattern(elements.value, find, ignore ?? undefined) : undefined;
      return found === undefined ? NO : yes(found);
    },
    linters: (input: string) => {
      const fault = firstFault(input);
      return fault === undefined ? { ok: true } : { ok: false, value: { error: fault } };
    },
    processScanData: (input: string, options) => scanned(input, options),
    generateScanData: (input: { symbology: string; data: string }, options) => generated(input, options),
    urn_to_dl: linkAnswer,
    urn_pattern_to_dl: linkAnswer,
    dl_canonical: linkAnswer,
    not_a_key: linkAnswer,
  } satisfies Record<string, AnswerCase>),
);

export function answerCase({ fn, input, options }: VectorCase): Answered {
  const answer = ANSWERS.get(fn);
  if (!answer) throw new Error(`no answer for ${fn}`);
  return answer(input as never, options);
}

function linkAnswer(input: string): Answered {
  const link = canonicalLink(input);
  return link === undefined ? NO : yes(link);
}

function linkElements(input: string, options: VectorCase['options']) {
  return parseDigitalLink(input, {
    shortGtin: options['permitZeroSuppressedGTINinDLuris'],
    names: options['permitConvenienceAlphas'],
  });
}

/** Their FNC1 is `^`, and one always stands in front. */
const theirText = (elements: readonly AiElement[]) => '^' + toElementString(elements).split(SEPARATOR).join('^');
const ourText = (theirs: string) => theirs.slice(1).split('^').join(SEPARATOR);

function elementsAnswer(result: ReturnType<typeof parseElementString>, options: VectorCase['options']): Answered {
  if (!result.ok || !isWhole(result.value, options)) return NO;
  return yes(theirText(result.value));
}

function isWhole(elements: readonly AiElement[], options: VectorCase['options']): boolean {
  if (brokenExclusion(elements) || brokenSignature(elements)) return false;
  return options['validation.REQUISITE_AIS'] === false || brokenRequirement(elements) === undefined;
}

// Bracketed, every value by its own rules; values whose shape is wrong are faults too.
function firstFault(bracketed: string): string | undefined {
  for (const part of bracketed.slice(1).split('(')) {
    const [ai = '', value = ''] = part.split(')');
    const fault = faultOf(findAi(ai)!, value);
    if (fault) return fault.fault;
  }
  return undefined;
}

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

function scanned(input: string, options: VectorCase['options']): Answered {
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

function generated({ symbology, data }: { symbology: string; data: string }, options: VectorCase['options']): Answered {
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
