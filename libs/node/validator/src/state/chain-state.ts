import { receiptLeaf, type Block, type BlockHeader } from '@custos/core-chain';
import { digestBytes, type Digest, type Hasher, type KeyId, type PublicKey } from '@custos/core-crypto';
import { stateWrites, type Executed } from '@custos/core-execution';
import { appendToEdge, edgeRoot, merkleRoot, type StateTree, type TreeRoot } from '@custos/core-merkle';
import { registry } from '@custos/core-registry';
import { type Change, type StateView } from '@custos/core-state';
import type { ChainStore, FinalRun } from '@custos/shell-chain-store';
import { yieldToEventLoop } from './yield-to-event-loop.js';
import type { CheckedTransactions } from './checked-transactions.js';
import { descendsFrom, unstored, viewAfter, type ExecutedBlock } from './executed-block.js';
import type { Clock } from '../ports.js';
import type { RecentIds } from './recent-ids.js';
import { storedBlock } from './stored-block.js';
import { StoredEntries } from './stored-entries.js';

/** Keys written to the tree without a pause: some 10 ms, so that a vote never waits longer for a big block. */
const WRITES_A_SLICE = 200;

export interface ChainStateParts {
  readonly networkId: Digest;
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly store: ChainStore;
  readonly tree: StateTree;
  readonly checked: CheckedTransactions;
  readonly recentIds: RecentIds;
  /** The store's head, with its root in `tree`. */
  readonly head: ExecutedBlock;
}

/** What executing a list of transactions on top of a parent comes to. */
export interface Outcome {
  readonly changes: readonly Change[];
  readonly receipts: Uint8Array;
  readonly receiptRoot: Digest;
  readonly root: TreeRoot;
}

/** What a header states about a block's execution. */
export type StatedRoots = Pick<BlockHeader, 'receiptRoot' | 'stateRoot' | 'historyRoot'>;

/**
 * The last final block and the executed blocks above it: a tree of branches, each block an overlay on its
 * parent with a root of its own in the state tree (L6.8).
 */
export class ChainState {
  private readonly blocks = new Map<Digest, ExecutedBlock>();
  private final: ExecutedBlock;
  private readonly stored: StoredEntries;

  constructor(readonly parts: ChainStateParts) {
    this.stored = new StoredEntries(parts.store);
    this.final = parts.head;
    this.blocks.set(parts.head.block.header.ownHash, parts.head);
  }

  /** The last final block that is stored. */
  get head(): ExecutedBlock {
    return this.final;
  }

  /** An executed block at or above the head. */
  find(hash: Digest): ExecutedBlock | undefined {
    return this.blocks.get(hash);
  }

  get executedBlocks(): number {
    return this.blocks.size;
  }

  viewAfter(block: ExecutedBlock): StateView {
    return viewAfter(block, (key) => this.stored.get(key));
  }

  /** L2.5: whether a child of `parent` with this timestamp would repeat the id. */
  repeats(parent: ExecutedBlock, id: Digest, timestamp: number): boolean {
    for (const block of unstored(parent)) if (block.ids.has(id)) return true;
    return this.parts.recentIds.has(id, timestamp);
  }

  /** The public key, whether it is still active or not: who may sign is execution's to say. */
  keyOf(view: StateView): (id: KeyId) => PublicKey | undefined {
    return (id) => registry(view).keyRecord(id)?.publicKey;
  }

  /** The caller owns the root. */
  async outcome(parent: ExecutedBlock, { changes, receipts }: Executed): Promise<Outcome> {
    // Each receipt is put into its canonical form once: it is the leaf under receiptRoot, and travels as it is.
    const leaves = receipts.map(receiptLeaf);
    return {
      changes,
      receipts: jsonList(leaves),
      receiptRoot: merkleRoot(this.parts.hasher, leaves),
      root: await this.rootAfter(parent, changes),
    };
  }

  private async rootAfter(parent: ExecutedBlock, changes: readonly Change[]): Promise<TreeRoot> {
    const { tree, clock } = this.parts;
    const writes = stateWrites(changes);
    let root = tree.retain(parent.root);
    for (let from = 0; from < writes.length; from += WRITES_A_SLICE) {
      if (from > 0) await yieldToEventLoop(clock);
      const next = tree.apply(root, writes.slice(from, from + WRITES_A_SLICE));
      tree.release(root);
      root = next;
    }
    return root;
  }

  statedRoots(parent: ExecutedBlock, outcome: Outcome): StatedRoots {
    const { hasher, tree } = this.parts;
    return {
      receiptRoot: outcome.receiptRoot,
      stateRoot: tree.rootHash(outcome.root),
      historyRoot: edgeRoot(hasher, parent.edge),
    };
  }

  /** Takes over the outcome's root. A block that is known already keeps its first outcome: both are equal. */
  add(parent: ExecutedBlock, block: Block, outcome: Outcome): ExecutedBlock {
    const { hasher, tree } = this.parts;
    const hash = block.header.ownHash;
    const known = this.blocks.get(hash);
    // A block whose branch died while it was being executed is of no use to anybody.
    if (known || !this.isLive(parent)) {
      tree.release(outcome.root);
      if (known) return known;
    }
    const executed: ExecutedBlock = {
      changes: outcome.changes,
      receipts: outcome.receipts,
      root: outcome.root,
      block,
      parent,
      entries: new Map(outcome.changes.map(({ key, after }) => [key, after])),
      ids: new Set(block.transactions.map(({ id }) => id)),
      edge: appendToEdge(hasher, parent.edge, digestBytes(hash)),
      stored: false,
    };
    if (this.isLive(parent)) this.blocks.set(hash, executed);
    return executed;
  }

  isLive(block: ExecutedBlock): boolean {
    return this.blocks.get(block.block.header.ownHash) === block;
  }

  /**
   * Stores the blocks up to this one, which a certificate made final, and forgets the branches that died (K7).
   * A crash before the append has resolved: the run comes again, from the journal or from a peer.
   */
  async finalise(hash: Digest, record: Uint8Array, lanePositions: ReadonlyMap<string, string>): Promise<FinalRun> {
    const { store, recentIds } = this.parts;
    const last = this.blocks.get(hash);
    if (!last || !descendsFrom(last, this.final)) throw new Error(`final block ${hash} is not above the head`);
    const fresh = [...unstored(last)].reverse();
    const run: FinalRun = { blocks: fresh.map(storedBlock), record, lanePositions };
    await store.append(run);
    for (const block of fresh) {
      this.stored.settle(block.changes);
      block.stored = true;
      recentIds.add([...block.ids], block.block.header.timestamp);
    }
    this.settle(last);
    return run;
  }

  private settle(last: ExecutedBlock): void {
    this.final = last;
    for (const [hash, block] of this.blocks) {
      if (descendsFrom(block, last)) continue;
      this.blocks.delete(hash);
      this.parts.tree.release(block.root);
    }
    last.parent = undefined;
  }
}

const [OPEN, COMMA, CLOSE] = [0x5b, 0x2c, 0x5d];

function jsonList(items: readonly Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, item) => sum + item.length + 1, items.length === 0 ? 2 : 1);
  const list = new Uint8Array(length);
  list[0] = OPEN;
  let at = 1;
  for (const [i, item] of items.entries()) {
    if (i > 0) list[at++] = COMMA;
    list.set(item, at);
    at += item.length;
  }
  list[at] = CLOSE;
  return list;
}
