import { fromHex, malformed, parsed, type Parsed } from '@custos/core-bytes';
import { p256 } from '@noble/curves/nist.js';
import type { Digest } from './digest.js';
import type { Hasher } from './hasher.js';
import { taggedHash } from './tagged.js';

/** A compressed P-256 point as 66 lower-case hex digits. */
export type PublicKey = string & { readonly publicKey: unique symbol };

/** The id of a key: `H('custos/key/1', compressed key)` (L1.5). */
export type KeyId = Digest;

const COMPRESSED_LENGTH = 33;

/** Parses a compressed point of the curve P-256. Refuses KEY_INVALID at `field` for any other text; never throws. */
export function parsePublicKey(text: string, field: string): Parsed<PublicKey> {
  const bytes = text.length === 2 * COMPRESSED_LENGTH ? fromHex(text) : undefined;
  if (bytes && isPoint(bytes)) return parsed(text as PublicKey);
  return malformed('KEY_INVALID', field, 'send a compressed P-256 point as 66 lower-case hex digits');
}

function isPoint(bytes: Uint8Array): boolean {
  try {
    p256.Point.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Returns the 33 bytes of the compressed point. */
export function publicKeyBytes(key: PublicKey): Uint8Array {
  return fromHex(key)!;
}

/** Computes the id of a key (L1.5). */
export function keyIdOf(hasher: Hasher, key: PublicKey): KeyId {
  return taggedHash(hasher, 'custos/key/1', publicKeyBytes(key));
}
