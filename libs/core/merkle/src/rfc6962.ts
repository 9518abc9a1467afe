import { concatBytes, equalBytes } from '@custos/core-bytes';
import { digestBytes, digestOf, plainHash, type Digest, type Hasher } from '@custos/core-crypto';

// RFC 6962, 2.1; the verifiers follow RFC 9162, 2.1.3.2 and 2.1.4.2. The only hashes without a tag (LEDGER, head): the
// prefixes of the RFC separate leaves from nodes.
const LEAF_PREFIX = new Uint8Array([0]);
const NODE_PREFIX = new Uint8Array([1]);

/** The position of a leaf in a tree of `size` leaves, and the siblings from the leaf up to the root. */
export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly path: readonly Digest[];
}

/** Computes the hash of a leaf from its content (RFC 6962, 2.1). */
export function leafHash(hasher: Hasher, leaf: Uint8Array): Uint8Array {
  return hasher.digest(concatBytes(LEAF_PREFIX, leaf));
}

/** Computes the hash of an inner node from the hashes of its children (RFC 6962, 2.1). */
export function nodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hasher.digest(concatBytes(NODE_PREFIX, left, right));
}

/** Computes the root over the contents of the leaves; without leaves, the SHA-256 of no bytes (L3.2). */
export function merkleRoot(hasher: Hasher, leaves: readonly Uint8Array[]): Digest {
  if (leaves.length === 0) return plainHash(hasher, new Uint8Array(0));
  return digestOf(topOf(hasher, hashLeaves(hasher, leaves)));
}

/** Proves the leaf at `index`, counted from 0 (RFC 6962, 2.1.1). @throws RangeError for an index outside the leaves */
export function inclusionProof(hasher: Hasher, leaves: readonly Uint8Array[], index: number): InclusionProof {
  if (!(Number.isInteger(index) && index >= 0 && index < leaves.length)) throw new RangeError(`no leaf ${index}`);
  const path: Digest[] = [];
  let level = hashLeaves(hasher, leaves);
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling) path.push(digestOf(sibling));
    level = parentsOf(hasher, level);
  }
  return { index, size: leaves.length, path };
}

/** Returns whether the proof leads from this leaf to this root. Takes untrusted proofs; never throws. */
export function verifyInclusion(hasher: Hasher, leaf: Uint8Array, proof: InclusionProof, root: Digest): boolean {
  const { index, size, path } = proof;
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  let hash = leafHash(hasher, leaf);
  let at = index;
  let last = size - 1;
  for (const digest of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(hasher, digestBytes(digest), hash);
      // A node without a right sibling moves up unchanged: skip the levels where it has none.
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hasher, hash, digestBytes(digest));
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(hash, digestBytes(root));
}

/**
 * Proves that the tree of the first `oldSize` leaves is a prefix of the tree of all leaves (RFC 6962, 2.1.2). The proof
 * is empty when `oldSize` is 0 or the number of leaves.
 * @throws RangeError when there are fewer leaves than `oldSize`
 */
export function consistencyProof(hasher: Hasher, leaves: readonly Uint8Array[], oldSize: number): readonly Digest[] {
  if (!(Number.isInteger(oldSize) && oldSize >= 0 && oldSize <= leaves.length)) {
    throw new RangeError(`${oldSize} of ${leaves.length} leaves`);
  }
  if (oldSize === 0) return [];
  return subproof(hasher, hashLeaves(hasher, leaves), oldSize, true).map(digestOf);
}

/** Returns whether the old tree is a prefix of the new tree. Takes untrusted proofs; never throws. */
export function verifyConsistency(
  hasher: Hasher,
  oldSize: number,
  oldRoot: Digest,
  newSize: number,
  newRoot: Digest,
  proof: readonly Digest[],
): boolean {
  if (!(Number.isSafeInteger(oldSize) && Number.isSafeInteger(newSize) && oldSize >= 0)) return false;
  if (oldSize > newSize) return false;
  if (oldSize === 0) return proof.length === 0 && oldRoot === merkleRoot(hasher, []);
  if (oldSize === newSize) return proof.length === 0 && oldRoot === newRoot;
  const reached = foldConsistency(hasher, oldSize, oldRoot, newSize, proof);
  return reached !== undefined && digestOf(reached.old) === oldRoot && digestOf(reached.new) === newRoot;
}

function foldConsistency(
  hasher: Hasher,
  oldSize: number,
  oldRoot: Digest,
  newSize: number,
  proof: readonly Digest[],
): { old: Uint8Array; new: Uint8Array } | undefined {
  let at = oldSize - 1;
  let last = newSize - 1;
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  // When the old tree is one perfect subtree, the proof omits its root, which the verifier has.
  const path = at === 0 ? [oldRoot, ...proof] : proof;
  const first = path[0];
  if (first === undefined) return undefined;
  let before = digestBytes(first);
  let after = before;
  for (const digest of path.slice(1)) {
    if (last === 0) return undefined;
    const sibling = digestBytes(digest);
    if (at % 2 === 1 || at === last) {
      before = nodeHash(hasher, sibling, before);
      after = nodeHash(hasher, sibling, after);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else after = nodeHash(hasher, after, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? { old: before, new: after } : undefined;
}

// SUBPROOF of RFC 6962, 2.1.2. `whole`: the verifier has the root of the subtree of the old leaves.
function subproof(hasher: Hasher, leaves: readonly Uint8Array[], oldSize: number, whole: boolean): Uint8Array[] {
  if (oldSize === leaves.length) return whole ? [] : [topOf(hasher, leaves)];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return oldSize <= split
    ? [...subproof(hasher, left, oldSize, whole), topOf(hasher, right)]
    : [...subproof(hasher, right, oldSize - split, false), topOf(hasher, left)];
}

function hashLeaves(hasher: Hasher, leaves: readonly Uint8Array[]): Uint8Array[] {
  return leaves.map((leaf) => leafHash(hasher, leaf));
}

function topOf(hasher: Hasher, hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) level = parentsOf(hasher, level);
  return level[0]!;
}

// The last node of an odd level moves up unchanged, which equals the split at the largest power of two (RFC 6962, 2.1).
function parentsOf(hasher: Hasher, level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const right = level[i + 1];
    parents.push(right ? nodeHash(hasher, level[i]!, right) : level[i]!);
  }
  return parents;
}
