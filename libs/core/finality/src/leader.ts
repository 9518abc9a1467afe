import { compareText } from '@custos/core-bytes';
import { digestBytes, taggedHash, type Digest, type Hasher } from '@custos/core-crypto';
import type { ValidatorSet } from './validator-set.js';

/**
 * K1: returns the epoch's order of leaders, as indices into the set. `seed` is the hash of the last block of the
 * previous epoch (epoch 0: of block 0); no one can choose it once the set is fixed.
 */
export function leaderOrder(hasher: Hasher, seed: Digest, set: ValidatorSet): readonly number[] {
  return set.keyIds
    .map((keyId, index) => ({
      index,
      rank: taggedHash(hasher, 'custos/leader/1', digestBytes(seed), digestBytes(keyId)),
    }))
    .sort((a, b) => compareText(a.rank, b.rank))
    .map(({ index }) => index);
}

/**
 * K1: returns the index of the validator that leads `view`. The leader changes every view.
 * @throws RangeError when `order` is empty.
 */
export function leaderOf(order: readonly number[], view: number): number {
  const leader = order[view % order.length];
  if (leader === undefined) throw new RangeError('an order without validators');
  return leader;
}
