import { concatBytes, utf8, utf8Into } from '@custos/core-bytes';
import type { Digest } from './digest.js';
import type { Hasher } from './hasher.js';

/** The tags of all hashes and signatures. Each kind has its own, so that no bytes have two meanings (LEDGER, head). */
export const TAGS = [
  'custos/key/1',
  'custos/key-proof/1',
  'custos/tx/1',
  'custos/txid/1',
  'custos/seal/1',
  'custos/block/1',
  'custos/validators/1',
  'custos/genesis/1',
  'custos/vote/1',
  'custos/proposal/1',
  'custos/recovery/1',
  'custos/peer/1',
  'custos/backup/1',
  'custos/private/1',
  'custos/salt/1',
  'custos/summary/1',
  'custos/state-key/1',
  'custos/leaf/1',
  'custos/value/1',
  'custos/node/1',
  'custos/leader/1',
  'custos/shipment/1',
] as const;
/** One tag of {@link TAGS}. */
export type Tag = (typeof TAGS)[number];

const PREFIXES: ReadonlyMap<Tag, Uint8Array> = new Map(
  TAGS.map((tag) => [tag, concatBytes(utf8(tag), new Uint8Array(1))]),
);

/** Returns `tag || 0 || parts`, the bytes that a library hashes or signs with SHA-256 (L1.1). */
export function taggedMessage(tag: Tag, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(PREFIXES.get(tag)!, ...parts);
}

/** Computes the SHA-256 of bytes without a tag, where LEDGER asks for none. */
export function plainHash(hasher: Hasher, bytes: Uint8Array): Digest {
  return hasher.digestHex(bytes) as Digest;
}

/** Scratch buffer of one hash: hashing is synchronous, so one is enough. A longer message gets a buffer of its own. */
const ROOM = new Uint8Array(4_096);

/** Computes `H(tag, parts)` of LEDGER (L1.1). A text counts as its UTF-8 bytes. */
export function taggedHash(hasher: Hasher, tag: Tag, ...parts: readonly (Uint8Array | string)[]): Digest {
  return hasher.digestHex(inRoom(tag, parts) ?? taggedMessage(tag, ...parts.map(bytesOf))) as Digest;
}

function inRoom(tag: Tag, parts: readonly (Uint8Array | string)[]): Uint8Array | undefined {
  const prefix = PREFIXES.get(tag)!;
  ROOM.set(prefix);
  let end = prefix.length;
  for (const part of parts) {
    const next = typeof part === 'string' ? utf8Into(part, ROOM, end) : end + part.length;
    if (next === undefined || next > ROOM.length) return undefined;
    if (typeof part !== 'string') ROOM.set(part, end);
    end = next;
  }
  return ROOM.subarray(0, end);
}

function bytesOf(part: Uint8Array | string): Uint8Array {
  return typeof part === 'string' ? utf8(part) : part;
}
