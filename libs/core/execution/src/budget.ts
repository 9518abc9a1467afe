import type { Overlay, StateView } from '@custos/core-state';

/** L5.5: the number of key reads and changes that a transaction has left. */
export interface Work {
  reads: number;
  changes: number;
}

/** The exception that ends a decision which exceeds its reads. {@link judge} catches it; it never leaves this room. */
export class TooMuchWork extends Error {}

/**
 * Returns a view that subtracts one read from `work` for every `get`. With none left it throws {@link TooMuchWork}, so
 * that a decision cannot continue beyond its budget. A decision that checks counts before children does not reach that.
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
 * Returns an overlay into which a kind writes only the keys that it owns. Any other key is a bug of the law and no
 * refusal: `set` throws an Error, which stops the validator before it votes.
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

/**
 * Reports whether a key lies in a space. A space that ends in `/` holds all keys that begin with it; any other is one
 * key.
 */
export function isIn(space: string, key: string): boolean {
  return space.endsWith('/') ? key.startsWith(space) : key === space;
}
