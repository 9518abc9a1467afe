import type { Digest } from '@custos/core-crypto';
import type { Certificate, Vote, VoteKind } from '@custos/core-finality';

/** Returns makers of votes and certificates with placeholder signatures: the machine receives verified ones only. */
export function makeVotes(epoch: number): {
  vote: (signer: number, view: number, kind: VoteKind, hash: Digest) => Vote;
  certificate: (view: number, kind: VoteKind, hash: Digest, signers: readonly number[]) => Certificate;
} {
  const signatureOf = (signer: number): Uint8Array => new Uint8Array(64).fill(signer + 1);
  return {
    vote: (signer, view, kind, hash) => ({ epoch, view, kind, hash, signer, signature: signatureOf(signer) }),
    certificate: (view, kind, hash, signers) => ({
      epoch,
      view,
      kind,
      hash,
      signers,
      signatures: signers.map(signatureOf),
    }),
  };
}
