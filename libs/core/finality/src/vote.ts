import { attempt, malformed, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import {
  digestBytes,
  SIGNATURE_LENGTH,
  taggedMessage,
  ZERO_DIGEST,
  type Digest,
  type SignatureCheck,
} from '@custos/core-crypto';
import type { ValidatorSet } from './validator-set.js';
import { readDigest } from './wire.js';

/** The three things a validator can say about a view (L4.1). */
export const VOTE = { notarize: 1, skip: 2, finalize: 3 } as const;
export type VoteKind = (typeof VOTE)[keyof typeof VOTE];

/** What is voted for: one block in one view, or for a skip the view alone (its hash is zero). */
export interface Ballot {
  readonly epoch: number;
  readonly view: number;
  readonly kind: VoteKind;
  readonly hash: Digest;
}

export interface Vote extends Ballot {
  /** Position in the epoch's {@link ValidatorSet}. */
  readonly signer: number;
  readonly signature: Uint8Array;
}

/** `epoch u32 | view u64 | kind u8 | hash 32`. */
export const BALLOT_LENGTH = 45;
/** Ballot, `signer u16`, signature. */
export const VOTE_LENGTH = BALLOT_LENGTH + 2 + SIGNATURE_LENGTH;

export function writeBallot(writer: Writer, ballot: Ballot): Writer {
  return writer.u32(ballot.epoch).u64(ballot.view).u8(ballot.kind).raw(digestBytes(ballot.hash));
}

/** Refuses with `reject`: run it inside `attempt`. */
export function readBallot(reader: Reader): Ballot {
  const epoch = reader.u32();
  const view = reader.u64();
  const at = reader.offset;
  const kind = voteKind(reader.u8(), at);
  const hash = readDigest(reader);
  // L4.1: a skip names no block; two encodings of one skip would be two ballots.
  if (kind === VOTE.skip && hash !== ZERO_DIGEST) reject('HASH_NOT_ZERO', `@${at + 1}`, 'a skip has 32 zero bytes');
  return { epoch, view, kind, hash };
}

function voteKind(code: number, at: number): VoteKind {
  if (code === VOTE.notarize || code === VOTE.skip || code === VOTE.finalize) return code;
  return reject('VOTE_KIND_UNKNOWN', `@${at}`, 'send 1 (notarize), 2 (skip) or 3 (finalize)');
}

/** What a validator signs (L4.1); the network id keeps votes of one network out of another. */
export function voteMessage(networkId: Digest, ballot: Ballot): Uint8Array {
  return taggedMessage(
    'custos/vote/1',
    digestBytes(networkId),
    writeBallot(new Writer(BALLOT_LENGTH), ballot).finish(),
  );
}

export function encodeVote(vote: Vote): Uint8Array {
  return writeVote(new Writer(VOTE_LENGTH), vote).finish();
}

export function writeVote(writer: Writer, vote: Vote): Writer {
  return writeBallot(writer, vote).u16(vote.signer).raw(checkedSignature(vote.signature));
}

/** Total. The signature is not verified, nor the signer's index known to exist: {@link voteCheck} says. */
export function decodeVote(bytes: Uint8Array): Parsed<Vote> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const vote = readVote(reader);
    reader.end();
    return vote;
  });
}

export function readVote(reader: Reader): Vote {
  return { ...readBallot(reader), signer: reader.u16(), signature: reader.raw(SIGNATURE_LENGTH) };
}

/** The one signature to verify, or SIGNER_UNKNOWN when the epoch's set has no such index. */
export function voteCheck(networkId: Digest, set: ValidatorSet, vote: Vote): Parsed<SignatureCheck> {
  const entry = set.entries[vote.signer];
  if (!entry) return malformed('SIGNER_UNKNOWN', `/signer/${vote.signer}`, `name one of ${set.size} validators`);
  return parsed({ publicKey: entry.key, message: voteMessage(networkId, vote), signature: vote.signature });
}

/** A signature of ours that has another length is a bug. */
export function checkedSignature(signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_LENGTH) throw new RangeError(`a signature has ${SIGNATURE_LENGTH} bytes`);
  return signature;
}
