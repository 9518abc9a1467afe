import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { CANONICAL_STEM, digitalLinkOf, findAi, diagnoseCode, toElementString, type AiElement } from '@custos/core-gs1';

/** Kinds of labels: GS1 DataMatrix and QR with a Digital Link for packs and cases, GS1-128 for logistic units. */
export type LabelKind = 'datamatrix' | 'qr' | 'sscc';

/** The item that carries the label; it decides how large the modules are. */
export type LabelSize = 'pack' | 'case';

/** The kind and size of a label. */
export interface LabelOptions {
  readonly kind: LabelKind;
  /** Default: `pack`; an SSCC label has one size. */
  readonly size?: LabelSize;
  /** The resolver of a QR label's link, such as `https://id.example.com`. */
  readonly stem?: string;
}

/** The content of one label. */
export interface Label {
  readonly kind: LabelKind;
  readonly size: LabelSize;
  readonly elements: readonly AiElement[];
  /** The link of a QR label. */
  readonly link?: string;
}

/** General Specifications, 5.4.1: what a GS1-128 symbol may hold. */
const MAX_LINEAR = 48;

/** Characters of any text that the largest matrix symbol of a readable label holds. */
const MAX_MATRIX = 1_500;

/**
 * A label for a code of any form. Refuses what `readAnyCode` finds wrong, KEY_MISSING where the kind of label needs
 * another key, and TOO_LONG for what one symbol cannot hold.
 */
export function labelOf(code: string, { kind, size = 'pack', stem = CANONICAL_STEM }: LabelOptions): Parsed<Label> {
  const reading = diagnoseCode(code, { thisYear: 2000 });
  const wrong = reading.findings.find(({ level }) => level === 'error');
  if (wrong) return malformed(wrong.code, wrong.ai === undefined ? 'code' : `(${wrong.ai})`, wrong.fix);
  const elements = reading.fields.map(({ ai, value }) => ({ ai, value }));
  if (kind === 'sscc') return logisticLabel(elements);
  if (elements.length === 0) return malformed('KEY_MISSING', 'code', 'send a GS1 key: China prints no GS1 symbol');
  const link = kind === 'qr' ? digitalLinkOf(elements, stem) : undefined;
  if (link?.ok === false) return link;
  const text = link?.value ?? toElementString(elements);
  if (text.length > MAX_MATRIX) {
    return malformed('TOO_LONG', 'code', `a symbol holds ${MAX_MATRIX} characters, not ${text.length}`);
  }
  return parsed({ kind, size, elements, ...(link && { link: link.value }) });
}

function logisticLabel(elements: readonly AiElement[]): Parsed<Label> {
  if (!elements.some(({ ai }) => ai === '00')) return malformed('KEY_MISSING', '(00)', 'send the SSCC of the unit');
  const others = elements.filter(({ ai }) => ai !== '00');
  const length = others.reduce((sum, { ai, value }) => sum + ai.length + value.length + (findAi(ai)?.fixed ? 0 : 1), 0);
  if (length > MAX_LINEAR + 1) {
    return malformed(
      'TOO_LONG',
      'code',
      `a GS1-128 symbol holds ${MAX_LINEAR} characters beside the SSCC, not ${length}`,
    );
  }
  return parsed({ kind: 'sscc', size: 'case', elements });
}
