import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFrames, HEADER_BYTES, MAX_FRAME_BYTES } from './frames.js';

/** A segment of this size gets a successor: retention removes whole segments, and a start reads the last one. */
export const SEGMENT_BYTES = 16 * 1024 * 1024;
/** Bytes of one read; a frame that is larger gets a read of its own. */
const READ_BYTES = 256 * 1024;
/** Digits of the largest position that JavaScript counts exactly. */
const NAME_DIGITS = 16;
const NAME = /^(\d{16})\.log$/;

/** Returns the file of the segment that begins at a position. */
export function segmentFile(folder: string, first: number): string {
  return join(folder, `${String(first).padStart(NAME_DIGITS, '0')}.log`);
}

/** Returns the first positions of a lane's segments, ascending; undefined when the lane does not exist. */
export async function listSegments(folder: string): Promise<readonly number[] | undefined> {
  try {
    const names = await readdir(folder);
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Reads one segment from its beginning; what is not whole yet is read again at the next call. */
export class SegmentReader {
  /** Bytes of the file before the next frame. */
  offset = 0;
  /** Position of the next message. */
  position: number;

  private constructor(
    readonly first: number,
    private readonly handle: FileHandle,
  ) {
    this.position = first;
  }

  /** Opens the segment that begins at a position. */
  static async open(folder: string, first: number): Promise<SegmentReader> {
    return new SegmentReader(first, await open(segmentFile(folder, first), 'r'));
  }

  /** Returns the next messages, none at the end of what is whole. */
  async read(limit = Number.MAX_SAFE_INTEGER): Promise<readonly Uint8Array[]> {
    const { size } = await this.handle.stat();
    for (const most of [READ_BYTES, MAX_FRAME_BYTES]) {
      const length = Math.min(size - this.offset, most);
      if (length < HEADER_BYTES) return [];
      const { bytesRead, buffer } = await this.handle.read(Buffer.allocUnsafe(length), 0, length, this.offset);
      const { values, bytes } = decodeFrames(buffer.subarray(0, bytesRead), this.position, limit);
      this.offset += bytes;
      this.position += values.length;
      if (values.length > 0 || length < most) return values;
    }
    return [];
  }

  /** Reads on to a position, or to the end of what is whole; returns the last message on the way. */
  async skipTo(position: number): Promise<Uint8Array | undefined> {
    let last: Uint8Array | undefined;
    while (this.position < position) {
      const values = await this.read(position - this.position);
      if (values.length === 0) break;
      last = values.at(-1);
    }
    return last;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
