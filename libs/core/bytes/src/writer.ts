const INITIAL_CAPACITY = 256;

/**
 * A writer of big-endian primitives into a buffer that doubles when it is full. It has no limit of its own: the reader
 * enforces limits. A number that does not fit throws RangeError.
 */
export class Writer {
  private buffer: Uint8Array;
  private view: DataView;
  private length = 0;

  constructor(capacity = INITIAL_CAPACITY) {
    this.buffer = new Uint8Array(capacity);
    this.view = new DataView(this.buffer.buffer);
  }

  u8(value: number): this {
    return this.put(1, value, 0xff, (at) => this.view.setUint8(at, value));
  }

  u16(value: number): this {
    return this.put(2, value, 0xffff, (at) => this.view.setUint16(at, value));
  }

  u32(value: number): this {
    return this.put(4, value, 0xffffffff, (at) => this.view.setUint32(at, value));
  }

  /** Appends an integer of 0 to 2^53 - 1 as 8 bytes; the ledger has no larger ones. */
  u64(value: number): this {
    return this.put(8, value, Number.MAX_SAFE_INTEGER, (at) => {
      this.view.setUint32(at, Math.floor(value / 0x1_0000_0000));
      this.view.setUint32(at + 4, value % 0x1_0000_0000);
    });
  }

  /** Appends the bytes without their length. */
  raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /** Appends the length as four bytes, then the bytes. */
  sized(bytes: Uint8Array): this {
    return this.u32(bytes.length).raw(bytes);
  }

  /** Returns a copy of what was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  private put(size: number, value: number, max: number, store: (at: number) => void): this {
    if (!Number.isInteger(value) || value < 0 || value > max)
      throw new RangeError(`${value} does not fit ${size} bytes`);
    this.reserve(size);
    store(this.length);
    this.length += size;
    return this;
  }

  private reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + size));
    grown.set(this.buffer);
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}
