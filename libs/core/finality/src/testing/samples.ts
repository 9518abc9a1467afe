import { utf8 } from '@custos/core-bytes';
import { referenceHasher as hasher, referencePublicKey, referenceSign, taggedHash } from '@custos/core-crypto';
import {
  makeValidatorSet,
  voteMessage,
  type Ballot,
  type Certificate,
  type ValidatorSet,
  type Vote,
} from '../index.js';

// Fixed keys and names for the specs and vectors of this room.

/** The network id that the specs and vectors of this room sign for. */
export const NETWORK = taggedHash(hasher, 'custos/genesis/1', utf8('sample'));
/** The hash of the block that the sample votes are cast for. */
export const BLOCK_HASH = taggedHash(hasher, 'custos/block/1', utf8('sample'));
/** The hash of a second block, for votes that contradict each other. */
export const OTHER_HASH = taggedHash(hasher, 'custos/block/1', utf8('other'));

/** A validator set with the private keys of its members. */
export interface SampleNetwork {
  readonly set: ValidatorSet;
  /** The private keys, by index in the set. */
  readonly privateKeys: readonly Uint8Array[];
}

/** Returns a set of `n` validators with fixed keys, at most 90. */
export function sampleNetwork(n: number): SampleNetwork {
  const members = Array.from({ length: n }, (_, i) => {
    const privateKey = new Uint8Array(32).fill(i + 1);
    const port = 9_000 + i;
    const endpoints = { lanes: `broker.example:${port}`, http: `http://v${i}.example` };
    return { privateKey, entry: { gln: `40123450000${10 + i}`, key: referencePublicKey(privateKey), endpoints } };
  });
  const set = makeValidatorSet(
    hasher,
    members.map(({ entry }) => entry),
  );
  return { set, privateKeys: set.entries.map(({ key }) => members.find(({ entry }) => entry.key === key)!.privateKey) };
}

/** Returns the vote of one validator for a ballot, signed for {@link NETWORK}. */
export function castVote(network: SampleNetwork, signer: number, ballot: Ballot): Vote {
  const signature = referenceSign(voteMessage(NETWORK, ballot), network.privateKeys[signer]!);
  return { ...ballot, signer, signature };
}

/** Returns the certificate that `signers` make for a ballot. The number of signers is not checked. */
export function certify(network: SampleNetwork, ballot: Ballot, signers: readonly number[]): Certificate {
  return { ...ballot, signers, signatures: signers.map((signer) => castVote(network, signer, ballot).signature) };
}

/** Returns a certificate whose signatures are placeholder bytes: enough for codecs, which do not verify them. */
export function unsignedCertificate(ballot: Ballot, signers: readonly number[]): Certificate {
  return { ...ballot, signers, signatures: signers.map((signer) => new Uint8Array(64).fill(signer)) };
}
