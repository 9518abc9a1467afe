import { fromHex, malformed, orReject, parsed, toHex, type Json, type Parsed, type Reader } from '@custos/core-bytes';

/** A hash of 32 bytes as 64 lower-case hex digits. Hashes, ids and roots are text everywhere but in the codecs. */
export type Digest = string & { readonly digest: unique symbol };

/** The length of a SHA-256 hash in bytes. */
export const DIGEST_LENGTH = 32;
/** The digest of 32 zero bytes, which stands for an absent hash (L3.3) and for the empty subtree (L6.6). */
export const ZERO_DIGEST = '0'.repeat(2 * DIGEST_LENGTH) as Digest;

/** Encodes 32 bytes as a digest. @throws RangeError for another length */
export function digestOf(bytes: Uint8Array): Digest {
  if (bytes.length !== DIGEST_LENGTH) throw new RangeError(`a digest has ${DIGEST_LENGTH} bytes, not ${bytes.length}`);
  return toHex(bytes) as Digest;
}

/** Returns the 32 bytes of a digest. */
export function digestBytes(digest: Digest): Uint8Array {
  return fromHex(digest)!;
}

/** Parses 64 lower-case hex digits. Refuses DIGEST_INVALID at `field` for any other text. */
export function parseDigest(text: string, field: string): Parsed<Digest> {
  const bytes = text.length === 2 * DIGEST_LENGTH ? fromHex(text) : undefined;
  return bytes ? parsed(text as Digest) : malformed('DIGEST_INVALID', field, 'send 64 lower-case hex digits');
}

/** Returns the digest at the JSON pointer `at`. @throws MalformedError DIGEST_INVALID */
export function digestAt(value: Json | undefined, at: string): Digest {
  return orReject(parseDigest(typeof value === 'string' ? value : '', at));
}

/** Reads a digest of 32 bytes. Refuses TRUNCATED with `reject`, so the caller runs it inside `attempt`. */
export function readDigest(reader: Reader): Digest {
  return digestOf(reader.raw(DIGEST_LENGTH));
}
