import type { Reader } from '@custos/core-bytes';
import { DIGEST_LENGTH, digestOf, type Digest } from '@custos/core-crypto';

export function readDigest(reader: Reader): Digest {
  return digestOf(reader.raw(DIGEST_LENGTH));
}
