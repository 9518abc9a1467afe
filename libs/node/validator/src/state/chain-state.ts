import type { Parsed } from '@custos/core-bytes';
import { receiptLeaf, type AnswerBundle, type Block } from '@custos/core-chain';
import { digestBytes, type Digest, type Hasher } from '@custos/core-crypto';
import {
  executeInSteps,
  startExecution,
  stateWrites,
  type Executed,
  type Execution,
  type RecentIds,
  type StatedRoots,
} from '@custos/core-execution';
import { appendToEdge, edgeRoot, merkleRoot, type StateTree, type TreeRoot } from '@custos/core-merkle';
import type { Change, Entry, StateView } from '@custos/core-state';
import type { ChainStore, FinalRun } from '@custos/shell-chain-store';
import type { Clock } from '@custos/shell-process';
import { proveLeaves } from './prove-leaves.js';
import { jsonList } from './json-list.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';
import { descendsFrom, unstored, viewAfter, type ExecutedBlock } from './executed-block.js';
import { piecesFrom, runsFrom } from './stored-runs.js';
import { storedBlock } from './stored-block.js';
import { StoredEntries } from './stored-entries.js';

/** Keys written to the tree without a pause: some 10 ms, so that a vote never waits longer for a big block. */
const WRITES_A_SLICE = 200;

/** The parts that a {@link ChainState} owns from its opening on. */
export interface ChainStateParts {
  readonly networkId: Digest;
  /** Number of validators. */
  readonly validators: number;
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly store: ChainStore;
  readonly tree: StateTree;
  readonly recentIds: RecentIds;
  /** The store's head, with its root in `tree`. */
  readonly head: ExecutedBlock;
}

/** The result of executing the transactions of a block on its parent. Whoever holds it owns `root`. */
export interface Outcome {
  readonly changes: readonly Change[];
  /** Canonical JSON list (L4.6). */
  readonly receipts: Uint8Array;
  readonly receiptRoot: Digest;
  readonly root: TreeRoot;
}

/**
 * The last final block and the executed blocks above it: a tree of branches, each block an overlay on its
 * parent with a root of its own in the state tree (L6.8).
 */
export class ChainState {
  private readonly blocks = new Map<Digest, ExecutedBlock>();
  private final: ExecutedBlock;
  private readonly stored: StoredEntries;

  constructor(private readonly parts: ChainStateParts) {
    this.stored = new StoredEntries(parts.store);
    this.final = parts.head;
    this.blocks.set(parts.head.block.header.ownHash, parts.head);
  }

  /** The last final block that is stored. */
  get head(): ExecutedBlock {
    return this.final;
  }

  /** Root of the tree in memory after the head: computed, not the one that its header states. */
  get stateRoot(): Digest {
    return this.parts.tree.rootHash(this.final.root);
  }

  get executedBlocks(): number {
    return this.blocks.size;
  }

  /** Returns an executed block at or above the head. */
  find(hash: Digest): ExecutedBlock | undefined {
    return this.blocks.get(hash);
  }

  isLive(block: ExecutedBlock): boolean {
    return this.blocks.get(block.block.header.ownHash) === block;
  }

  viewAfter(block: ExecutedBlock): StateView {
    return viewAfter(block, (key) => this.stored.get(key));
  }

  /** Returns whether a child of `parent` with this timestamp would repeat the id (L2.5). */
  repeats(parent: ExecutedBlock, id: Digest, timestamp: number): boolean {
    for (const block of unstored(parent)) if (block.ids.has(id)) return true;
    return this.parts.recentIds.has(id, timestamp);
  }

  /** Returns whether a final block within the window of the head holds the id (L2.5). */
  isFinal(id: Digest): boolean {
    return this.parts.recentIds.has(id, this.final.block.header.timestamp);
  }

  /** Begins a block on `parent`. */
  begin(parent: ExecutedBlock, timestamp: number): Execution {
    const { hasher, networkId } = this.parts;
    const height = parent.block.header.height + 1;
    return startExecution(this.viewAfter(parent), { height, timestamp }, hasher, networkId);
  }

  /** Executes a block on `parent`; yields between its transactions. */
  execute(parent: ExecutedBlock, { header, transactions }: Block): Generator<number, Parsed<Executed>, undefined> {
    const { hasher, networkId } = this.parts;
    const { height, timestamp } = header;
    return executeInSteps(this.viewAfter(parent), { height, timestamp, transactions }, hasher, networkId);
  }

  /** Returns the outcome of a finished execution on `parent`. The caller owns its root: {@link add} or {@link drop}. */
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

  /** Keeps the state after a block readable, even when its branch dies. Returns how to let go of it, once. */
  keep(block: ExecutedBlock): () => void {
    const { tree } = this.parts;
    const root = tree.retain(block.root);
    return () => tree.release(root);
  }

  /** Lets go of an outcome that becomes no block. */
  drop({ root }: Outcome): void {
    this.parts.tree.release(root);
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
    const { hasher } = this.parts;
    const hash = block.header.ownHash;
    const known = this.blocks.get(hash);
    // No one needs a block whose branch died while it was being executed.
    if (known || !this.isLive(parent)) {
      this.drop(outcome);
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

  /** Returns the entry of a key after the last final block, with its private part. */
  entry(key: string): Entry | undefined {
    return this.parts.store.entry(key);
  }

  /** Proves leaves after the last final block, as {@link proveLeaves} does. */
  prove(keys: readonly string[]): AnswerBundle | undefined {
    return proveLeaves(this.parts, this.final, keys);
  }

  /** Returns the messages of whole final runs, as on the final lane (L4.6). */
  runsFrom(height: number, maxBytes: number): readonly Uint8Array[] {
    return runsFrom(this.parts.store, height, maxBytes);
  }

  /** Returns a part of the chain file (L8). */
  piecesFrom(height: number, maxBytes: number): readonly Uint8Array[] {
    return piecesFrom(this.parts.store, height, maxBytes);
  }

  /** Returns the bytes of a block that is final or executed. */
  blockBytes(hash: Digest): Uint8Array | undefined {
    return this.blocks.get(hash)?.block.bytes ?? this.parts.store.blockByHash(hash)?.bytes;
  }
}
