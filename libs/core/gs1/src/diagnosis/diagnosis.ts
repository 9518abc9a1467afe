import type { Malformed } from '@custos/core-bytes';
import { faultOf, findAi, type AiElement } from '../application-identifiers/ai.js';
import { brokenRules } from '../application-identifiers/associations.js';
import { expiryDate, type IsoDate } from '../identifiers/dates.js';
import { digitalLinkOf, isWebUri, parseDigitalLink, STRICT_LINK, toDigitalLink } from '../forms/digital-link.js';
import { toBracketed, toElementString } from '../forms/element-string.js';
import type { Identifier } from '../identifiers/identifier.js';
import { ID_LENGTH, locate } from './locate.js';
import { manglings } from './manglings.js';
import { suggestionsFor, type Suggestion } from './suggestions.js';
import { nationalNumbers, type NationalNumber } from '../identifiers/national-numbers.js';
import { identifierOfElements } from '../identifiers/key-elements.js';
import { MAX_SCAN_LENGTH, parseScan, parseWritten, type ScanForm, type Written } from '../forms/scan.js';
import { toUrn } from '../forms/to-urn.js';

/** One element of a code, with title and decoded value. */
interface Field extends AiElement {
  readonly title: string;
  /** For a date: the day, with its century. */
  readonly date?: IsoDate;
  /** For a measure or an amount: the number with its decimal point. */
  readonly decimal?: string;
}

/**
 * The level of a finding: `error` = the code is wrong; `warning` = correct but doubtful or outdated; `note` = a fact is
 * unknown.
 */
type Level = 'error' | 'warning' | 'note';

/** One finding about a code: the fault, its place and possible corrections. */
interface CodeFinding {
  readonly level: Level;
  readonly code: string;
  readonly ai?: string;
  /** Index in the text that was read. */
  readonly index?: number;
  /** GS1's name of the fault. */
  readonly fault?: string;
  readonly fix: string;
  readonly meant?: readonly Suggestion[];
}

/** A code in every other form, with all findings. */
export interface CodeDiagnosis {
  readonly form?: ScanForm;
  /** Symbology identifier such as `]d2`; present when the text begins with one. */
  readonly symbology?: string;
  readonly kind?: Identifier['kind'];
  readonly elementString?: string;
  readonly bracketed?: string;
  readonly digitalLink?: string;
  /** Present when the length of the company prefix is known, from a URN or from the options. */
  readonly urn?: string;
  readonly fields: readonly Field[];
  readonly national?: readonly NationalNumber[];
  readonly findings: readonly CodeFinding[];
}

/** The facts that a code does not hold. */
export interface DiagnosisOptions {
  /** Current year, which determines the century of dates. */
  readonly thisYear: number;
  /** Number of digits of the GS1 company prefix; only a URN states it. */
  readonly prefixLength?: number;
}

/**
 * Parses a code of any form and returns all findings: first the faults of each value, then the broken rules between
 * elements. Never throws; a text above {@link MAX_SCAN_LENGTH} characters gives the finding TOO_LONG.
 */
export function diagnoseCode(text: string, options: DiagnosisOptions): CodeDiagnosis {
  const written = parseWritten(text);
  return written.ok ? rightCode(text, written.value, options) : wrongCode(text, written.malformed, options);
}

function rightCode(text: string, written: Written, options: DiagnosisOptions): CodeDiagnosis {
  const { form, elements } = written;
  const named = written.identifier ? undefined : identifierOfElements(elements);
  const identifier = written.identifier ?? (named?.ok === true ? named.value : undefined);
  const link = elements.length > 0 ? digitalLinkOf(elements) : undefined;
  const digitalLink = link?.ok === true ? link.value : identifier && toDigitalLink(identifier);
  const urn = identifier && urnOf(identifier, written.prefixLength ?? options.prefixLength);
  const national = nationalNumbers(elements);
  return {
    form,
    ...symbologyOf(text),
    ...(identifier && { kind: identifier.kind }),
    ...(elements.length > 0 && { elementString: toElementString(elements), bracketed: toBracketed(elements) }),
    ...(digitalLink !== undefined && { digitalLink }),
    ...(urn !== undefined && { urn }),
    fields: elements.map((element) => fieldOf(element, options.thisYear)),
    ...(national.length > 0 && { national }),
    findings: [
      ...rulesBetween(text, elements),
      ...doubts(text, written, national),
      ...unknowns(digitalLink, identifier, urn),
    ],
  };
}

function rulesBetween(text: string, elements: readonly AiElement[]): readonly CodeFinding[] {
  return brokenRules(elements).map(({ code, ai, fix }) => {
    const index = placeOf(text, ai);
    return { level: 'error', code, ai, ...(index !== undefined && { index }), fix };
  });
}

function urnOf(identifier: Identifier, prefixLength: number | undefined): string | undefined {
  if (identifier.kind === 'cn') return toDigitalLink(identifier);
  const urn = prefixLength === undefined ? undefined : toUrn(identifier, prefixLength);
  return urn?.ok === true ? urn.value : undefined;
}

