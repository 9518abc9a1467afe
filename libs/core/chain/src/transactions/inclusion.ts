import {
  attempt,
  closedObjectOf,
  concatBytes,
  integerOf,
  listOf,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { digestAt, digestOf, type Hasher } from '@custos/core-crypto';
import type { InclusionProof } from '@custos/core-merkle';
import { MAX_INCLUSION_PATH } from '../limits.js';

const LEAF_PREFIX = new Uint8Array([0]);
const NODE_PREFIX = new Uint8Array([1]);

/**
 * Returns a function that proves the leaf at an index of one RFC 6962 tree. The tree is hashed once: a partner proves
 * hundreds of transactions of one block, and a separate proof for each would hash the whole block again. The returned
 * function throws a RangeError for an index without a leaf.
 */
export function inclusionProofs(hasher: Hasher, leaves: readonly Uint8Array[]): (index: number) => InclusionProof {
  const levels = [leaves.map((leaf) => hasher.digest(concatBytes(LEAF_PREFIX, leaf)))];
  for (let level = levels[0]!; level.length > 1; level = levels.at(-1)!) levels.push(parentsOf(hasher, level));
  return (index) => {
    if (!leaves[index]) throw new RangeError(`no leaf ${index}`);
    const siblings = levels.flatMap((level, height) => level[Math.floor(index / 2 ** height) ^ 1] ?? []);
    return { index, size: leaves.length, path: siblings.map(digestOf) };
  };
}

// An odd last node moves up unchanged (RFC 6962, 2.1: the split is at the largest power of two).
function parentsOf(hasher: Hasher, level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const right = level[i + 1];
    parents.push(right ? hasher.digest(concatBytes(NODE_PREFIX, level[i]!, right)) : level[i]!);
  }
  return parents;
}

/** Returns the JSON form of a proof; the path is hex digests. */
export function inclusionJson({ index, size, path }: InclusionProof): JsonObject {
  return { index, size, path };
}

/** Parses the JSON form of a proof; `field` is its JSON pointer. The path has at most MAX_INCLUSION_PATH digests. */
export function parseInclusion(json: Json | undefined, field: string): Parsed<InclusionProof> {
  return attempt(() => {
    const { index, size, path } = closedObjectOf(json, field, ['index', 'size', 'path']);
    return {
      index: integerOf(index, `${field}/index`, 0),
      size: integerOf(size, `${field}/size`, 0),
      path: listOf(path, `${field}/path`, MAX_INCLUSION_PATH).map((item, i) => digestAt(item, `${field}/path/${i}`)),
    };
  });
}
