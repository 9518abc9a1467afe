import type { Malformed } from '@custos/core-bytes';
import { failedCheck, isCheck, type Check } from './ai-checks.js';
import { AI_ROWS, type AiRow } from './ai-table.js';
import { firstOutside, type CharacterSet } from './characters.js';

interface Component {
  readonly set: CharacterSet;
  readonly min: number;
  readonly max: number;
  readonly optional: boolean;
  readonly check?: Check;
}

/** One Application Identifier: the shape of its value and its place in element strings and Digital Links. */
export interface ApplicationIdentifier {
  readonly ai: string;
  readonly components: readonly Component[];
  /** Longest value; the only length when `fixed`. */
  readonly maxLength: number;
  /** No separator follows it: every reader knows its length. */
  readonly fixed: boolean;
  /** May stand in the query of a Digital Link. */
  readonly attribute: boolean;
  /** Of a primary key: the sequences of qualifiers that may follow it in a path. */
  readonly qualifiers?: readonly (readonly string[])[];
}

/** An Application Identifier with its value. */
export interface AiElement {
  readonly ai: string;
  readonly value: string;
}

const TABLE: ReadonlyMap<string, ApplicationIdentifier> = new Map(AI_ROWS.flatMap(expand));

/** Longest Application Identifier. */
const MAX_AI_LENGTH = 4;

export function findAi(ai: string): ApplicationIdentifier | undefined {
  return TABLE.get(ai);
}

/** How many Application Identifiers are known. */
export function knownAis(): number {
  return TABLE.size;
}

/** The Application Identifier that a text begins with at an index: no AI is the beginning of another one. */
export function aiAt(text: string, at: number): ApplicationIdentifier | undefined {
  for (let length = 2; length <= MAX_AI_LENGTH; length++) {
    const found = TABLE.get(text.slice(at, at + length));
    if (found) return found;
  }
  return undefined;
}

/** What is wrong with a value of this Application Identifier; absent when nothing is. The field is `(AI)`. */
export function faultOf(ai: ApplicationIdentifier, value: string): Malformed | undefined {
  const field = `(${ai.ai})`;
  let at = 0;
  for (const component of ai.components) {
    if (component.optional && at === value.length) break;
    const part = value.slice(at, at + component.max);
    if (part.length < component.min) {
      return { code: 'LENGTH_WRONG', field, fix: `send ${lengths(ai)} characters, not ${value.length}` };
    }
    const outside = firstOutside(part, component.set);
    if (outside >= 0) return wrongCharacter(field, at + outside, component.set);
    const fix = component.check && failedCheck(component.check, part);
    if (fix !== undefined) return { code: CODES[component.check!] ?? 'VALUE_WRONG', field, fix };
    at += part.length;
  }
  if (at === value.length) return undefined;
  return { code: 'LENGTH_WRONG', field, fix: `send ${lengths(ai)} characters, not ${value.length}` };
}

const CODES: { readonly [check in Check]?: string } = {
  check: 'CHECK_DIGIT_WRONG',
  date: 'DATE_INVALID',
  date0: 'DATE_INVALID',
  day8: 'DATE_INVALID',
};

const SETS: Record<CharacterSet, string> = {
  n: 'a digit',
  x: 'of GS1 character set 82',
  y: 'of GS1 character set 39',
  z: 'of GS1 character set 64',
};

function wrongCharacter(field: string, at: number, set: CharacterSet): Malformed {
  return { code: 'CHARACTER_WRONG', field, fix: `character ${at + 1} is not ${SETS[set]}` };
}

function lengths(ai: ApplicationIdentifier): string {
  const least = ai.components.reduce((sum, { optional, min }) => sum + (optional ? 0 : min), 0);
  return least === ai.maxLength ? String(least) : `${least} to ${ai.maxLength}`;
}

function expand(row: AiRow): [string, ApplicationIdentifier][] {
  const components = row.format.split(' ').map(componentOf);
  const shape = {
    components,
    maxLength: components.reduce((sum, { max }) => sum + max, 0),
    fixed: row.traits.includes('F'),
    attribute: row.traits.includes('A'),
    qualifiers: row.key?.split('|').map((sequence) => sequence.split(' ').filter((ai) => ai !== '')),
  };
  return row.ais.split(' ').flatMap((range) => aisOf(range).map((ai) => [ai, { ai, ...shape }] as const)) as [
    string,
    ApplicationIdentifier,
  ][];
}

function aisOf(range: string): string[] {
  const [first, last] = range.split('-');
  const ais: string[] = [];
  for (let ai = Number(first); ai <= Number(last ?? first); ai++) ais.push(String(ai).padStart(first!.length, '0'));
  return ais;
}

function componentOf(notation: string): Component {
  const optional = notation.startsWith('[');
  const [shape, check] = (optional ? notation.slice(1, -1) : notation).split(':');
  const variable = shape!.includes('..');
  const max = Number(variable ? shape!.slice(3) : shape!.slice(1));
  if (check !== undefined && !isCheck(check)) throw new Error(`no check is called ${check}`);
  return { set: shape![0] as CharacterSet, min: variable ? 1 : max, max, optional, check };
}
