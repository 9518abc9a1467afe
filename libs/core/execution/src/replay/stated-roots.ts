import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import type { BlockHeader } from '@custos/core-chain';
import { ZERO_DIGEST, type KeyId, type PublicKey } from '@custos/core-crypto';
import { registry } from '@custos/core-registry';
import { applyChanges, overlay, type Change, type StateView } from '@custos/core-state';

/** The roots that a header states and that executing its block on the parent gives. */
export type StatedRoots = Pick<BlockHeader, 'receiptRoot' | 'stateRoot' | 'historyRoot'>;

/**
 * Compares the roots of a header with those that executing its block gave. Refuses EPOCH_WRONG, NEXT_VALIDATORS_WRONG
 * or ROOT_WRONG. L3.3: while the validators of genesis stay, there is one epoch and no block names the next validators.
 */
export function checkStated(header: BlockHeader, computed: StatedRoots): Parsed<undefined> {
  if (header.epoch !== 0) return malformed('EPOCH_WRONG', '/epoch', 'stay in epoch 0');
  if (header.nextValidatorsHash !== ZERO_DIGEST)
    return malformed('NEXT_VALIDATORS_WRONG', '/nextValidatorsHash', 'state 32 zero bytes');
  for (const name of ['historyRoot', 'receiptRoot', 'stateRoot'] as const) {
    if (header[name] !== computed[name]) return malformed('ROOT_WRONG', `/${name}`, 'state what execution gives');
  }
  return parsed(undefined);
}

/** Returns a reader of the public keys of a state, active or not. Execution decides which key may sign. */
export function keysOf(state: StateView): (id: KeyId) => PublicKey | undefined {
  return (id) => registry(state).keyRecord(id)?.publicKey;
}

/**
 * Returns a reader of the public keys for the signatures of an executed block. L5.1: a key is valid from its enrolment,
 * which may lie within the block. Execution found every signer active, so the keys after the block suffice.
 */
export function keysAfter(state: StateView, changes: readonly Change[]): (id: KeyId) => PublicKey | undefined {
  const after = overlay(state);
  applyChanges(after, changes);
  return keysOf(after);
}
