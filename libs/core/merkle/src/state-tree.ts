import { utf8 } from '@custos/core-bytes';
import { digestOf, ZERO_DIGEST, type Digest, type Hasher } from '@custos/core-crypto';
import { EMPTY_NODE, StateArena } from './state-arena.js';
import { bitOf, type StateProof } from './state-proof.js';
import { TaggedBuffer } from './tagged-buffer.js';

/** One version of the tree. It is owned: each owner releases it once. */
export type TreeRoot = number & { readonly treeRoot: unique symbol };

/** The version without keys. It needs no release. */
export const EMPTY_TREE = EMPTY_NODE as TreeRoot;

/** One write: the leaf value of a key as canonical JSON, or `undefined` to delete the key. */
export interface TreeWrite {
  readonly key: string;
  readonly value: string | undefined;
}

/** The writes of one `apply`, sorted by k: `keys` and `values` hold 32 bytes for each. */
interface Batch {
  readonly writes: readonly TreeWrite[];
  readonly keys: Uint8Array;
  /** Indexes into `writes` and `keys`, ascending by k. */
  readonly order: readonly number[];
}

/**
 * The state tree of L6.6 with any number of versions alive side by side: branches that are not final, and the last
 * heights, at which proofs are given (L6.8). About 200 bytes for each key; a version costs the nodes that it changed.
 */
export class StateTree {
  private arena: StateArena;
  private readonly keyTag: TaggedBuffer;
  private readonly valueTag: TaggedBuffer;
  private readonly valueHash = new Uint8Array(32);

  constructor(private readonly hasher: Hasher) {
    this.arena = new StateArena(hasher);
    this.keyTag = new TaggedBuffer(hasher, 'custos/state-key/1');
    this.valueTag = new TaggedBuffer(hasher, 'custos/value/1');
  }

  /** The number of nodes of all live versions together. */
  get liveNodes(): number {
    return this.arena.liveNodes;
  }

  /**
   * Returns a new version, owned by the caller; `root` and its owners stay unchanged. Deleting an absent key changes
   * nothing.
   * @throws RangeError when a key is written twice, because the result would depend on the order; or above
   * `MAX_NODES`
   */
  apply(root: TreeRoot, writes: readonly TreeWrite[]): TreeRoot {
    return this.merge(root, this.batchOf(writes), 0, writes.length, 0) as TreeRoot;
  }

  /** Returns the state root of a version (L6.6). */
  rootHash(root: TreeRoot): Digest {
    return root === EMPTY_TREE ? ZERO_DIGEST : this.hashAt(root);
  }

  /** Returns the number of keys of a version. */
  size(root: TreeRoot): number {
    return this.arena.keyCount(root);
  }

  /** Proves the presence or absence of a key in a version (L6.7). */
  prove(root: TreeRoot, key: string): StateProof {
    const { arena } = this;
    const k = new Uint8Array(32);
    this.keyTag.hash(utf8(key), k, 0);
    const siblings: Digest[] = [];
    let node: number = root;
    for (let depth = 0; node !== EMPTY_NODE && !arena.isLeaf(node); depth++) {
      const right = bitOf(k, depth) === 1;
      siblings.push(this.hashAt(right ? arena.leftOf(node) : arena.rightOf(node)));
      node = right ? arena.rightOf(node) : arena.leftOf(node);
    }
    if (node === EMPTY_NODE) return { siblings, leaf: undefined };
    const row = arena.leafRow(node);
    const rows = arena.leafRows;
    return {
      siblings,
      leaf: { key: digestOf(rows.subarray(row, row + 32)), valueHash: digestOf(rows.subarray(row + 32, row + 64)) },
    };
  }

  /** Adds one owner to a version and returns it. @throws RangeError for a version without an owner */
  retain(root: TreeRoot): TreeRoot {
    return this.arena.retain(root) as TreeRoot;
  }

  /**
   * Removes one owner of a version; with the last, frees the nodes that no other version shares.
   * @throws RangeError for a version without an owner
   */
  release(root: TreeRoot): void {
    this.arena.release(root);
  }

  /** Frees all versions at once. Roots returned before are invalid afterwards. */
  close(): void {
    this.arena = new StateArena(this.hasher);
  }

  private hashAt(node: number): Digest {
    return digestOf(this.arena.hashes.subarray(node * 32, node * 32 + 32));
  }

  private batchOf(writes: readonly TreeWrite[]): Batch {
    const keys = new Uint8Array(writes.length * 32);
    writes.forEach(({ key }, i) => this.keyTag.hash(utf8(key), keys, i * 32));
    const order = writes.map((_, i) => i).sort((a, b) => compare32(keys, a * 32, keys, b * 32));
    for (let i = 1; i < order.length; i++) {
      if (compare32(keys, order[i - 1]! * 32, keys, order[i]! * 32) === 0) {
        throw new RangeError(`${writes[order[i]!]!.key} is written twice`);
      }
    }
    return { writes, keys, order };
  }

  // Applies the writes lo to hi - 1, which all belong below `node`. The caller owns the result; `node` is not consumed.
  // Each node on a written path is hashed once for each batch, however many writes share it.
  private merge(node: number, batch: Batch, lo: number, hi: number, depth: number): number {
    const { arena } = this;
    if (lo === hi) return arena.retain(node);
    const leaf = arena.isLeaf(node);
    if (hi - lo === 1 && (node === EMPTY_NODE || (leaf && this.isLeafOf(node, batch, lo)))) {
      return this.place(node, batch, lo);
    }
    let middle = lo;
    while (middle < hi && bitOf(batch.keys, depth, batch.order[middle]! * 32) === 0) middle++;
    let left = EMPTY_NODE;
    let right = EMPTY_NODE;
    if (leaf) {
      if (bitOf(arena.leafRows, depth, arena.leafRow(node)) === 1) right = node;
      else left = node;
    } else if (node !== EMPTY_NODE) {
      left = arena.leftOf(node);
      right = arena.rightOf(node);
    }
    const newLeft = this.merge(left, batch, lo, middle, depth + 1);
    const newRight = this.merge(right, batch, middle, hi, depth + 1);
    if (newLeft !== left || newRight !== right || node === EMPTY_NODE || leaf) return arena.join(newLeft, newRight);
    arena.release(newLeft);
    arena.release(newRight);
    return arena.retain(node);
  }

  // Applies one write to an empty place or to the leaf of the same key.
  private place(node: number, batch: Batch, at: number): number {
    const { arena, valueHash } = this;
    const { value } = batch.writes[batch.order[at]!]!;
    if (value === undefined) return EMPTY_NODE;
    this.valueTag.hash(utf8(value), valueHash, 0);
    if (node !== EMPTY_NODE && compare32(arena.leafRows, arena.leafRow(node) + 32, valueHash, 0) === 0) {
      return arena.retain(node);
    }
    return arena.leaf(batch.keys, batch.order[at]! * 32, valueHash);
  }

  private isLeafOf(node: number, batch: Batch, at: number): boolean {
    return compare32(this.arena.leafRows, this.arena.leafRow(node), batch.keys, batch.order[at]! * 32) === 0;
  }
}

function compare32(a: Uint8Array, at: number, b: Uint8Array, bt: number): number {
  for (let i = 0; i < 32; i++) {
    const difference = a[at + i]! - b[bt + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