function unknowns(
  digitalLink: string | undefined,
  identifier: Identifier | undefined,
  urn: string | undefined,
): readonly CodeFinding[] {
  if (digitalLink === undefined) {
    const fix = 'it names nothing by itself: add a GS1 key, as (01) GTIN or (00) SSCC';
    return [{ level: 'warning', code: 'KEY_MISSING', fix }];
  }
  if (!identifier || urn !== undefined) return [];
  const fix = 'give the length of the company prefix: only a URN tells it';
  return [{ level: 'note', code: 'PREFIX_LENGTH_UNKNOWN', fix }];
}

function doubts(text: string, written: Written, national: readonly NationalNumber[]): readonly CodeFinding[] {
  const found: CodeFinding[] = [];
  const code = text.trim();
  if (code !== text) found.push({ level: 'warning', code: 'BLANKS', index: 0, fix: 'leave out the blanks around it' });
  if (isWebUri(code) && !parseDigitalLink(code, STRICT_LINK).ok) {
    const fix = 'write 14 digits and numbers for names: what was sent is of an older edition of the standard';
    found.push({ level: 'warning', code: 'LINK_OUTDATED', index: 0, fix });
  }
  const swallowed = swallowedExpiry(code, written);
  if (swallowed.length > 0) {
    const fix = 'separate values of variable length by FNC1 (U+001D), or the next element becomes part of them';
    found.push({ level: 'warning', code: 'SEPARATOR_DOUBTFUL', fix, meant: swallowed });
  }
  for (const { scheme, ai, checked } of national) {
    if (checked !== false) continue;
    found.push({
      level: 'warning',
      code: 'NATIONAL_CHECK_DIGIT',
      ai,
      fix: `the check digit of the ${scheme} is wrong`,
    });
  }
  return found;
}

// A lot or serial number ends in an element (17), and the code has none: a separator was probably lost.
function swallowedExpiry(code: string, { form, elements }: Written): readonly Suggestion[] {
  if (form !== 'element-string' || elements.some(({ ai }) => ai === '17')) return [];
  return manglings(code).flatMap(({ kind, code: other }) => {
    const read = kind === 'missing separator' ? parseScan(other) : undefined;
    return read?.ok === true && read.value.expiry !== undefined ? [{ mistake: kind, code: other }] : [];
  });
}

function wrongCode(text: string, refusal: Malformed, { thisYear }: DiagnosisOptions): CodeDiagnosis {
  const { located, end } = locate(text);
  const faults = located.flatMap(({ ai, value, at }): readonly CodeFinding[] => {
    const found = faultOf(ai, value);
    return found
      ? [{ level: 'error', code: found.code, ai: ai.ai, index: at + found.at, fault: found.fault, fix: found.fix }]
      : [];
  });
  const told = faults.some(({ code, ai }) => code === refusal.code && `(${ai})` === refusal.field);
  const rest = told ? [] : [findingOf(text, end ?? refusal)];
  const findings = [...faults, ...rest];
  const meant = text.length <= MAX_SCAN_LENGTH ? suggestionsFor(text.trim()) : [];
  return {
    ...symbologyOf(text),
    fields: located.map(({ ai, value }) => fieldOf({ ai: ai.ai, value }, thisYear)),
    findings: meant.length > 0 ? [{ ...findings[0]!, meant }, ...findings.slice(1)] : findings,
  };
}

function findingOf(text: string, { code, field, fix }: Malformed): CodeFinding {
  const ai = field[0] === '(' ? field.slice(1, -1) : undefined;
  const index = field[0] === '@' ? Number(field.slice(1)) : ai === undefined ? undefined : placeOf(text, ai);
  return { level: 'error', code, ...(ai !== undefined && { ai }), ...(index !== undefined && { index }), fix };
}

/** Returns the index at which the value of an AI begins in a text of any form. */
function placeOf(text: string, ai: string): number | undefined {
  return locate(text).located.find((element) => element.ai.ai === ai)?.at;
}

function symbologyOf(text: string): { readonly symbology?: string } {
  const code = text.trimStart();
  return code[0] === ']' ? { symbology: code.slice(0, ID_LENGTH) } : {};
}

function fieldOf({ ai, value }: AiElement, thisYear: number): Field {
  const known = findAi(ai)!;
  const first = known.components[0]!;
  const isDate = first.checks.includes('yymmd0') || first.checks.includes('yymmdd');
  const date = isDate ? expiryDate(value.slice(0, 6), thisYear, ai) : undefined;
  const decimal = decimalOf(ai, value);
  return {
    ai,
    title: known.title,
    value,
    ...(date?.ok === true && { date: date.value }),
    ...(decimal !== undefined && { decimal }),
  };
}

/** The number of digits of the currency before an amount. */
const CURRENCY_LENGTH = 3;

// 31nn to 36nn and 39nn: the last digit of the AI is the number of decimals.
function decimalOf(ai: string, value: string): string | undefined {
  if (ai.length !== 4 || ai[0] !== '3') return undefined;
  const places = Number(ai[3]);
  const digits = ai.startsWith('391') || ai.startsWith('393') ? value.slice(CURRENCY_LENGTH) : value;
  const padded = digits.padStart(places + 1, '0');
  const whole = withoutZeros(padded.slice(0, padded.length - places));
  return places === 0 ? whole : `${whole}.${padded.slice(padded.length - places)}`;
}

function withoutZeros(digits: string): string {
  let from = 0;
  while (from < digits.length - 1 && digits[from] === '0') from++;
  return digits.slice(from);
}
