import { compareText } from '@custos/core-bytes';
import { emit, type State } from '../state.js';
import type { Misbehaviour } from '../types.js';

/**
 * K15: emits proof that a validator broke the protocol. It stays in this validator until the chain accepts such proofs.
 */
export function accuse(state: State, proof: Misbehaviour): void {
  switch (proof.code) {
    case 'TWO_PROPOSALS': {
      const { proposer, view } = proof.blocks[0];
      // The proof is the same whichever of the two came first.
      const [a, b] = [...proof.blocks].sort((x, y) => compareText(x.hash, y.hash));
      return emit(state, {
        type: 'misbehaviour',
        offender: proposer,
        view,
        proof: { code: proof.code, blocks: [a!, b!] },
      });
    }
    case 'INVALID_PROPOSAL':
      return emit(state, { type: 'misbehaviour', offender: proof.block.proposer, view: proof.block.view, proof });
    case 'TWO_VOTES':
    case 'SKIP_AND_FINALIZE':
    case 'NOTARIZE_AND_FINALIZE':
      return emit(state, { type: 'misbehaviour', offender: proof.votes[0].signer, view: proof.votes[0].view, proof });
  }
}
