import type { StoredBlock } from '@custos/shell-chain-store';
import type { ExecutedBlock } from './executed-block.js';

/** Returns an executed block as the store takes it. */
export function storedBlock({ block, receipts, changes }: ExecutedBlock): StoredBlock {
  const { epoch, view, height, ownHash, timestamp } = block.header;
  return {
    epoch,
    view,
    height,
    hash: ownHash,
    timestamp,
    bytes: block.bytes,
    receipts,
    transactionIds: block.transactions.map(({ id }) => id),
    changes,
  };
}
