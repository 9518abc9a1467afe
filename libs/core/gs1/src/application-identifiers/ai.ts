import type { Malformed } from '@custos/core-bytes';
import { failedCheck, isCheck, type Check } from './ai-checks.js';
import { AI_ROWS, type AiRow } from './ai-table.js';
import { firstOutside, type CharacterSet } from '../identifiers/characters.js';

interface Component {
  readonly set: CharacterSet;
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
  readonly checks: readonly Check[];
}

/** One Application Identifier: the shape of its value and its place in element strings and Digital Links. */
export interface ApplicationIdentifier {
  readonly ai: string;
  /** Name of the element on labels (General Specifications, 3.2). */
  readonly title: string;
  readonly components: readonly Component[];
  /** Length of the longest value; of each value when `fixed`. */
  readonly maxLength: number;
  /** Whether the length is predefined, so that no separator follows the value. */
  readonly fixed: boolean;
  /** Whether it may be in the query of a Digital Link. */
  readonly attribute: boolean;
  /** Sequences of qualifiers that may follow it in the path of a Digital Link; present for primary keys only. */
  readonly qualifiers?: readonly (readonly string[])[];
  /** For each rule, sets of AIs (`n` = any digit) of which one must be present completely. */
  readonly required: readonly (readonly (readonly string[])[])[];
  /** AIs that may not be in the same code. */
  readonly excluded: readonly string[];
}

/** A fault in the value of an element: a refusal with GS1's name of the fault and its position. */
export interface AiFault extends Malformed {
  readonly fault: string;
  /** Index in the value at which the fault begins. */
  readonly at: number;
}

/** An Application Identifier with its value. */
export interface AiElement {
  readonly ai: string;
  readonly value: string;
}

const TABLE: ReadonlyMap<string, ApplicationIdentifier> = new Map(AI_ROWS.flatMap(expand));

/** The length of the longest Application Identifier. */
const MAX_AI_LENGTH = 4;

/** Returns the Application Identifier with these 2 to 4 digits, or undefined when GS1 defines none. */
export function findAi(ai: string): ApplicationIdentifier | undefined {
  return TABLE.get(ai);
}

/** Returns the number of known Application Identifiers. */
export function knownAis(): number {
  return TABLE.size;
}

/**
 * Returns the Application Identifier at an index of a text, or undefined. It is unique: no AI is the prefix of another.
 */
export function aiAt(text: string, at: number): ApplicationIdentifier | undefined {
  for (let length = 2; length <= MAX_AI_LENGTH; length++) {
    const found = TABLE.get(text.slice(at, at + length));
    if (found) return found;
  }
  return undefined;
}

/**
 * Returns the first fault of a value of this Application Identifier, or undefined. Its `field` is `(AI)`. The codes are
 * LENGTH_WRONG, CHARACTER_WRONG, CHECK_DIGIT_WRONG, DATE_INVALID and VALUE_WRONG.
 */
export function faultOf(ai: ApplicationIdentifier, value: string): AiFault | undefined {
  let at = 0;
  for (const component of ai.components) {
    if (component.optional && at === value.length) break;
    const part = value.slice(at, at + component.max);
    if (part.length < component.min) return wrongLength(ai, 'TOO_SHORT', value);
    const outside = outsideFault(ai, component.set, part, at);
    if (outside) return outside;
    for (const check of component.checks) {
      const failed = failedCheck(check, part);
      if (failed) return { code: codeOf(check), field: `(${ai.ai})`, ...failed, at: at + failed.at };
    }
    at += part.length;
  }
  return at === value.length ? undefined : wrongLength(ai, 'TOO_LONG', value);
}

/** Returns the fault of {@link faultOf} as a plain refusal, without the name of GS1 and the position. */
export function refusalOf(ai: ApplicationIdentifier, value: string): Malformed | undefined {
  const found = faultOf(ai, value);
  return found && { code: found.code, field: found.field, fix: found.fix };
}

const CODES: { readonly [check in Check]?: string } = {
  csum: 'CHECK_DIGIT_WRONG',
  csumalpha: 'CHECK_DIGIT_WRONG',
  yymmdd: 'DATE_INVALID',
  yymmd0: 'DATE_INVALID',
  yyyymmdd: 'DATE_INVALID',
};

