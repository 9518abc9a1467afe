import { toHex } from '@custos/core-bytes';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * SHA-256, handed in by the shell: `crypto.hash` in Node, {@link referenceHasher} in a browser.
 * One property test holds them equal.
 */
export interface Hasher {
  digest(bytes: Uint8Array): Uint8Array;
  /** The digest as lower-case hex. */
  digestHex(bytes: Uint8Array): string;
  /** Writes the 32 bytes into `target` at `offset`: the state tree hashes millions of nodes without garbage. */
  digestInto(bytes: Uint8Array, target: Uint8Array, offset: number): void;
}

export const referenceHasher: Hasher = {
  digest: (bytes) => sha256(bytes),
  digestHex: (bytes) => toHex(sha256(bytes)),
  digestInto: (bytes, target, offset) => target.set(sha256(bytes), offset),
};
