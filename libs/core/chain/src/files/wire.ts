import type { Reader } from '@custos/core-bytes';
import { DIGEST_LENGTH, digestOf, type Digest } from '@custos/core-crypto';

/** Reads a digest of 32 bytes. Refuses TRUNCATED with `reject`, so the caller runs it inside `attempt`. */
export function readDigest(reader: Reader): Digest {
  return digestOf(reader.raw(DIGEST_LENGTH));
}
