import { attempt, equalBytes, malformed, parsed, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import {
  digestBytes,
  SIGNATURE_LENGTH,
  taggedMessage,
  ZERO_DIGEST,
  type Digest,
  type SignatureCheck,
} from '@custos/core-crypto';
import { certificateLength, readCertificate, writeCertificate, type Certificate } from './certificate.js';
import { MAX_RECOVERY_VOTES } from './limits.js';
import type { ValidatorSet } from './validator-set.js';
import { BALLOT_LENGTH, checkedSignature, readVote, VOTE, writeBallot, writeVote, type Vote } from './vote.js';

const NONCE_LENGTH = 32;

/** The answer of a peer to a validator that lost its memory (K13, L4.4), before it is signed. */
interface RecoveryReport {
  /** The 32 random bytes that the asker sent. They make the replay of an old report detectable. */
  readonly nonce: Uint8Array;
  readonly epoch: number;
  /** The highest certificate that the peer holds. Undefined while no view of the epoch was decided. */
  readonly certificate: Certificate | undefined;
  /** The asker's votes that this peer knows, then this peer's own highest vote. */
  readonly votes: readonly Vote[];
  readonly signer: number;
}

/** A recovery report with the signature of its peer over {@link recoveryMessage} (L4.4). */
export interface SignedRecoveryReport extends RecoveryReport {
  readonly signature: Uint8Array;
}

const BITMAP_OF_NONE = 0;

/**
 * Returns the bytes that the peer signs: tag `custos/recovery/1` over the network id and the unsigned report (L4.4).
 * `n` is the size of the epoch's validator set.
 * @throws RangeError when the nonce, the votes or the certificate's epoch are not those of a valid report.
 */
function recoveryMessage(networkId: Digest, report: RecoveryReport, n: number): Uint8Array {
  return taggedMessage('custos/recovery/1', digestBytes(networkId), unsignedReport(report, n));
}

/**
 * Encodes a signed report for an epoch of `n` validators (L4.4).
 * @throws RangeError when the nonce, the votes or the certificate's epoch are not those of a valid report.
 */
export function encodeRecoveryReport(report: SignedRecoveryReport, n: number): Uint8Array {
  return new Writer().raw(unsignedReport(report, n)).raw(checkedSignature(report.signature)).finish();
}

function unsignedReport(report: RecoveryReport, n: number): Uint8Array {
  const { nonce, epoch, certificate, votes, signer } = report;
  if (nonce.length !== NONCE_LENGTH) throw new RangeError(`a nonce has ${NONCE_LENGTH} bytes`);
  if (votes.length > MAX_RECOVERY_VOTES) throw new RangeError(`${votes.length} votes`);
  if (certificate && certificate.epoch !== epoch) throw new RangeError('a certificate of another epoch');
  const writer = new Writer(1_024).raw(nonce);
  if (certificate) writeCertificate(writer, certificate, n);
  else writeNothingHeld(writer, epoch, n);
  writer.u16(votes.length);
  for (const vote of votes) writeVote(writer, vote);
  return writer.u16(signer).finish();
}

// Views begin at 1, so a certificate of view 0 without signers encodes that none is held.
function writeNothingHeld(writer: Writer, epoch: number, n: number): void {
  writeBallot(writer, { epoch, view: 0, kind: VOTE.finalize, hash: ZERO_DIGEST });
  writer.raw(new Uint8Array(certificateLength(BITMAP_OF_NONE, n) - BALLOT_LENGTH));
}

/**
 * Decodes a signed report (L4.4). `n` is the size of the epoch's validator set. Verifies no signature: see
 * {@link recoveryCheck}. Refuses TOO_MANY votes, VIEW_ZERO when the encoding of "no certificate" has other bytes than
 * zero, and the codes of the certificate and vote decoders.
 */
export function decodeRecoveryReport(bytes: Uint8Array, n: number): Parsed<SignedRecoveryReport> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const nonce = reader.raw(NONCE_LENGTH);
    const { epoch, certificate } = readHighest(reader, bytes, n);
    const countAt = reader.offset;
    const count = reader.u16();
    if (count > MAX_RECOVERY_VOTES) reject('TOO_MANY', `@${countAt}`, `at most ${MAX_RECOVERY_VOTES} votes`);
    const votes = Array.from({ length: count }, () => readVote(reader));
    const report = { nonce, epoch, certificate, votes, signer: reader.u16(), signature: reader.raw(SIGNATURE_LENGTH) };
    reader.end();
    return report;
  });
}

function readHighest(reader: Reader, bytes: Uint8Array, n: number): Pick<RecoveryReport, 'epoch' | 'certificate'> {
  const ahead = new Reader(bytes.subarray(reader.offset));
  const epoch = ahead.u32();
  if (ahead.u64() !== 0) return { epoch, certificate: readCertificate(reader, n) };
  const expected = new Writer();
  writeNothingHeld(expected, epoch, n);
  const at = reader.offset;
  const whole = expected.finish();
  if (!equalBytes(reader.raw(whole.length), whole))
    reject('VIEW_ZERO', `@${at}`, 'view 0 means that no certificate is held');
  return { epoch, certificate: undefined };
}

/**
 * Returns the report's own signature for the caller to verify. Refuses SIGNER_UNKNOWN. The certificate and the votes
 * inside need checks of their own.
 */
export function recoveryCheck(
  networkId: Digest,
  set: ValidatorSet,
  report: SignedRecoveryReport,
): Parsed<SignatureCheck> {
  const entry = set.entries[report.signer];
  if (!entry) return malformed('SIGNER_UNKNOWN', `/signer/${report.signer}`, `name one of ${set.size} validators`);
  const message = recoveryMessage(networkId, report, set.size);
  return parsed({ publicKey: entry.key, message, signature: report.signature });
}
