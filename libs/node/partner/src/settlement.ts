import type { Json } from '@custos/core-bytes';
import { inclusionsOf, transactionInclusionJson } from '@custos/core-chain';
import type { Digest, Hasher, KeyId } from '@custos/core-crypto';
import { encodeCertificate } from '@custos/core-finality';
import type { ProjectedBlock, Projection } from '@custos/node-follower';
import { settle, type Settled } from './outbox.js';

/** What a block says of this organisation's transactions, with the proofs; undefined when it holds none. */
export function settledBy(
  hasher: Hasher,
  validators: number,
  ownKey: KeyId,
  { block, receipts, record, above }: ProjectedBlock,
): readonly Settled[] {
  const own = block.transactions.filter(({ head }) => head.keyIds.includes(ownKey));
  if (own.length === 0) return [];
  const certificate = encodeCertificate(record.finalize, validators);
  const inclusion = inclusionsOf(hasher, { block, receipts, above, certificate });
  const { height, timestamp } = block.header;
  return own.map(({ id }) => ({
    txId: id,
    height,
    blockTime: timestamp,
    receipts: receiptsOf(id),
    inclusion: transactionInclusionJson(inclusion(id)!) as Json,
  }));

  function receiptsOf(txId: Digest) {
    return receipts.filter((receipt) => receipt.txId === txId);
  }
}

/**
 * Settles the outbox in the transaction that projects the block: either both have it or neither. Its rows are
 * the service's own, so that clearing forgets nothing; a rebuild writes the same answers again.
 */
export function settlementProjection(settledByBlock: (block: ProjectedBlock) => readonly Settled[]): Projection {
  return {
    name: 'settlement',
    version: 1,
    clear: async () => undefined,
    genesis: async () => undefined,
    project: (sql, block) => settle(sql, settledByBlock(block)),
  };
}
