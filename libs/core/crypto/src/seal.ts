import { canonicalJson, fromHex, type Json } from '@custos/core-bytes';
import { digestBytes, type Digest } from './digest.js';
import type { Hasher } from './hasher.js';
import { taggedHash } from './tagged.js';

const SEALED_PREFIX = 'urn:custos:sealed:';

/** L2.8: a value the law does not read, replaced by its commitment. `salt` has 32 bytes. */
export function sealedValue(hasher: Hasher, salt: Uint8Array, value: Json): string {
  return SEALED_PREFIX + taggedHash(hasher, 'custos/seal/1', salt, canonicalJson(value));
}

export function isSealed(value: Json | undefined): boolean {
  if (typeof value !== 'string' || !value.startsWith(SEALED_PREFIX)) return false;
  const bytes = fromHex(value.slice(SEALED_PREFIX.length));
  return bytes !== undefined && bytes.length === 32;
}

/** L6.2: `H('custos/private/1', salt || canonical private part)`. */
export function commitment(hasher: Hasher, salt: Digest, privatePart: Json): Digest {
  return taggedHash(hasher, 'custos/private/1', digestBytes(salt), canonicalJson(privatePart));
}
