import type { ChainState } from './chain-state.js';
import { unstored, type ExecutedBlock } from './executed-block.js';
import type { Mempool } from './mempool.js';

/** K9: whether a transaction waits that is in no block from the store up to `tip`. */
export function hasWaiting(pool: Mempool, tip: ExecutedBlock): boolean {
  // Ids are distinct along a branch, so those of the pool that it holds can simply be counted.
  let included = 0;
  for (const block of unstored(tip)) for (const id of block.ids) if (pool.has(id)) included++;
  return pool.size > included;
}

/** The executed block of this hash, or the last stored one. */
export function tipOf(chain: ChainState, hash: Parameters<ChainState['find']>[0]): ExecutedBlock {
  return chain.find(hash) ?? chain.head;
}
