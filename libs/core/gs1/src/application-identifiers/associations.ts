import type { Malformed } from '@custos/core-bytes';
import { findAi, type AiElement } from './ai.js';

/** A rule between the elements of one code that is broken; `ai` is the element that states the rule. */
export interface BrokenRule extends Malformed {
  readonly code: 'AI_EXCLUDED' | 'AI_REQUIRED' | 'KEY_NOT_SERIALISED';
  readonly ai: string;
}

/**
 * Returns the first AI of a list that matches a pattern: `01`, or `31nn` with `n` for any digit. AIs that match the
 * pattern `ignore` are skipped.
 */
export function findPattern(elements: readonly AiElement[], pattern: string, ignore?: string): string | undefined {
  return elements.find(({ ai }) => matches(ai, pattern) && !(ignore !== undefined && matches(ai, ignore)))?.ai;
}

function matches(ai: string, pattern: string): boolean {
  if (ai.length !== pattern.length) return false;
  for (let i = 0; i < ai.length; i++) if (pattern[i] !== 'n' && pattern[i] !== ai[i]) return false;
  return true;
}

/**
 * Returns the first pair of elements that exclude each other (Syntax Dictionary, `ex`): such a code contradicts itself.
 */
export function brokenExclusion(elements: readonly AiElement[]): BrokenRule | undefined {
  for (const { ai } of elements) {
    for (const pattern of findAi(ai)?.excluded ?? []) {
      const other = findPattern(elements, pattern, ai);
      if (other === undefined) continue;
      return {
        code: 'AI_EXCLUDED',
        ai,
        field: `(${ai})`,
        fix: `leave out (${ai}) or (${other}): they exclude each other`,
      };
    }
  }
  return undefined;
}

/**
 * Returns the first element whose required elements are missing (Syntax Dictionary, `req`). The rule applies to all
 * codes of one item together, so that one carrier alone may break it.
 */
export function brokenRequirement(elements: readonly AiElement[]): BrokenRule | undefined {
  const all = (set: readonly string[]) => set.every((pattern) => findPattern(elements, pattern) !== undefined);
  for (const { ai } of elements) {
    for (const sets of findAi(ai)?.required ?? []) {
      if (sets.some(all)) continue;
      const choices = sets.map((set) => set.map((pattern) => `(${pattern})`).join(' with ')).join(' or ');
      return { code: 'AI_REQUIRED', ai, field: `(${ai})`, fix: `(${ai}) needs ${choices} beside it` };
    }
  }
  return undefined;
}

// Keys that include their serial number: AI, and length without the serial number.
const SERIALISED: readonly (readonly [ai: string, length: number])[] = [
  ['253', 13],
  ['255', 13],
  ['8003', 14],
];

/**
 * Returns the fault of a digital signature (8030) beside a key without serial number: it signs one thing, not a class.
 */
export function brokenSignature(elements: readonly AiElement[]): BrokenRule | undefined {
  if (findPattern(elements, '8030') === undefined) return undefined;
  for (const [ai, length] of SERIALISED) {
    const key = elements.find((element) => element.ai === ai);
    if (!key || key.value.length > length) continue;
    return { code: 'KEY_NOT_SERIALISED', ai, field: `(${ai})`, fix: `give (${ai}) its serial: (8030) signs one thing` };
  }
  return undefined;
}

/** Returns the broken rules between the elements of one code, at most one of each kind. */
export function brokenRules(elements: readonly AiElement[]): readonly BrokenRule[] {
  return [brokenExclusion(elements), brokenRequirement(elements), brokenSignature(elements)].filter(
    (broken) => broken !== undefined,
  );
}
