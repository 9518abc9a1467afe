import { isInWindow } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { ChainState } from '../state/chain-state.js';
import { unstored, type ExecutedBlock } from '../state/executed-block.js';
import type { Mempool } from '../lanes/mempool.js';

/** K9: whether a transaction waits that the next block on `tip` may hold and that no block up to `tip` holds. */
export function hasWaiting(pool: Mempool, tip: ExecutedBlock, now: number): boolean {
  const timestamp = Math.max(now, tip.block.header.timestamp + 1);
  const included = new Set<Digest>();
  for (const block of unstored(tip)) for (const id of block.ids) included.add(id);
  for (const { transaction } of pool.oldestFirst())
    if (!included.has(transaction.id) && isInWindow(transaction.head, timestamp)) return true;
  return false;
}

/** The executed block of this hash, or the last stored one. */
export function tipOf(chain: ChainState, hash: Parameters<ChainState['find']>[0]): ExecutedBlock {
  return chain.find(hash) ?? chain.head;
}
