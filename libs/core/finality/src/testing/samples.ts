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

export const NETWORK = taggedHash(hasher, 'custos/genesis/1', utf8('sample'));
export const BLOCK_HASH = taggedHash(hasher, 'custos/block/1', utf8('sample'));
export const OTHER_HASH = taggedHash(hasher, 'custos/block/1', utf8('other'));

export interface SampleNetwork {
  readonly set: ValidatorSet;
  /** By index in the set. */
  readonly privateKeys: readonly Uint8Array[];
}

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

export function castVote(network: SampleNetwork, signer: number, ballot: Ballot): Vote {
  const signature = referenceSign(voteMessage(NETWORK, ballot), network.privateKeys[signer]!);
  return { ...ballot, signer, signature };
}

export function certify(network: SampleNetwork, ballot: Ballot, signers: readonly number[]): Certificate {
  return { ...ballot, signers, signatures: signers.map((signer) => castVote(network, signer, ballot).signature) };
}

/** A certificate whose signatures are only bytes: for codecs, which do not look at them. */
export function unsignedCertificate(ballot: Ballot, signers: readonly number[]): Certificate {
  return { ...ballot, signers, signatures: signers.map((signer) => new Uint8Array(64).fill(signer)) };
}
