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

/** What a peer tells a validator that lost its memory (K13), before it is signed. */
export interface RecoveryReport {
  /** The asker's 32 random bytes: an old report cannot be played again. */
  readonly nonce: Uint8Array;
  readonly epoch: number;
  /** The highest held; absent while no view of the epoch was decided. */
  readonly certificate: Certificate | undefined;
  /** The asker's votes known here, then this node's own highest. */
  readonly votes: readonly Vote[];
  readonly signer: number;
}

export interface SignedRecoveryReport extends RecoveryReport {
  readonly signature: Uint8Array;
}

const BITMAP_OF_NONE = 0;

export function recoveryMessage(networkId: Digest, report: RecoveryReport, n: number): Uint8Array {
  return taggedMessage('custos/recovery/1', digestBytes(networkId), unsignedReport(report, n));
}

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

// Views begin at 1, so a certificate of view 0 without signers is free to say that none is held.
function writeNothingHeld(writer: Writer, epoch: number, n: number): void {
  writeBallot(writer, { epoch, view: 0, kind: VOTE.finalize, hash: ZERO_DIGEST });
  writer.raw(new Uint8Array(certificateLength(BITMAP_OF_NONE, n) - BALLOT_LENGTH));
}

/** Total. `n` is the size of the epoch's validator set; the signatures inside are yet to be verified. */
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

/** The report's own signature, or SIGNER_UNKNOWN. Its certificate and votes have checks of their own. */
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
