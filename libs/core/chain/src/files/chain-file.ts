import { concatBytes, malformed, parsed, Reader, type Malformed, type Parsed } from '@custos/core-bytes';
import type { Digest, Hasher } from '@custos/core-crypto';
import { decodeFinalityRecord, MAX_RECORD_BYTES, RECORD_MAGIC, type FinalityRecord } from '@custos/core-finality';
import { BLOCK_MAGIC, decodeBlock, type Block } from '../blocks/block.js';
import { MAX_BLOCK_BYTES } from '../limits.js';

// L8: a chain file is blocks and finality records one after another, as they are. Block 0 stands first, then
// each run's blocks and the record that made them final. Magic and size are the only index.

/** A block or record as it lies in a file. */
export interface ChainPiece {
  readonly type: 'block' | 'record';
  /** Of its first byte, in the file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Where a scan stands: pass it to the next {@link scanChunk}. */
export interface ChainScan {
  /** File offset of the first byte of {@link rest}. */
  readonly offset: number;
  /** The begun piece. */
  readonly rest: Uint8Array;
}

export const SCAN_START: ChainScan = { offset: 0, rest: new Uint8Array(0) };

export interface ScanStep {
  readonly scan: ChainScan;
  readonly pieces: readonly ChainPiece[];
  /** The first wrong byte, as `@<file offset>`; what follows cannot be read. */
  readonly malformed?: Malformed;
}

const FRAME_LENGTH = 8;

/** Cuts the next bytes of a file into pieces. Memory: one piece and the chunk, whatever the file holds. */
export function scanChunk(scan: ChainScan, chunk: Uint8Array): ScanStep {
  const bytes = scan.rest.length === 0 ? chunk : concatBytes(scan.rest, chunk);
  const pieces: ChainPiece[] = [];
  let at = 0;
  while (bytes.length - at >= FRAME_LENGTH) {
    const frame = readFrame(bytes.subarray(at, at + FRAME_LENGTH), scan.offset + at);
    if (!frame.ok) return { scan: restOf(scan, bytes, at), pieces, malformed: frame.malformed };
    const { type, length } = frame.value;
    if (bytes.length - at < length) break;
    pieces.push({ type, offset: scan.offset + at, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return { scan: restOf(scan, bytes, at), pieces };
}

/** Whether a file may end here, and its length; a begun piece is TRUNCATED where the file ends. */
export function endScan(scan: ChainScan): Parsed<number> {
  const { offset, rest } = scan;
  if (rest.length === 0) return parsed(offset);
  return malformed('TRUNCATED', `@${offset + rest.length}`, `the piece that begins at byte ${offset} is not whole`);
}

function restOf(scan: ChainScan, bytes: Uint8Array, at: number): ChainScan {
  return { offset: scan.offset + at, rest: bytes.subarray(at) };
}

function readFrame(bytes: Uint8Array, offset: number): Parsed<{ type: ChainPiece['type']; length: number }> {
  const reader = new Reader(bytes);
  const magic = reader.u32();
  const length = FRAME_LENGTH + reader.u32();
  if (magic !== BLOCK_MAGIC && magic !== RECORD_MAGIC)
    return malformed('MAGIC_WRONG', `@${offset}`, 'a block (CUST) or finality record (CUSF) begins here');
  const [type, most] =
    magic === BLOCK_MAGIC ? (['block', MAX_BLOCK_BYTES] as const) : (['record', MAX_RECORD_BYTES] as const);
  if (length > most) return malformed('TOO_LONG', `@${offset + 4}`, `a ${type} has at most ${most} bytes`);
  return parsed({ type, length });
}

/** A piece and what it says. */
export type ChainItem =
  | { readonly type: 'block'; readonly offset: number; readonly block: Block }
  | { readonly type: 'record'; readonly offset: number; readonly record: FinalityRecord; readonly bytes: Uint8Array };

/** Decodes a piece; a refusal's field begins with its offset in the file. `n` = validators of its epoch. */
export function decodePiece(hasher: Hasher, networkId: Digest, n: number, piece: ChainPiece): Parsed<ChainItem> {
  const { type, offset, bytes } = piece;
  if (type === 'block') {
    const block = decodeBlock(hasher, networkId, bytes);
    return block.ok ? parsed({ type, offset, block: block.value }) : refuseAt(block.malformed, offset);
  }
  const record = decodeFinalityRecord(bytes, n);
  return record.ok ? parsed({ type, offset, record: record.value, bytes }) : refuseAt(record.malformed, offset);
}

/** A refusal of a piece, told by the file's own offsets. */
export function refuseAt({ code, field, fix }: Malformed, offset: number): Parsed<never> {
  const within = field.startsWith('@') ? Number(field.slice(1)) : Number.NaN;
  return malformed(code, Number.isSafeInteger(within) ? `@${offset + within}` : `@${offset}${field}`, fix);
}

/**
 * Reads a chain file that lies in memory, item by item; returns the first refusal, or nothing when all of it is
 * well formed. Links, certificates and state are for the caller to judge, in this order.
 */
export function* scanChainFile(
  hasher: Hasher,
  networkId: Digest,
  n: number,
  bytes: Uint8Array,
): Generator<ChainItem, Malformed | undefined> {
  const { scan, pieces, malformed: refusal } = scanChunk(SCAN_START, bytes);
  for (const piece of pieces) {
    const item = decodePiece(hasher, networkId, n, piece);
    if (!item.ok) return item.malformed;
    yield item.value;
  }
  if (refusal) return refusal;
  const end = endScan(scan);
  return end.ok ? undefined : end.malformed;
}

/** A chain file, or a piece of one: pieces are only ever put behind one another. */
export function chainFile(pieces: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...pieces);
}
