import { attempt, malformed, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import { SIGNATURE_LENGTH, type Digest, type SignatureCheck } from '@custos/core-crypto';
import { MAX_VALIDATORS } from './limits.js';
import { quorumOf } from './quorum.js';
import type { ValidatorSet } from './validator-set.js';
import { BALLOT_LENGTH, checkedSignature, readBallot, voteMessage, writeBallot, type Ballot } from './vote.js';

/** A quorum's votes for one ballot. */
export interface Certificate extends Ballot {
  /** Indices into the epoch's set, ascending. */
  readonly signers: readonly number[];
  /** In the order of {@link signers}. */
  readonly signatures: readonly Uint8Array[];
}

/** Bytes on the wire: L4.2. */
export function certificateLength(signers: number, n: number): number {
  return BALLOT_LENGTH + bitmapLength(n) + signers * SIGNATURE_LENGTH;
}

function bitmapLength(n: number): number {
  return Math.ceil(n / 8);
}

export function encodeCertificate(certificate: Certificate, n: number): Uint8Array {
  return writeCertificate(new Writer(certificateLength(certificate.signers.length, n)), certificate, n).finish();
}

/** @throws RangeError when the signers do not ascend below `n` or do not match the signatures: a bug here. */
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
 * Total. `n` is the size of the epoch's validator set: the bitmap has no length of its own. Below a quorum is
 * refused here; the signatures are yet to be verified ({@link certificateChecks}).
 */
export function decodeCertificate(bytes: Uint8Array, n: number): Parsed<Certificate> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const certificate = readCertificate(reader, n);
    reader.end();
    return certificate;
  });
}

/** Refuses with `reject`: run it inside `attempt`. */
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
 * The signatures to verify. Counts the quorum first, so that a certificate which did not come from the decoder
 * cannot pass with too few, repeated or unknown signers.
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
