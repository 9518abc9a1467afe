import type { Block } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { Edge, TreeRoot } from '@custos/core-merkle';
import type { Change, Entry, StateView } from '@custos/core-state';

/** A block with all that executing it gave. Until it is stored, its changes lie over those of its parent. */
export interface ExecutedBlock {
  readonly block: Block;
  /** Absent below the head: no one asks there, and a chain of parents would keep every block in memory. */
  parent: ExecutedBlock | undefined;
  readonly changes: readonly Change[];
  readonly entries: ReadonlyMap<string, Entry | undefined>;
  /** Canonical JSON list (L4.6). */
  readonly receipts: Uint8Array;
  readonly ids: ReadonlySet<Digest>;
  /** Root of the state after it; owned by this block. */
  readonly root: TreeRoot;
  /** Over the ownHashes up to this block: its root is the historyRoot of a child (L3.2). */
  readonly edge: Edge;
  /** Set once its changes can be read from the store. */
  stored: boolean;
}

/** Newest first: the blocks down to the last stored one, which is not among them. */
export function* unstored(from: ExecutedBlock): Generator<ExecutedBlock> {
  for (let at: ExecutedBlock | undefined = from; at && !at.stored; at = at.parent) yield at;
}

/**
 * The state after a block. A dozen blocks at most lie between it and the store (K16). While a run is being
 * stored both hold the same entries, so a reader sees one state before, during and after.
 */
export function viewAfter(block: ExecutedBlock, stored: (key: string) => Entry | undefined): StateView {
  return {
    get(key) {
      for (const at of unstored(block)) if (at.entries.has(key)) return at.entries.get(key);
      return stored(key);
    },
  };
}

/** Returns whether a block is the ancestor or lies above it on its branch. */
export function descendsFrom(block: ExecutedBlock, ancestor: ExecutedBlock): boolean {
  let at: ExecutedBlock | undefined = block;
  while (at && at.block.header.height > ancestor.block.header.height) at = at.parent;
  return at === ancestor;
}
