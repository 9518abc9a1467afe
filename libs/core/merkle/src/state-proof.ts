import { attempt, equalBytes, reject, Writer, Reader, type Parsed } from '@custos/core-bytes';
import { digestBytes, digestOf, taggedHash, ZERO_DIGEST, type Digest, type Hasher } from '@custos/core-crypto';

/** The largest depth of a leaf: two different keys share at most 255 bits. */
const MAX_PROOF_DEPTH = 256;

/** The end of the path of a key in the state tree, and every sibling of the path (L6.7). */
export interface StateProof {
  /** From the root to the leaf, one for each level; 32 zero bytes for an empty sibling. */
  readonly siblings: readonly Digest[];
  /** The leaf at the end of the path, of the queried key or of another one; undefined for an empty place. */
  readonly leaf: { readonly key: Digest; readonly valueHash: Digest } | undefined;
}

/** Returns bit `depth` of the key that starts at byte `at`, most significant first; 1 is the right child (L6.6). */
export function bitOf(bytes: Uint8Array, depth: number, at = 0): 0 | 1 {
  return ((bytes[at + (depth >> 3)]! >> (7 - (depth & 7))) & 1) as 0 | 1;
}

/**
 * Returns whether the tree under `root` holds exactly `value` (canonical JSON) at `key`, or, for `undefined`, does not
 * hold the key (L6.7). Takes untrusted proofs; never throws.
 */
export function verifyStateProof(
  hasher: Hasher,
  root: Digest,
  key: string,
  value: string | undefined,
  proof: StateProof,
): boolean {
  const { siblings, leaf } = proof;
  if (siblings.length > MAX_PROOF_DEPTH) return false;
  const k = digestBytes(taggedHash(hasher, 'custos/state-key/1', key));
  if (!endFits(hasher, k, value, proof)) return false;
  let hash = leaf
    ? taggedHash(hasher, 'custos/leaf/1', digestBytes(leaf.key), digestBytes(leaf.valueHash))
    : ZERO_DIGEST;
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth]!;
    const [left, right] = bitOf(k, depth) === 1 ? [sibling, hash] : [hash, sibling];
    hash = taggedHash(hasher, 'custos/node/1', digestBytes(left), digestBytes(right));
  }
  return hash === root;
}

function endFits(hasher: Hasher, k: Uint8Array, value: string | undefined, { siblings, leaf }: StateProof): boolean {
  if (value === undefined) {
    // L6.7: a key is absent if its place is empty, or if the leaf of another key occupies it.
    if (!leaf) return true;
    const other = digestBytes(leaf.key);
    if (equalBytes(other, k)) return false;
    for (let depth = 0; depth < siblings.length; depth++) {
      if (bitOf(other, depth) !== bitOf(k, depth)) return false;
    }
    return true;
  }
  return (
    leaf !== undefined && leaf.key === digestOf(k) && leaf.valueHash === taggedHash(hasher, 'custos/value/1', value)
  );
}

/** Encodes a proof as L6.7 states, without empty siblings. */
export function encodeStateProof(proof: StateProof): Uint8Array {
  const depth = proof.siblings.length;
  const bitmap = new Uint8Array(Math.ceil(depth / 8));
  const given = proof.siblings.filter((sibling, d) => {
    if (sibling === ZERO_DIGEST) return false;
    bitmap[d >> 3]! |= 1 << (7 - (d & 7));
    return true;
  });
  const writer = new Writer(3 + bitmap.length + 32 * given.length + 64).u16(depth).raw(bitmap);
  for (const sibling of given) writer.raw(digestBytes(sibling));
  if (!proof.leaf) return writer.u8(0).finish();
  return writer.u8(1).raw(digestBytes(proof.leaf.key)).raw(digestBytes(proof.leaf.valueHash)).finish();
}

/**
 * Decodes a proof; a proof has exactly one encoding (L6.7). Refuses PROOF_TOO_DEEP, SPARE_BITS, SIBLING_EMPTY,
 * MARK_INVALID, TRUNCATED and TRAILING_BYTES.
 */
export function decodeStateProof(bytes: Uint8Array): Parsed<StateProof> {
  return attempt(() => {
    const reader = new Reader(bytes);
    const depth = reader.u16();
    if (depth > MAX_PROOF_DEPTH) reject('PROOF_TOO_DEEP', '@0', `at most ${MAX_PROOF_DEPTH} levels`);
    const bitmap = reader.raw(Math.ceil(depth / 8));
    for (let d = depth; d < bitmap.length * 8; d++) {
      if (bitOf(bitmap, d) === 1) reject('SPARE_BITS', `@${reader.offset - 1}`, 'leave unused bits zero');
    }
    const siblings: Digest[] = [];
    for (let d = 0; d < depth; d++) siblings.push(bitOf(bitmap, d) === 1 ? givenSibling(reader) : ZERO_DIGEST);
    const leaf = endOfProof(reader);
    reader.end();
    return { siblings, leaf };
  });
}

function givenSibling(reader: Reader): Digest {
  const at = reader.offset;
  const sibling = digestOf(reader.raw(32));
  if (sibling === ZERO_DIGEST) reject('SIBLING_EMPTY', `@${at}`, 'leave an empty sibling out');
  return sibling;
}

function endOfProof(reader: Reader): StateProof['leaf'] {
  const at = reader.offset;
  const mark = reader.u8();
  if (mark > 1) reject('MARK_INVALID', `@${at}`, '0 for an empty place, 1 for a leaf');
  return mark === 0 ? undefined : { key: digestOf(reader.raw(32)), valueHash: digestOf(reader.raw(32)) };
}
