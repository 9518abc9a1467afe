import { fromHex, malformed, orReject, parsed, toHex, type Json, type Parsed } from '@custos/core-bytes';

/** 32 bytes as 64 lower-case hex digits: hashes, ids and roots are text everywhere but in the codecs. */
export type Digest = string & { readonly digest: unique symbol };

export const DIGEST_LENGTH = 32;
export const ZERO_DIGEST = '0'.repeat(2 * DIGEST_LENGTH) as Digest;

export function digestOf(bytes: Uint8Array): Digest {
  if (bytes.length !== DIGEST_LENGTH) throw new RangeError(`a digest has ${DIGEST_LENGTH} bytes, not ${bytes.length}`);
  return toHex(bytes) as Digest;
}

export function digestBytes(digest: Digest): Uint8Array {
  return fromHex(digest)!;
}

export function parseDigest(text: string, field: string): Parsed<Digest> {
  const bytes = text.length === 2 * DIGEST_LENGTH ? fromHex(text) : undefined;
  return bytes ? parsed(text as Digest) : malformed('DIGEST_INVALID', field, 'send 64 lower-case hex digits');
}

/** Returns the digest that stands at the JSON pointer `at`. @throws MalformedError DIGEST_INVALID */
export function digestAt(value: Json | undefined, at: string): Digest {
  return orReject(parseDigest(typeof value === 'string' ? value : '', at));
}
