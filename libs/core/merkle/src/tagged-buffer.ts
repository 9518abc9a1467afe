import { taggedMessage, type Hasher, type Tag } from '@custos/core-crypto';

const INITIAL_ROOM = 512;

/**
 * A hasher of `H(tag, parts)` with one buffer that it keeps: a state tree makes millions of hashes, and a new array for
 * each would load the garbage collector. Not re-entrant, and neither are its callers.
 */
export class TaggedBuffer {
  private buffer: Uint8Array;
  private filled: Uint8Array;
  private readonly start: number;

  constructor(
    private readonly hasher: Hasher,
    tag: Tag,
  ) {
    const prefix = taggedMessage(tag);
    this.start = prefix.length;
    this.buffer = new Uint8Array(prefix.length + INITIAL_ROOM);
    this.buffer.set(prefix);
    this.filled = this.buffer.subarray(0, prefix.length);
  }

  /** Writes H(tag, 32 bytes of `first` at `at` || 32 bytes of `second` at `secondAt`) into `target` at `to`. */
  hashPair(first: Uint8Array, at: number, second: Uint8Array, secondAt: number, target: Uint8Array, to: number): void {
    this.resize(64);
    copy32(first, at, this.buffer, this.start);
    copy32(second, secondAt, this.buffer, this.start + 32);
    this.hasher.digestInto(this.filled, target, to);
  }

  /** Writes H(tag, x) into `target` at `to`. */
  hash(x: Uint8Array, target: Uint8Array, to: number): void {
    this.resize(x.length);
    this.buffer.set(x, this.start);
    this.hasher.digestInto(this.filled, target, to);
  }

  private resize(length: number): void {
    const end = this.start + length;
    if (end === this.filled.length) return;
    if (end > this.buffer.length) {
      const grown = new Uint8Array(end * 2);
      grown.set(this.buffer.subarray(0, this.start));
      this.buffer = grown;
    }
    this.filled = this.buffer.subarray(0, end);
  }
}

/** Copies 32 bytes from one array to another. A loop, because `set(subarray)` would allocate a view for each copy. */
export function copy32(from: Uint8Array, at: number, to: Uint8Array, toAt: number): void {
  for (let i = 0; i < 32; i++) to[toAt + i] = from[at + i]!;
}
