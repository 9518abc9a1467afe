import type { Hasher } from '@custos/core-crypto';
import { copy32, TaggedBuffer } from './tagged-buffer.js';

/** The number of the empty subtree in every arena; its hash is 32 zero bytes (L6.6). */
export const EMPTY_NODE = 0;

/**
 * The largest number of nodes of an arena. 2^26 nodes are 27 million keys and 2 GiB of hashes, the largest buffer that
 * every supported Node can allocate.
 */
const MAX_NODES = 2 ** 26;

const INITIAL_CAPACITY = 1024;
const LEAF_ROW = 64;

/**
 * The nodes of all versions of one state tree (L6.8), in a few typed arrays that the garbage collector does not scan.
 * Nodes are immutable and shared between versions. Each node counts its owners and is freed with the last. The left
 * child of a leaf is the bitwise complement of its row number; the row holds k and the value hash, 32 bytes each.
 */
export class StateArena {
  hashes: Uint8Array = new Uint8Array(INITIAL_CAPACITY * 32);
  leafRows: Uint8Array = new Uint8Array(INITIAL_CAPACITY * LEAF_ROW);
  private left: Int32Array = new Int32Array(INITIAL_CAPACITY);
  private right: Int32Array = new Int32Array(INITIAL_CAPACITY);
  private owners: Int32Array = new Int32Array(INITIAL_CAPACITY);
  private keyCounts: Int32Array = new Int32Array(INITIAL_CAPACITY);
  private readonly nodeSlots = new Slots(INITIAL_CAPACITY);
  private readonly rowSlots = new Slots(INITIAL_CAPACITY);
  private readonly nodeTag: TaggedBuffer;
  private readonly leafTag: TaggedBuffer;

  constructor(hasher: Hasher) {
    this.nodeTag = new TaggedBuffer(hasher, 'custos/node/1');
    this.leafTag = new TaggedBuffer(hasher, 'custos/leaf/1');
    this.nodeSlots.take(); // EMPTY_NODE, never freed
  }

  /** The number of nodes in use, without the empty one. */
  get liveNodes(): number {
    return this.nodeSlots.live - 1;
  }

  isLeaf(node: number): boolean {
    return this.left[node]! < 0;
  }

  leftOf(node: number): number {
    return this.left[node]!;
  }

  rightOf(node: number): number {
    return this.right[node]!;
  }

  /** Returns the number of keys in the subtree. */
  keyCount(node: number): number {
    return this.keyCounts[node]!;
  }

  /** Returns the offset of k of a leaf in `leafRows`; the value hash follows 32 bytes later. */
  leafRow(node: number): number {
    return ~this.left[node]! * LEAF_ROW;
  }

  /**
   * Creates a leaf from the 32 bytes of k at `keyAt` and the value hash. The caller is its only owner.
   * @throws RangeError above {@link MAX_NODES}
   */
  leaf(keys: Uint8Array, keyAt: number, valueHash: Uint8Array): number {
    const slot = this.rowSlots.take();
    if (this.rowSlots.capacity * LEAF_ROW > this.leafRows.length) {
      this.leafRows = grownBytes(this.leafRows, this.rowSlots.capacity * LEAF_ROW);
    }
    const row = slot * LEAF_ROW;
    copy32(keys, keyAt, this.leafRows, row);
    copy32(valueHash, 0, this.leafRows, row + 32);
    const node = this.takeNode(~slot, EMPTY_NODE, 1);
    this.leafTag.hashPair(this.leafRows, row, this.leafRows, row + 32, this.hashes, node * 32);
    return node;
  }

  /**
   * Returns the subtree of two children (L6.6). The caller gives one ownership of each child and owns the result once.
   * Two empty children give the empty subtree, and a single leaf stays a leaf: the root depends on the set of pairs
   * alone.
   * @throws RangeError above {@link MAX_NODES}
   */
  join(left: number, right: number): number {
    if (left === EMPTY_NODE && (right === EMPTY_NODE || this.isLeaf(right))) return right;
    if (right === EMPTY_NODE && this.isLeaf(left)) return left;
    const node = this.takeNode(left, right, this.keyCount(left) + this.keyCount(right));
    this.nodeTag.hashPair(this.hashes, left * 32, this.hashes, right * 32, this.hashes, node * 32);
    return node;
  }

  /** Adds one owner. @throws RangeError for a node without an owner */
  retain(node: number): number {
    if (node === EMPTY_NODE) return node;
    if (!(this.owners[node]! > 0)) throw new RangeError(`node ${node} is not alive`);
    this.owners[node]!++;
    return node;
  }

  /**
   * Removes one owner; with the last, frees the node and releases its children.
   * @throws RangeError for a node without an owner
   */
  release(node: number): void {
    if (node === EMPTY_NODE) return;
    if (!(this.owners[node]! > 0)) throw new RangeError(`node ${node} is not alive`);
    if (--this.owners[node]! > 0) return;
    if (this.isLeaf(node)) this.rowSlots.give(~this.left[node]!);
    else {
      // Recursion of at most 256 levels, one for each bit of k.
      this.release(this.left[node]!);
      this.release(this.right[node]!);
    }
    this.nodeSlots.give(node);
  }

  private takeNode(left: number, right: number, keyCount: number): number {
    if (this.nodeSlots.live >= MAX_NODES) throw new RangeError(`a state tree holds at most ${MAX_NODES} nodes`);
    const node = this.nodeSlots.take();
    const capacity = this.nodeSlots.capacity;
    if (capacity > this.left.length) {
      this.left = grownInts(this.left, capacity);
      this.right = grownInts(this.right, capacity);
      this.owners = grownInts(this.owners, capacity);
      this.keyCounts = grownInts(this.keyCounts, capacity);
      this.hashes = grownBytes(this.hashes, capacity * 32);
    }
    this.left[node] = left;
    this.right[node] = right;
    this.owners[node] = 1;
    this.keyCounts[node] = keyCount;
    return node;
  }
}

/** An allocator of the numbers 0, 1, 2 ... A number that was given back is allocated again first. */
class Slots {
  private next: Int32Array;
  private unused = 0;
  private freed = -1;
  live = 0;

  constructor(capacity: number) {
    this.next = new Int32Array(capacity);
  }

  get capacity(): number {
    return this.next.length;
  }

  take(): number {
    this.live++;
    if (this.freed >= 0) {
      const slot = this.freed;
      this.freed = this.next[slot]!;
      return slot;
    }
    if (this.unused === this.next.length) this.next = grownInts(this.next, Math.ceil(this.next.length * 1.5));
    return this.unused++;
  }

  give(slot: number): void {
    this.live--;
    this.next[slot] = this.freed;
    this.freed = slot;
  }
}

function grownInts(array: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length);
  grown.set(array);
  return grown;
}

function grownBytes(array: Uint8Array, length: number): Uint8Array {
  const grown = new Uint8Array(length);
  grown.set(array);
  return grown;
}
