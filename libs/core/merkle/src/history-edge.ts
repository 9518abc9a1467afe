import { digestBytes, digestOf, type Digest, type Hasher } from '@custos/core-crypto';
import { leafHash, merkleRoot, nodeHash } from './rfc6962.js';

/**
 * The right edge of an append-only RFC 6962 tree: the roots of its perfect subtrees, largest first. It suffices to
 * append leaves and to compute the root in O(log n) memory; an inclusion proof needs the leaves themselves.
 */
export interface Edge {
  readonly size: number;
  readonly peaks: readonly Digest[];
}

/** The edge of a tree without leaves. */
export const EMPTY_EDGE: Edge = { size: 0, peaks: [] };

/** Returns the edge after one more leaf; `edge` stays unchanged. `leaf` is the content, not its hash. */
export function appendToEdge(hasher: Hasher, edge: Edge, leaf: Uint8Array): Edge {
  const peaks = edge.peaks.slice();
  let root = leafHash(hasher, leaf);
  // One peak per set bit of the size: appending is a binary increment, each carry joins two equal subtrees.
  for (let rest = edge.size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    root = nodeHash(hasher, digestBytes(peaks.pop()!), root);
  }
  return { size: edge.size + 1, peaks: [...peaks, digestOf(root)] };
}

/** Returns the root, equal to {@link merkleRoot} over all leaves appended so far. */
export function edgeRoot(hasher: Hasher, edge: Edge): Digest {
  if (edge.size === 0) return merkleRoot(hasher, []);
  const peaks = edge.peaks.map(digestBytes);
  return digestOf(peaks.reduceRight((right, left) => nodeHash(hasher, left, right)));
}
