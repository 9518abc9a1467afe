import type { BlockHeader } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import type { FinalityRecord } from '@custos/core-finality';
import type { Schema, Sql } from '@custos/shell-postgres';
import type { FollowedBlock } from '../runs/run.js';

/** The facts about a block that a projection gets beside the block. */
export interface ProjectedBlock extends FollowedBlock {
  readonly record: FinalityRecord;
  /** Headers above it in its run, oldest first: they lead up to the certified one. */
  readonly above: readonly BlockHeader[];
}

/** The state of block 0, for projections that begin with it. */
export interface GenesisState {
  readonly networkId: Digest;
  /** Genesis time, milliseconds since 1970. */
  readonly time: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/**
 * Turns final blocks into rows of `readmodel`, each exactly once: rows and height change in one database
 * transaction. It stores what receipts say and judges nothing (absence 8). With a new version it is cleared
 * and projected again from block 0, alone.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  /**
   * The schema of its rows and of its progress: `readmodel` unless stated. A backup of `own` that is put back brings the
   * height that its rows have, and what came after is projected into them again.
   */
  readonly schema?: Schema;
  /** Makes its tables empty, as before block 0. */
  clear(sql: Sql): Promise<void>;
  genesis(sql: Sql, genesis: GenesisState): Promise<void>;
  project(sql: Sql, block: ProjectedBlock): Promise<void>;
}
