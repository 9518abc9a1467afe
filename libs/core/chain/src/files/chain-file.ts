import { concatBytes, malformed, parsed, Reader, type Malformed, type Parsed } from '@custos/core-bytes';
import type { Digest, Hasher } from '@custos/core-crypto';
import { decodeFinalityRecord, MAX_RECORD_BYTES, RECORD_MAGIC, type FinalityRecord } from '@custos/core-finality';
import { BLOCK_MAGIC, decodeBlock, type Block } from '../blocks/block.js';
import { MAX_BLOCK_BYTES } from '../limits.js';

// L8: a chain file is a sequence of blocks and finality records as they are: block 0, then the blocks of each run and
// the record that made them final. Magic and size are the only index.

/** The bytes of one block or finality record in a chain file. */
export interface ChainPiece {
  readonly type: 'block' | 'record';
  /** File offset of the first byte. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The position of a scan, to pass to the next {@link scanChunk}. */
export interface ChainScan {
  /** File offset of the first byte of {@link rest}. */
  readonly offset: number;
  /** The bytes of a piece that is not complete yet. */
  readonly rest: Uint8Array;
}

/** The position of a scan that has read nothing. */
export const SCAN_START: ChainScan = { offset: 0, rest: new Uint8Array(0) };

/** The pieces that one chunk completed, and the position behind them. */
export interface ScanStep {
  readonly scan: ChainScan;
  readonly pieces: readonly ChainPiece[];
  /** The refusal of the first wrong byte, its field as `@<file offset>`. Nothing behind it can be read. */
  readonly malformed?: Malformed;
}

const FRAME_LENGTH = 8;

/**
 * Cuts the next bytes of a file into pieces. Holds one piece and the chunk in memory, for a file of any length. Refuses
 * MAGIC_WRONG and TOO_LONG.
 */
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

/** Returns the length of the file in bytes when it may end here. Refuses TRUNCATED when a piece is incomplete. */
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

/** A decoded piece with its file offset. */
export type ChainItem =
  | { readonly type: 'block'; readonly offset: number; readonly block: Block }
  | { readonly type: 'record'; readonly offset: number; readonly record: FinalityRecord; readonly bytes: Uint8Array };

/**
 * Decodes a piece. The field of a refusal begins with an offset in the file. `n` is the number of validators of its
 * epoch.
 */
export function decodePiece(hasher: Hasher, networkId: Digest, n: number, piece: ChainPiece): Parsed<ChainItem> {
  const { type, offset, bytes } = piece;
  if (type === 'block') {
    const block = decodeBlock(hasher, networkId, bytes);
    return block.ok ? parsed({ type, offset, block: block.value }) : refuseAt(block.malformed, offset);
  }
  const record = decodeFinalityRecord(bytes, n);
  return record.ok ? parsed({ type, offset, record: record.value, bytes }) : refuseAt(record.malformed, offset);
}

/** Returns the refusal of a piece with its offset counted from the start of the file. */
export function refuseAt({ code, field, fix }: Malformed, offset: number): Parsed<never> {
  const within = field.startsWith('@') ? Number(field.slice(1)) : Number.NaN;
  return malformed(code, Number.isSafeInteger(within) ? `@${offset + within}` : `@${offset}${field}`, fix);
}

/**
 * Yields the items of a chain file in memory. Returns the first refusal, or undefined when the whole file is well
 * formed. The caller checks links, certificates and state, in this order.
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

/** Concatenates pieces, in their order, to a chain file or a part of one. */
export function chainFile(pieces: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...pieces);
}
