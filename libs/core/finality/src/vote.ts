import { attempt, malformed, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import {
  digestBytes,
  readDigest,
  SIGNATURE_LENGTH,
  taggedMessage,
  ZERO_DIGEST,
  type Digest,
  type SignatureCheck,
} from '@custos/core-crypto';
import type { ValidatorSet } from './validator-set.js';

/** The codes of the three kinds of vote that a validator casts in a view (L4.1). */
export const VOTE = { notarize: 1, skip: 2, finalize: 3 } as const;
/** A code of {@link VOTE}. */
export type VoteKind = (typeof VOTE)[keyof typeof VOTE];

/** The subject of a vote: one block in one view, or the view alone for a skip (its hash is zero). */
export interface Ballot {
  readonly epoch: number;
  readonly view: number;
  readonly kind: VoteKind;
  readonly hash: Digest;
}

/** A signed ballot of one validator (L4.1). */
export interface Vote extends Ballot {
  /** The position of the validator in the epoch's {@link ValidatorSet}. */
  readonly signer: number;
  readonly signature: Uint8Array;
}

/** The length of an encoded ballot in bytes: `epoch u32 | view u64 | kind u8 | hash 32`. */
export const BALLOT_LENGTH = 45;
/** The length of an encoded vote in bytes: ballot, `signer u16`, signature. */
const VOTE_LENGTH = BALLOT_LENGTH + 2 + SIGNATURE_LENGTH;

/** Appends an encoded ballot (L4.1) to `writer` and returns `writer`. */
export function writeBallot(writer: Writer, ballot: Ballot): Writer {
  return writer.u32(ballot.epoch).u64(ballot.view).u8(ballot.kind).raw(digestBytes(ballot.hash));
}

/**
 * Reads a ballot (L4.1) from `reader`. Refuses VOTE_KIND_UNKNOWN, and HASH_NOT_ZERO for a skip that names a block.
 * Refuses with `reject`, so the caller runs it inside `attempt`.
 */
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

/** Returns the bytes that a validator signs (L4.1). The network id makes a vote invalid in every other network. */
export function voteMessage(networkId: Digest, ballot: Ballot): Uint8Array {
  return taggedMessage(
    'custos/vote/1',
    digestBytes(networkId),
    writeBallot(new Writer(BALLOT_LENGTH), ballot).finish(),
  );
}

/**
 * Encodes a vote in {@link VOTE_LENGTH} bytes (L4.1).
 * @throws RangeError when the signature does not have 64 bytes.
 */
export function encodeVote(vote: Vote): Uint8Array {
  return writeVote(new Writer(VOTE_LENGTH), vote).finish();
}

/**
 * Appends an encoded vote (L4.1) to `writer` and returns `writer`.
 * @throws RangeError when the signature does not have 64 bytes.
 */
export function writeVote(writer: Writer, vote: Vote): Writer {
  return writeBallot(writer, vote).u16(vote.signer).raw(checkedSignature(vote.signature));
}

/**
 * Decodes a vote (L4.1). Does not verify the signature or the signer's index: see {@link voteCheck}. Refuses
 * VOTE_KIND_UNKNOWN and HASH_NOT_ZERO.
 */
export function decodeVote(bytes: Uint8Array): Parsed<Vote> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const vote = readVote(reader);
    reader.end();
    return vote;
  });
}

/** Reads a vote (L4.1) from `reader`. Refuses with `reject`, so the caller runs it inside `attempt`. */
export function readVote(reader: Reader): Vote {
  return { ...readBallot(reader), signer: reader.u16(), signature: reader.raw(SIGNATURE_LENGTH) };
}

/**
 * Returns the signature of a vote for the caller to verify. Refuses SIGNER_UNKNOWN when the epoch's set has no such
 * index.
 */
export function voteCheck(networkId: Digest, set: ValidatorSet, vote: Vote): Parsed<SignatureCheck> {
  const entry = set.entries[vote.signer];
  if (!entry) return malformed('SIGNER_UNKNOWN', `/signer/${vote.signer}`, `name one of ${set.size} validators`);
  return parsed({ publicKey: entry.key, message: voteMessage(networkId, vote), signature: vote.signature });
}

/**
 * Returns `signature` unchanged.
 * @throws RangeError when it does not have 64 bytes: a bug of the signer in this process.
 */
export function checkedSignature(signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_LENGTH) throw new RangeError(`a signature has ${SIGNATURE_LENGTH} bytes`);
  return signature;
}
