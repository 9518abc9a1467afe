import { reject } from './malformed.js';

/**
 * A reader of big-endian primitives from untrusted bytes. Each length is checked against the bytes that remain before
 * any is taken, so the input bounds the memory. Each method refuses with {@link reject}: run it inside `attempt`. A
 * read beyond the end is refused TRUNCATED.
 */
export class Reader {
  private readonly view: DataView;
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The number of bytes read so far. */
  get offset(): number {
    return this.position;
  }

  /** The number of bytes not read yet. */
  get remaining(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2));
  }

  u32(): number {
    return this.view.getUint32(this.take(4));
  }

  /** Reads an unsigned integer of 8 bytes. @throws MalformedError NUMBER_TOO_LARGE above 2^53 - 1 */
  u64(): number {
    const at = this.take(8);
    const high = this.view.getUint32(at);
    if (high > 0x1fffff) reject('NUMBER_TOO_LARGE', `@${at}`, 'a u64 holds at most 2^53 - 1');
    return high * 0x1_0000_0000 + this.view.getUint32(at + 4);
  }

  /** Returns the next `length` bytes as a view of the input, not a copy: the input must not change afterwards. */
  raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Reads a length of four bytes and that many bytes. @throws MalformedError TOO_LONG above `limit` bytes */
  sized(limit: number): Uint8Array {
    const at = this.position;
    const length = this.u32();
    if (length > limit) reject('TOO_LONG', `@${at}`, `at most ${limit} bytes`);
    return this.raw(length);
  }

  /** Requires the end of the input: one value has one encoding. @throws MalformedError TRAILING_BYTES */
  end(): void {
    if (this.remaining > 0) reject('TRAILING_BYTES', `@${this.position}`, `end after ${this.position} bytes`);
  }

  private take(length: number): number {
    const at = this.position;
    if (length > this.remaining) reject('TRUNCATED', `@${at}`, `${length} more bytes are needed here`);
    this.position += length;
    return at;
  }
}