function codeOf(check: Check): string {
  return CODES[check] ?? 'VALUE_WRONG';
}

const SETS: Record<CharacterSet, readonly [name: string, fault: string]> = {
  n: ['a digit', 'NON_DIGIT_CHARACTER'],
  x: ['of GS1 character set 82', 'INVALID_CSET82_CHARACTER'],
  y: ['of GS1 character set 39', 'INVALID_CSET39_CHARACTER'],
  z: ['of GS1 character set 64', 'INVALID_CSET64_CHARACTER'],
};

function outsideFault(
  { ai }: ApplicationIdentifier,
  set: CharacterSet,
  part: string,
  from: number,
): AiFault | undefined {
  const end = set === 'z' ? endOfUnpadded(part) : part.length;
  const pads = part.length - end;
  if (pads > 2 || (pads > 0 && part.length % 3 !== 0)) {
    const fix = 'pad by = to a multiple of three characters, or not at all';
    return { code: 'CHARACTER_WRONG', field: `(${ai})`, fix, fault: 'INVALID_CSET64_PADDING', at: from + end };
  }
  const outside = firstOutside(part, set);
  if (outside < 0 || outside >= end) return undefined;
  const [name, fault] = SETS[set];
  const fix = `character ${from + outside + 1} is not ${name}`;
  return { code: 'CHARACTER_WRONG', field: `(${ai})`, fix, fault, at: from + outside };
}

function endOfUnpadded(part: string): number {
  let end = part.length;
  while (end > 0 && part[end - 1] === '=') end--;
  return end;
}

function wrongLength(ai: ApplicationIdentifier, fault: string, value: string): AiFault {
  const fix = `send ${lengths(ai)} characters, not ${value.length}`;
  return { code: 'LENGTH_WRONG', field: `(${ai.ai})`, fix, fault, at: Math.min(value.length, ai.maxLength) };
}

function lengths(ai: ApplicationIdentifier): string {
  const least = ai.components.reduce((sum, { optional, min }) => sum + (optional ? 0 : min), 0);
  return least === ai.maxLength ? String(least) : `${least} to ${ai.maxLength}`;
}

function expand(row: AiRow): [string, ApplicationIdentifier][] {
  const components = row.format.split(' ').map(componentOf);
  const shape = {
    title: row.title,
    components,
    maxLength: components.reduce((sum, { max }) => sum + max, 0),
    fixed: row.traits.includes('F'),
    attribute: row.traits.includes('A'),
    ...rulesOf(row.rules),
  };
  return aisOf(row.ais).map((ai) => [ai, { ai, ...shape }]);
}

function rulesOf(text: string): Pick<ApplicationIdentifier, 'qualifiers' | 'required' | 'excluded'> {
  let qualifiers: readonly (readonly string[])[] | undefined;
  const required: (readonly (readonly string[])[])[] = [];
  const excluded: string[] = [];
  for (const rule of text.split(' ')) {
    const [name, value = ''] = rule.split('=');
    if (name === 'dlpkey')
      qualifiers = value.split('|').map((sequence) => sequence.split(',').filter((ai) => ai !== ''));
    if (name === 'req') required.push(value.split(',').map((set) => set.split('+')));
    if (name === 'ex') excluded.push(...value.split(','));
  }
  return { ...(qualifiers && { qualifiers }), required, excluded };
}

function aisOf(range: string): string[] {
  const [first, last] = range.split('-');
  const ais: string[] = [];
  for (let ai = Number(first); ai <= Number(last ?? first); ai++) ais.push(String(ai).padStart(first!.length, '0'));
  return ais;
}

function componentOf(notation: string): Component {
  const optional = notation.startsWith('[');
  const [shape, checks] = (optional ? notation.slice(1, -1) : notation).split(':');
  const variable = shape!.includes('..');
  const max = Number(variable ? shape!.slice(3) : shape!.slice(1));
  return { set: shape![0] as CharacterSet, min: variable ? 1 : max, max, optional, checks: checksOf(checks) };
}

function checksOf(names: string | undefined): readonly Check[] {
  return (names?.split(',') ?? []).map((name) => {
    if (!isCheck(name)) throw new Error(`no check is called ${name}`);
    return name;
  });
}
