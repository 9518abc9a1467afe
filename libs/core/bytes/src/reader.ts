import { reject } from './malformed.js';

/**
 * Reads big-endian primitives from attacker bytes. Every length is checked against what is left before a
 * byte is taken, so memory is bounded by the input. Refuses with {@link reject}: run it inside `attempt`.
 */
export class Reader {
  private readonly view: DataView;
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.position;
  }

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

  u64(): number {
    const at = this.take(8);
    const high = this.view.getUint32(at);
    if (high > 0x1fffff) reject('NUMBER_TOO_LARGE', `@${at}`, 'a u64 holds at most 2^53 - 1');
    return high * 0x1_0000_0000 + this.view.getUint32(at + 4);
  }

  /** A view, not a copy: the caller's input must not change afterwards. */
  raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A length of four bytes, at most `limit`, then the bytes. */
  sized(limit: number): Uint8Array {
    const at = this.position;
    const length = this.u32();
    if (length > limit) reject('TOO_LONG', `@${at}`, `at most ${limit} bytes`);
    return this.raw(length);
  }

  /** Refuses trailing bytes: one value has one encoding. */
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
