import { toHex } from '@custos/core-bytes';
import { sha256 } from '@noble/hashes/sha2.js';

/**
 * SHA-256, passed in by the shell: `crypto.hash` in Node, {@link referenceHasher} in a browser. A property test shows
 * that both give equal digests.
 */
export interface Hasher {
  digest(bytes: Uint8Array): Uint8Array;
  /** Returns the digest as lower-case hex. */
  digestHex(bytes: Uint8Array): string;
  /** Writes the 32 bytes into `target` at `offset`, without an allocation: the state tree hashes millions of nodes. */
  digestInto(bytes: Uint8Array, target: Uint8Array, offset: number): void;
}

/** The portable SHA-256 of @noble/hashes, for browsers and tests. */
export const referenceHasher: Hasher = {
  digest: (bytes) => sha256(bytes),
  digestHex: (bytes) => toHex(sha256(bytes)),
  digestInto: (bytes, target, offset) => target.set(sha256(bytes), offset),
};
