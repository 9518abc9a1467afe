import { crc32 } from 'node:zlib';
import { MAX_MESSAGE_BYTES } from '../lanes.js';

// A frame: checksum u32 | length u32 | position u64 | bytes. Numbers are big-endian; the checksum is the CRC-32 (IEEE)
// of all that follows it in the frame. The position is where the message stands in its lane, counted from 0.

/** Bytes of a frame before its message. */
export const HEADER_BYTES = 16;

/** Bytes of the largest frame. */
export const MAX_FRAME_BYTES = HEADER_BYTES + MAX_MESSAGE_BYTES;

/** Returns messages as frames in a row, the first at `position`. */
export function encodeFrames(values: readonly Uint8Array[], position: number): Buffer {
  const parts = values.flatMap((value, index) => {
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32BE(value.length, 4);
    header.writeBigUInt64BE(BigInt(position + index), 8);
    header.writeUInt32BE(crc32(value, crc32(header.subarray(4))), 0);
    return [header, value];
  });
  return Buffer.concat(parts);
}

/** Whole frames at the start of some bytes: their messages, and how many bytes they take. */
export interface Decoded {
  readonly values: readonly Uint8Array[];
  readonly bytes: number;
}

/**
 * Returns the whole frames at the start of `bytes`, at most `limit`. It stops at the first that is not whole, has a wrong
 * checksum, or stands at another position than the one after its neighbour: a write that was torn, or is not over yet.
 */
export function decodeFrames(bytes: Buffer, position: number, limit: number): Decoded {
  const values: Uint8Array[] = [];
  let start = 0;
  while (values.length < limit && start + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(start + 4);
    const end = start + HEADER_BYTES + length;
    if (length > MAX_MESSAGE_BYTES || end > bytes.length) break;
    if (bytes.readBigUInt64BE(start + 8) !== BigInt(position + values.length)) break;
    if (bytes.readUInt32BE(start) !== crc32(bytes.subarray(start + 4, end))) break;
    // A copy: a view would keep all bytes that were read at once in memory.
    values.push(new Uint8Array(bytes.subarray(start + HEADER_BYTES, end)));
    start = end;
  }
  return { values, bytes: start };
}
