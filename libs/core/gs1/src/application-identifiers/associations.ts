import type { Malformed } from '@custos/core-bytes';
import { findAi, type AiElement } from './ai.js';

/** What a list of elements breaks between its members: `RULE_BROKEN` faults name the AI that asks for it. */
export interface BrokenRule extends Malformed {
  readonly code: 'AI_EXCLUDED' | 'AI_REQUIRED' | 'KEY_NOT_SERIALISED';
  readonly ai: string;
}

/**
 * The first AI of a list that a pattern means: `01`, or `31nn` with `n` for any digit. AIs to leave out of the search
 * are given by `ignore`, as patterns too.
 */
export function findPattern(elements: readonly AiElement[], pattern: string, ignore?: string): string | undefined {
  return elements.find(({ ai }) => matches(ai, pattern) && !(ignore !== undefined && matches(ai, ignore)))?.ai;
}

function matches(ai: string, pattern: string): boolean {
  if (ai.length !== pattern.length) return false;
  for (let i = 0; i < ai.length; i++) if (pattern[i] !== 'n' && pattern[i] !== ai[i]) return false;
  return true;
}

/** Pairs that may not stand together (Syntax Dictionary, `ex`): a code that holds one contradicts itself. */
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
 * AIs that must be there too (Syntax Dictionary, `req`). The rule is meant for all codes of one item together, so one
 * carrier alone may break it.
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

// Keys whose serial is a part of the key: AI and length without it.
const SERIALISED: readonly (readonly [ai: string, length: number])[] = [
  ['253', 13],
  ['255', 13],
  ['8003', 14],
];

/** A digital signature (8030) signs one thing, never a class of things. */
export function brokenSignature(elements: readonly AiElement[]): BrokenRule | undefined {
  if (findPattern(elements, '8030') === undefined) return undefined;
  for (const [ai, length] of SERIALISED) {
    const key = elements.find((element) => element.ai === ai);
    if (!key || key.value.length > length) continue;
    return { code: 'KEY_NOT_SERIALISED', ai, field: `(${ai})`, fix: `give (${ai}) its serial: (8030) signs one thing` };
  }
  return undefined;
}

/** All that is broken between the elements of one code. */
export function brokenRules(elements: readonly AiElement[]): readonly BrokenRule[] {
  return [brokenExclusion(elements), brokenRequirement(elements), brokenSignature(elements)].filter(
    (broken) => broken !== undefined,
  );
}
