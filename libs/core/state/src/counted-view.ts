import type { Entry, StateView } from './state.js';

/** A view that reads each key once from the view below and counts the keys read (L5.5). */
export interface CountedView extends StateView {
  /** Returns the number of different keys read so far. */
  reads(): number;
}

/** Returns a view over `below` that caches and counts its reads, for the read budget of a transaction (L5.5). */
export function countedView(below: StateView): CountedView {
  const seen = new Map<string, Entry | undefined>();
  return {
    get(key) {
      if (!seen.has(key)) seen.set(key, below.get(key));
      return seen.get(key);
    },
    reads: () => seen.size,
  };
}
