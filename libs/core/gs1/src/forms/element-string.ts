import { attempt, MalformedError, reject, type Parsed } from '@custos/core-bytes';
import { aiAt, refusalOf, findAi, type AiElement, type ApplicationIdentifier } from '../application-identifiers/ai.js';
import { isDigits } from '../identifiers/digits.js';

/** The character that a scanner sends for FNC1, the separator behind values of variable length. */
export const SEPARATOR = '\u001d';

/** The largest number of elements of a code: more than any label has, and a bound for hostile text. */
const MAX_ELEMENTS = 64;

/**
 * A list of elements with each AI at most once. Checks each value; a repeated equal value is dropped, a different one
 * refused.
 */
export class Elements {
  readonly list: AiElement[] = [];

  /** Checks and appends an element. @throws MalformedError AI_REPEATED, TOO_LONG, and what {@link refusalOf} finds */
  add(ai: ApplicationIdentifier, value: string): void {
    const fault = refusalOf(ai, value);
    if (fault) throw new MalformedError(fault);
    const known = this.find(ai.ai);
    if (known === value) return;
    if (known !== undefined) reject('AI_REPEATED', `(${ai.ai})`, 'send one value for it');
    if (this.list.length >= MAX_ELEMENTS) reject('TOO_LONG', `(${ai.ai})`, `at most ${MAX_ELEMENTS} elements`);
    this.list.push({ ai: ai.ai, value });
  }

  has(ai: string): boolean {
    return this.find(ai) !== undefined;
  }

  // A linear search of at most MAX_ELEMENTS is faster than a map.
  private find(ai: string): string | undefined {
    for (const element of this.list) if (element.ai === ai) return element.value;
    return undefined;
  }
}

/**
 * Parses the text of a GS1 barcode: AIs and values one after another, with {@link SEPARATOR} behind values of variable
 * length. A separator at the beginning or the end, or behind a fixed value, is ignored. Refuses CODE_EMPTY, AI_UNKNOWN
 * and faults of the elements; `field` is `@offset` or `(AI)`.
 */
export function parseElementString(text: string): Parsed<readonly AiElement[]> {
  return attempt(() => {
    const elements = new Elements();
    walkElementString(text, (ai, value) => elements.add(ai, value));
    return elements.list;
  });
}

/** A function that receives each element in order: AI, unchecked value, and index of the value in the text. */
export type VisitElement = (ai: ApplicationIdentifier, value: string, at: number) => void;

/** Visits the elements of an element string up to the first structural fault. @throws MalformedError there */
export function walkElementString(text: string, visit: VisitElement): void {
  let at = text.startsWith(SEPARATOR) ? 1 : 0;
  if (at === text.length) reject('CODE_EMPTY', `@${at}`, 'send at least one element');
  while (at < text.length) {
    const ai = aiAt(text, at) ?? reject('AI_UNKNOWN', `@${at}`, fixOfUnknown(text, at));
    const start = at + ai.ai.length;
    const end = ai.fixed ? Math.min(start + ai.maxLength, text.length) : endOfValue(text, start);
    visit(ai, text.slice(start, end), start);
    at = text[end] === SEPARATOR ? end + 1 : end;
  }
}

function endOfValue(text: string, start: number): number {
  const end = text.indexOf(SEPARATOR, start);
  return end < 0 ? text.length : end;
}

function fixOfUnknown(text: string, at: number): string {
  const seen = JSON.stringify(text.slice(at, at + 4));
  return `no Application Identifier begins with ${seen}: separate values of variable length by FNC1 (U+001D)`;
}

/**
 * Parses the form printed for people, `(01)...(21)...`. A bracket inside a value is written `\(`. Refuses
 * BRACKET_MISSING, AI_UNKNOWN and faults of the elements.
 */
export function parseBracketed(text: string): Parsed<readonly AiElement[]> {
  return attempt(() => {
    const elements = new Elements();
    walkBracketed(text, (ai, value) => elements.add(ai, value));
    return elements.list;
  });
}

/** Visits the elements of the bracketed form up to the first structural fault. @throws MalformedError there */
export function walkBracketed(text: string, visit: VisitElement): void {
  let at = 0;
  if (text[0] !== '(') reject('BRACKET_MISSING', '@0', 'begin with an Application Identifier in brackets');
  while (at < text.length) {
    const close = text.indexOf(')', at);
    if (close < 0) reject('BRACKET_MISSING', `@${at}`, 'close the bracket behind the Application Identifier');
    const name = text.slice(at + 1, close);
    const ai = findAi(name) ?? reject('AI_UNKNOWN', `@${at + 1}`, 'send an Application Identifier of GS1');
    const [value, end] = bracketedValue(text, close + 1);
    visit(ai, value, close + 1);
    at = end;
  }
}

function bracketedValue(text: string, start: number): readonly [string, number] {
  let value = '';
  let from = start;
  for (;;) {
    const open = text.indexOf('(', from);
    if (open < 0) return [value + text.slice(from), text.length];
    if (text[open - 1] !== '\\' || open === from) return [value + text.slice(from, open), open];
    value += text.slice(from, open - 1) + '(';
    from = open + 1;
  }
}

/**
 * Returns the text of a barcode without symbology identifier, with a separator behind each value of variable length but
 * the last.
 */
export function toElementString(elements: readonly AiElement[]): string {
  return elements
    .map(({ ai, value }, i) => ai + value + (i === elements.length - 1 || findAi(ai)?.fixed ? '' : SEPARATOR))
    .join('');
}

/** Returns the form printed for people, `(01)...(21)...`, the inverse of {@link parseBracketed}. */
export function toBracketed(elements: readonly AiElement[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value.split('(').join('\\(')}`).join('');
}

/** Returns whether a text begins like an element string, with two digits or a separator. */
export function looksLikeElements(text: string): boolean {
  return text.startsWith(SEPARATOR) || isDigits(text.slice(0, 2));
}
