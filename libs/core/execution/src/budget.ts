import type { Overlay, StateView } from '@custos/core-state';

/** L5.5: what a transaction may still read and change. */
export interface Work {
  reads: number;
  changes: number;
}

/** Leaves a decision that read more than its transaction may; it never leaves this room. */
export class TooMuchWork extends Error {}

/**
 * A view that pays one read for every `get`. With nothing left it throws {@link TooMuchWork}, so that no decision
 * can go on unseen; a decision that looks at counts before children never gets there.
 */
export function paidView(view: StateView, work: Work): StateView {
  return {
    get(key) {
      if (work.reads <= 0) throw new TooMuchWork();
      work.reads--;
      return view.get(key);
    },
  };
}

/**
 * What a kind writes into: only the keys it owns. Another key is a bug of the law, not a refusal, and stops the
 * validator before it votes.
 */
export function ownedOverlay(onto: Overlay, kind: string, owns: readonly string[]): Overlay {
  return {
    get: (key) => onto.get(key),
    set(key, entry) {
      if (!owns.some((space) => isIn(space, key))) throw new Error(`kind ${kind} may not write ${key}`);
      onto.set(key, entry);
    },
    changes: () => onto.changes(),
    copyTo: (other) => onto.copyTo(other),
  };
}

/** A space ends in `/` and holds what begins so, or is one key. */
export function isIn(space: string, key: string): boolean {
  return space.endsWith('/') ? key.startsWith(space) : key === space;
}
