import type { Entry } from '@custos/core-state';
import { PROOF_HEIGHTS, type ChainStore } from './ports.js';

/** L6.7: what stood at `key` after block `height` is what the first block above it that wrote `key` overwrote. */
export function entryAt(
  store: Pick<ChainStore, 'head' | 'entry' | 'previousEntries'>,
  height: number,
  key: string,
): Entry | undefined {
  const head = store.head()?.height ?? -1;
  if (!(Number.isInteger(height) && height >= 0 && height <= head && height > head - PROOF_HEIGHTS)) {
    throw new RangeError(`height ${height} is not among the last ${PROOF_HEIGHTS} up to ${head}`);
  }
  for (let above = height + 1; above <= head; above++) {
    const previous = store.previousEntries(above)?.find((entry) => entry.key === key);
    if (previous) return previous.before;
  }
  return store.entry(key);
}
