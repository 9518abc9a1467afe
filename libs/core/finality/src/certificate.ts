import { attempt, malformed, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import { SIGNATURE_LENGTH, type Digest, type SignatureCheck } from '@custos/core-crypto';
import { MAX_VALIDATORS } from './limits.js';
import { quorumOf } from './quorum.js';
import type { ValidatorSet } from './validator-set.js';
import { BALLOT_LENGTH, checkedSignature, readBallot, voteMessage, writeBallot, type Ballot } from './vote.js';

/** The votes of a quorum for one ballot (L4.2). */
export interface Certificate extends Ballot {
  /** Indices into the epoch's {@link ValidatorSet}, ascending, each at most once. */
  readonly signers: readonly number[];
  /** One signature of 64 bytes for each entry of {@link signers}, in the same order. */
  readonly signatures: readonly Uint8Array[];
}

/** Returns the length in bytes of an encoded certificate of `signers` votes in an epoch of `n` validators (L4.2). */
export function certificateLength(signers: number, n: number): number {
  return BALLOT_LENGTH + bitmapLength(n) + signers * SIGNATURE_LENGTH;
}

function bitmapLength(n: number): number {
  return Math.ceil(n / 8);
}

/**
 * Encodes a certificate for an epoch of `n` validators (L4.2).
 * @throws RangeError when the signers do not ascend below `n` or do not match the signatures.
 */
export function encodeCertificate(certificate: Certificate, n: number): Uint8Array {
  return writeCertificate(new Writer(certificateLength(certificate.signers.length, n)), certificate, n).finish();
}

/**
 * Appends an encoded certificate (L4.2) to `writer` and returns `writer`.
 * @throws RangeError when the signers do not ascend below `n` or do not match the signatures: a bug of the caller.
 */
export function writeCertificate(writer: Writer, certificate: Certificate, n: number): Writer {
  const { signers, signatures } = certificate;
  if (!ascendBelow(signers, n) || signers.length !== signatures.length) throw new RangeError('signers out of order');
  const bitmap = new Uint8Array(bitmapLength(n));
  for (const signer of signers) bitmap[signer >> 3]! |= 1 << (signer & 7);
  writeBallot(writer, certificate).raw(bitmap);
  for (const signature of signatures) writer.raw(checkedSignature(signature));
  return writer;
}

/**
 * Decodes a certificate (L4.2). `n` is the size of the epoch's validator set, because the bitmap does not state its own
 * length. Refuses QUORUM_MISSING below a quorum, and BITMAP_SPARE_BITS. Does not verify the signatures: see
 * {@link certificateChecks}.
 */
export function decodeCertificate(bytes: Uint8Array, n: number): Parsed<Certificate> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const certificate = readCertificate(reader, n);
    reader.end();
    return certificate;
  });
}

/**
 * Reads a certificate (L4.2) from `reader`. Refuses with `reject`, so the caller runs it inside `attempt`.
 * @throws RangeError when `n` is not within 1 to {@link MAX_VALIDATORS}: a bug of the caller.
 */
export function readCertificate(reader: Reader, n: number): Certificate {
  if (n < 1 || n > MAX_VALIDATORS) throw new RangeError(`${n} validators`);
  const ballot = readBallot(reader);
  const at = reader.offset;
  const signers = signersOf(reader.raw(bitmapLength(n)), n, at);
  const quorum = quorumOf(n);
  if (signers.length < quorum) reject('QUORUM_MISSING', `@${at}`, `at least ${quorum} of ${n} must sign`);
  return { ...ballot, signers, signatures: signers.map(() => reader.raw(SIGNATURE_LENGTH)) };
}

// L4.2: bit i = byte i >> 3, mask 1 << (i & 7); ascending by construction.
function signersOf(bitmap: Uint8Array, n: number, at: number): readonly number[] {
  const signers: number[] = [];
  for (let i = 0; i < bitmap.length * 8; i++) {
    if ((bitmap[i >> 3]! & (1 << (i & 7))) === 0) continue;
    if (i >= n) reject('BITMAP_SPARE_BITS', `@${at + (i >> 3)}`, 'bits above the last validator are zero');
    signers.push(i);
  }
  return signers;
}

/**
 * Returns the signatures that the caller must verify. Refuses SIGNERS_INVALID and QUORUM_MISSING first, so that a
 * certificate which was not made by the decoder cannot pass with too few, repeated or unknown signers.
 */
export function certificateChecks(
  networkId: Digest,
  set: ValidatorSet,
  certificate: Certificate,
): Parsed<readonly SignatureCheck[]> {
  const { signers, signatures } = certificate;
  if (!ascendBelow(signers, set.size) || signers.length !== signatures.length)
    return malformed('SIGNERS_INVALID', '/signers', `name validators below ${set.size} once, ascending`);
  if (signers.length < set.quorum)
    return malformed('QUORUM_MISSING', '/signers', `at least ${set.quorum} of ${set.size} must sign`);
  const message = voteMessage(networkId, certificate);
  return parsed(
    signers.map((signer, i) => ({ publicKey: set.entries[signer]!.key, message, signature: signatures[i]! })),
  );
}

function ascendBelow(signers: readonly number[], n: number): boolean {
  return signers.every((signer, i) => signer < n && signer > (i === 0 ? -1 : signers[i - 1]!));
}
