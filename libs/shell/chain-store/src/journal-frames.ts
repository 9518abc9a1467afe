import { crc32 } from 'node:zlib';
import { attempt, concatBytes, parseUtf8, orReject, Reader, reject, utf8, Writer } from '@custos/core-bytes';
import type { JournalKind, JournalRecord, ViewPoint } from './ports.js';

/** Everything a journal file can say. */
export type JournalRow =
  | { readonly row: 'record'; readonly record: JournalRecord }
  | { readonly row: 'position'; readonly lane: string; readonly position: string }
  | { readonly row: 'floor'; readonly floor: ViewPoint; readonly highestVote: ViewPoint | undefined };

/** Bytes that were damaged after they were written: this disk has forgotten votes and must not vote (K13). */
export class JournalDamaged extends Error {}

// frame = magic "CUSJ" | length u32 | CRC-32 of the rows u32 | rows. One frame is one write, so a power cut can
// only tear the last; its checksum covers all of its rows, whatever order their pages reached the disk in.
const MAGIC = 0x4355534a;
const FRAME_HEAD = 12;

const CODES: Readonly<Record<JournalKind, number>> = {
  'own-proposal': 0,
  'notarize-vote': 1,
  'closing-vote': 2,
  proposal: 3,
  certificate: 4,
};
const KINDS = Object.keys(CODES) as JournalKind[];
const POSITION = 16;
const FLOOR = 17;

/** Encodes rows as one frame of the journal. */
export function encodeFrame(rows: readonly JournalRow[]): Uint8Array {
  const writer = new Writer();
  for (const row of rows) encodeRow(writer, row);
  const body = writer.finish();
  const head = new Writer(FRAME_HEAD).u32(MAGIC).u32(body.length).u32(crc32(body)).finish();
  return concatBytes(head, body);
}

/**
 * All rows of whole frames from the start, and where they end. What follows is the torn end of a last write.
 * @throws JournalDamaged when the broken bytes cannot be one unfinished write.
 */
export function decodeFrames(bytes: Uint8Array): { readonly rows: readonly JournalRow[]; readonly end: number } {
  const rows: JournalRow[] = [];
  let end = 0;
  for (let body = frameAt(bytes, end); body; body = frameAt(bytes, end)) {
    const decoded = attempt(() => decodeRows(body));
    if (!decoded.ok) throw new JournalDamaged(`row in the frame at ${end}: ${decoded.malformed.code}`);
    rows.push(...decoded.value);
    end += FRAME_HEAD + body.length;
  }
  if (!isTorn(bytes.subarray(end))) throw new JournalDamaged(`broken at ${end} of ${bytes.length}`);
  return { rows, end };
}

// An unfinished write is the last: its frame reaches the end of the file, or its first page is still zeros. In
// doubt the answer is "damaged": that costs an operator's time, the other mistake could cost a second vote.
function isTorn(rest: Uint8Array): boolean {
  const head = rest.subarray(0, FRAME_HEAD);
  if (head.length < FRAME_HEAD || head.every((byte) => byte === 0)) return true;
  const reader = new Reader(head);
  return reader.u32() === MAGIC && FRAME_HEAD + reader.u32() >= rest.length;
}

function frameAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const result = attempt(() => {
    const reader = new Reader(bytes.subarray(at));
    if (reader.u32() !== MAGIC) reject('MAGIC_INVALID', `@${at}`, 'a frame begins with its magic number');
    const length = reader.u32();
    const sum = reader.u32();
    const body = reader.raw(length);
    if (crc32(body) !== sum) reject('CHECKSUM_WRONG', `@${at}`, 'the frame is torn');
    return body;
  });
  return result.ok ? result.value : undefined;
}

function encodeRow(writer: Writer, row: JournalRow): void {
  switch (row.row) {
    case 'record': {
      const { kind, epoch, view, bytes } = row.record;
      writer.u8(CODES[kind]).u32(epoch).u64(view).sized(bytes);
      return;
    }
    case 'position':
      writer.u8(POSITION).sized(utf8(row.lane)).sized(utf8(row.position));
      return;
    case 'floor':
      writer.u8(FLOOR).u32(row.floor.epoch).u64(row.floor.view);
      if (row.highestVote) writer.u8(1).u32(row.highestVote.epoch).u64(row.highestVote.view);
      else writer.u8(0);
  }
}

function decodeRows(body: Uint8Array): readonly JournalRow[] {
  const reader = new Reader(body);
  const rows: JournalRow[] = [];
  while (reader.remaining > 0) rows.push(decodeRow(reader));
  return rows;
}

function decodeRow(reader: Reader): JournalRow {
  const code = reader.u8();
  if (code === POSITION) return { row: 'position', lane: text(reader), position: text(reader) };
  if (code === FLOOR) {
    const floor = viewPoint(reader);
    return { row: 'floor', floor, highestVote: reader.u8() === 1 ? viewPoint(reader) : undefined };
  }
  const kind = KINDS.find((name) => CODES[name] === code);
  if (!kind) return reject('KIND_UNKNOWN', `@${reader.offset - 1}`, 'the journal is of another version');
  // A copy: a record outlives the file's bytes it was read from.
  return { row: 'record', record: { kind, ...viewPoint(reader), bytes: reader.sized(reader.remaining).slice() } };
}

function viewPoint(reader: Reader): ViewPoint {
  return { epoch: reader.u32(), view: reader.u64() };
}

function text(reader: Reader): string {
  return orReject(parseUtf8(reader.sized(reader.remaining)));
}
