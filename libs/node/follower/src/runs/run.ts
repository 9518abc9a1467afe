import type { Block, Receipt } from '@custos/core-chain';
import type { FinalityRecord } from '@custos/core-finality';

/** A final block as a reader gets it: proven by a quorum, so parsed and not judged again. */
export interface FollowedBlock {
  readonly block: Block;
  /** In the order of its transactions and their events. */
  readonly receipts: readonly Receipt[];
}

/** Blocks made final together, oldest first, and what made them so. */
export interface FollowedRun {
  readonly blocks: readonly FollowedBlock[];
  readonly record: FinalityRecord;
}
