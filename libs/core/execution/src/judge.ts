import type { JsonObject } from '@custos/core-bytes';
import type { Decision, Refused, StateView } from '@custos/core-state';
import { paidView, TooMuchWork, type Work } from './budget.js';

/**
 * Runs one decision within what is left of its transaction's work (L5.5). A refusal pays for what it read.
 * Sizes of what is written (L5.7) are kept by the rooms that write it.
 */
export function judge(state: StateView, work: Work, decide: (paid: StateView) => Decision): Decision {
  try {
    const decision = decide(paidView(state, work));
    if (decision.outcome === 'refused') return decision;
    const needed = decision.changes.length;
    if (needed > work.changes) return tooMuchWork(needed, work.changes);
    work.changes -= needed;
    return decision;
  } catch (error) {
    if (error instanceof TooMuchWork) return tooMuchWork(undefined, work.reads);
    throw error;
  }
}

/** `needed` is known for changes only: reads are stopped before they are counted. */
export function tooMuchWork(needed: number | undefined, left: number): Refused {
  return refused('TOO_MUCH_WORK', { needed, left });
}

export function refused(code: string, facts: JsonObject): Refused {
  return { outcome: 'refused', refusal: { code, facts } };
}
