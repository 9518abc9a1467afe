import { attempt, Reader, reject, Writer, type Parsed } from '@custos/core-bytes';
import { certificateLength, readCertificate, writeCertificate, type Certificate } from './certificate.js';
import { MAX_CLOSING_HEADERS, MAX_RECORD_BYTES, MAX_RECORD_CERTIFICATES } from './limits.js';
import { VOTE } from './vote.js';

/** The first four bytes of a finality record, "CUSF" in ASCII (L4.5). */
export const RECORD_MAGIC = 0x43555346;
/** The length in bytes of a block header (L3). This room carries closing headers without reading them. */
export const HEADER_LENGTH = 296;

// magic, size, closingCount, count.
const FRAME_LENGTH = 4 + 4 + 2 + 4;

/**
 * The proof that a run of blocks is final (L4.5). Followers release the run on `finalize`. The other certificates only
 * support conviction and may be missing, so the records of two validators may differ.
 */
export interface FinalityRecord {
  /** The Finalize certificate of the run's last block, or of a closing block. */
  readonly finalize: Certificate;
  /** K14: the headers after the epoch's last block up to the block that was finalised, oldest first. */
  readonly closingHeaders: readonly Uint8Array[];
  /** The Notarize certificates of the blocks below and the Skip certificates of the jumped views, ascending by view. */
  readonly certificates: readonly Certificate[];
}

/**
 * Builds a record for an epoch of `n` validators (L4.5). Of `certificates`, which may come in any order, it keeps the
 * newest of each view below the final one that fit {@link MAX_RECORD_BYTES} and {@link MAX_RECORD_CERTIFICATES}.
 */
export function makeFinalityRecord(
  finalize: Certificate,
  closingHeaders: readonly Uint8Array[],
  certificates: readonly Certificate[],
  n: number,
): FinalityRecord {
  const newestFirst = certificates
    .filter(({ epoch, view, kind }) => epoch === finalize.epoch && view < finalize.view && kind !== VOTE.finalize)
    .sort((a, b) => b.view - a.view)
    .filter(({ view }, i, sorted) => i === 0 || sorted[i - 1]!.view !== view);
  let room = MAX_RECORD_BYTES - lengthOf({ finalize, closingHeaders, certificates: [] }, n);
  const kept: Certificate[] = [];
  for (const certificate of newestFirst.slice(0, MAX_RECORD_CERTIFICATES)) {
    room -= certificateLength(certificate.signers.length, n);
    if (room < 0) break;
    kept.push(certificate);
  }
  return { finalize, closingHeaders, certificates: kept.reverse() };
}

function lengthOf(record: FinalityRecord, n: number): number {
  const certificates = [record.finalize, ...record.certificates];
  return certificates.reduce(
    (sum, { signers }) => sum + certificateLength(signers.length, n),
    FRAME_LENGTH + record.closingHeaders.length * HEADER_LENGTH,
  );
}

/**
 * Encodes a record for an epoch of `n` validators (L4.5).
 * @throws RangeError when the record exceeds its limits; {@link makeFinalityRecord} keeps within them.
 */
export function encodeFinalityRecord(record: FinalityRecord, n: number): Uint8Array {
  const length = lengthOf(record, n);
  const { closingHeaders, certificates } = record;
  if (
    length > MAX_RECORD_BYTES ||
    closingHeaders.length > MAX_CLOSING_HEADERS ||
    certificates.length > MAX_RECORD_CERTIFICATES
  )
    throw new RangeError(`a record of ${length} bytes, ${certificates.length} certificates`);
  const writer = new Writer(length).u32(RECORD_MAGIC).u32(length - 8);
  writeCertificate(writer, record.finalize, n).u16(closingHeaders.length);
  for (const header of closingHeaders) {
    if (header.length !== HEADER_LENGTH) throw new RangeError(`a header has ${HEADER_LENGTH} bytes`);
    writer.raw(header);
  }
  writer.u32(certificates.length);
  for (const certificate of certificates) writeCertificate(writer, certificate, n);
  return writer.finish();
}

/**
 * Decodes a record (L4.5). `n` is the size of the epoch's validator set. Does not verify signatures or read headers.
 * Refuses MAGIC_WRONG, SIZE_WRONG, TOO_LONG, TOO_MANY, NOT_FINALIZE, CERTIFICATE_UNRELATED, ORDER_WRONG, and the codes
 * of {@link readCertificate}.
 */
export function decodeFinalityRecord(bytes: Uint8Array, n: number): Parsed<FinalityRecord> {
  return attempt(() => {
    if (bytes.length > MAX_RECORD_BYTES) reject('TOO_LONG', '@0', `a record has at most ${MAX_RECORD_BYTES} bytes`);
    const reader = new Reader(bytes);
    if (reader.u32() !== RECORD_MAGIC) reject('MAGIC_WRONG', '@0', 'a finality record begins with CUSF');
    if (reader.u32() !== reader.remaining) reject('SIZE_WRONG', '@4', 'state the bytes that follow');
    const finalize = readCertificate(reader, n);
    if (finalize.kind !== VOTE.finalize) reject('NOT_FINALIZE', '@8', 'a record begins with a Finalize certificate');
    const record = { finalize, closingHeaders: readClosing(reader), certificates: readBelow(reader, finalize, n) };
    reader.end();
    return record;
  });
}

function readClosing(reader: Reader): readonly Uint8Array[] {
  const at = reader.offset;
  const count = reader.u16();
  if (count > MAX_CLOSING_HEADERS) reject('TOO_MANY', `@${at}`, `at most ${MAX_CLOSING_HEADERS} closing headers`);
  return Array.from({ length: count }, () => reader.raw(HEADER_LENGTH));
}

function readBelow(reader: Reader, finalize: Certificate, n: number): readonly Certificate[] {
  const countAt = reader.offset;
  const count = reader.u32();
  if (count > MAX_RECORD_CERTIFICATES)
    reject('TOO_MANY', `@${countAt}`, `at most ${MAX_RECORD_CERTIFICATES} certificates`);
  const certificates: Certificate[] = [];
  let above = -1;
  for (let i = 0; i < count; i++) {
    const at = `@${reader.offset}`;
    const certificate = readCertificate(reader, n);
    const { epoch, view, kind } = certificate;
    if (epoch !== finalize.epoch || kind === VOTE.finalize || view >= finalize.view)
      reject('CERTIFICATE_UNRELATED', at, 'Notarize and Skip certificates of views below the final one');
    if (view <= above) reject('ORDER_WRONG', at, 'certificates ascend by view');
    above = view;
    certificates.push(certificate);
  }
  return certificates;
}
