import type { Entry, StateView } from './state.js';

/** Reads each key once, and knows how many it read (L5.5). */
export interface CountedView extends StateView {
  reads(): number;
}

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
