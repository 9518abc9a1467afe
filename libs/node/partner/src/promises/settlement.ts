import { inclusionsOf, transactionInclusionJson } from '@custos/core-chain';
import type { Hasher, KeyId } from '@custos/core-crypto';
import { encodeCertificate } from '@custos/core-finality';
import type { ProjectedBlock, Projection } from '@custos/node-follower';
import { settle, type Settled } from './outbox.js';

/** What a block says of this organisation's transactions, with the proofs. */
export type Settlement = (block: ProjectedBlock) => readonly Settled[];

/** Of the transactions that this key signed. A block is looked at once, by the projection and by who waits. */
export function settlementOf(hasher: Hasher, validators: number, ownKey: KeyId): Settlement {
  const known = new WeakMap<ProjectedBlock, readonly Settled[]>();
  return (block) => {
    const settled = known.get(block) ?? settledBy(hasher, validators, ownKey, block);
    known.set(block, settled);
    return settled;
  };
}

function settledBy(
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
    receipts: receipts.filter(({ txId }) => txId === id),
    inclusion: transactionInclusionJson(inclusion(id)!),
  }));
}

/**
 * Settles the outbox in the transaction that projects the block: either both have it or neither. Its rows are
 * the service's own, and so is its progress: clearing forgets nothing, a read model that is built anew leaves it as it
 * is, and a backup that is put back is settled by the blocks since, before anything of it could be signed anew.
 */
export function settlementProjection(settlement: Settlement): Projection {
  return {
    name: 'settlement',
    version: 1,
    schema: 'own',
    clear: async () => undefined,
    genesis: async () => undefined,
    project: (sql, block) => settle(sql, settlement(block)),
  };
}
