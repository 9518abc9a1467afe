import { canonicalJson, fromHex, type Json } from '@custos/core-bytes';
import { digestBytes, type Digest } from './digest.js';
import type { Hasher } from './hasher.js';
import { taggedHash } from './tagged.js';

const SEALED_PREFIX = 'urn:custos:sealed:';

/** Returns the commitment that replaces a value which no rule of the law reads (L2.8). `salt` has 32 bytes. */
export function sealedValue(hasher: Hasher, salt: Uint8Array, value: Json): string {
  return SEALED_PREFIX + taggedHash(hasher, 'custos/seal/1', salt, canonicalJson(value));
}

/** Returns whether a value has the form that {@link sealedValue} returns (L2.8). */
export function isSealed(value: Json | undefined): boolean {
  if (typeof value !== 'string' || !value.startsWith(SEALED_PREFIX)) return false;
  const bytes = fromHex(value.slice(SEALED_PREFIX.length));
  return bytes !== undefined && bytes.length === 32;
}

/** Computes the commitment to a private part (L6.2): `H('custos/private/1', salt || canonical private part)`. */
export function commitment(hasher: Hasher, salt: Digest, privatePart: Json): Digest {
  return taggedHash(hasher, 'custos/private/1', digestBytes(salt), canonicalJson(privatePart));
}
