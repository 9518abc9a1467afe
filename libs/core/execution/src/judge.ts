import type { JsonObject } from '@custos/core-bytes';
import type { Decision, Refused, StateView } from '@custos/core-state';
import { paidView, TooMuchWork, type Work } from './budget.js';

/**
 * Runs one decision within the rest of its transaction's budget (L5.5), and subtracts its reads and changes. A refusal
 * also pays for its reads. Refuses TOO_MUCH_WORK when the budget is exceeded. The rooms that write entries check their
 * sizes (L5.7).
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

/**
 * Returns the refusal TOO_MUCH_WORK (L5.5). `needed` is undefined for reads, which are stopped before they are counted.
 */
export function tooMuchWork(needed: number | undefined, left: number): Refused {
  return refused('TOO_MUCH_WORK', { needed, left });
}

/** Returns a refusal with a code and its facts. */
export function refused(code: string, facts: JsonObject): Refused {
  return { outcome: 'refused', refusal: { code, facts } };
}
