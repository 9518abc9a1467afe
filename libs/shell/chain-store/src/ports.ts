import type { Digest } from '@custos/core-crypto';
import type { Edge } from '@custos/core-merkle';
import type { Change, Entry } from '@custos/core-state';

/** Heights for which earlier entries stay readable, the head included (L6.7, L6.8). */
export const PROOF_HEIGHTS = 64;

/** One executed block on its way into the store. */
export interface StoredBlock {
  readonly epoch: number;
  readonly view: number;
  readonly height: number;
  readonly hash: Digest;
  readonly timestamp: number;
  /** The whole block as it was signed, never re-encoded (LEDGER, head). */
  readonly bytes: Uint8Array;
  /** Canonical JSON list of the receipts, as served on the final lane (L4.6). */
  readonly receipts: Uint8Array;
  readonly transactionIds: readonly Digest[];
  /** One per key; `before` is the entry after the block below. */
  readonly changes: readonly Change[];
}

/** The blocks that one Finalize certificate made final: consecutive heights, oldest first, never empty. */
export interface FinalRun {
  readonly blocks: readonly StoredBlock[];
  /** Encoded finality record (L4.5). Absent for block 0 alone: genesis is final by itself. */
  readonly record: Uint8Array | undefined;
  /** Lane positions that are right once this run is stored: effects and positions never part. */
  readonly lanePositions?: ReadonlyMap<string, string>;
}

/** The newest block of a store. */
export interface ChainHead {
  readonly epoch: number;
  readonly view: number;
  readonly height: number;
  readonly hash: Digest;
  readonly timestamp: number;
  /** Over the ownHashes of blocks 0 to `height`: its root is the historyRoot of the next block (L3.2). */
  readonly edge: Edge;
}

declare const syncedBrand: unique symbol;
/** A head that a power cut cannot take back. Only {@link ChainStore.synced} makes one (K8). */
export type SyncedHead = ChainHead & { readonly [syncedBrand]: true };

/** A stored block. */
export interface BlockRow {
  readonly height: number;
  readonly hash: Digest;
  readonly bytes: Uint8Array;
}

/** A stored finality record with the heights of its run. */
export interface RecordRow {
  /** First and last height that the record made final. */
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** A key that a block wrote, with its entry before that block. */
export interface PreviousEntry {
  readonly key: string;
  readonly before: Entry | undefined;
}

/** The id of a transaction and the timestamp of its block. */
export interface TransactionRow {
  readonly id: Digest;
  /** Timestamp of its block. */
  readonly timestamp: number;
}

/**
 * The final chain and the state after its head (L6.8). Two implementations, LMDB and an in-memory twin, held
 * to one contract. Reads are synchronous and see every append that has resolved.
 */
export interface ChainStore {
  /**
   * Stores a run whole or not at all, in the order of the calls. Resolves once it is on disk and can be read.
   * Heights that are stored already with the same hash are passed over, so a run may be given again.
   * @throws ChainConflict for another hash at a stored height, or a gap: a bug, or two chains on one disk. Any
   * other rejection is I/O: nothing of this run or a later one is stored, open the store again.
   */
  append(run: FinalRun): Promise<void>;

  /** Resolves when all appends so far are on disk, with the head. What it covers may leave the journal (K8). */
  synced(): Promise<SyncedHead | undefined>;

  head(): ChainHead | undefined;
  block(height: number): BlockRow | undefined;
  blockByHash(hash: Digest): BlockRow | undefined;
  receipts(height: number): Uint8Array | undefined;
  /** The finality record whose run holds this height; absent for block 0. */
  recordFor(height: number): RecordRow | undefined;
  /** ownHashes of heights `from` to `to`, both included: the leaves for inclusion in the history (L3.2). */
  ownHashes(from: number, to: number): readonly Digest[];

  /** The entry after the head. */
  entry(key: string): Entry | undefined;
  /** All entries after the head, in no order that means anything: to rebuild the state tree. */
  entries(): Iterable<readonly [key: string, entry: Entry]>;
  /** Returns the entries that block `height` overwrote; absent outside the last {@link PROOF_HEIGHTS}. */
  previousEntries(height: number): readonly PreviousEntry[] | undefined;
  /**
   * The entry after block `height`.
   * @throws RangeError below the last {@link PROOF_HEIGHTS} heights or above the head.
   */
  entryAt(height: number, key: string): Entry | undefined;

  /** Ids in blocks with a timestamp at or above this one; ids older than the duplicate window are forgotten. */
  transactionIdsSince(timestamp: number): Iterable<TransactionRow>;

  lanePositions(): ReadonlyMap<string, string>;

  close(): Promise<void>;
}

/** A run that contradicts the stored chain. */
export class ChainConflict extends Error {}

/**
 * The kinds of record that a validator must have on disk before it sends (K8):
 * - `own-proposal`: slot 0, the encoded proposal with its justification;
 * - `notarize-vote`: slot 1, the encoded N vote;
 * - `closing-vote`: slot 2, the encoded S or F vote: one slot, so that S and F exclude each other;
 * - `proposal`: another leader's proposal, bytes and justification, before slot 1 of its view;
 * - `certificate`: an encoded certificate, the Notarize one before an F of its view.
 */
export type JournalKind = 'own-proposal' | 'notarize-vote' | 'closing-vote' | 'proposal' | 'certificate';

/** One record of a view. */
export interface JournalRecord {
  readonly kind: JournalKind;
  readonly epoch: number;
  readonly view: number;
  readonly bytes: Uint8Array;
}

/** A view of an epoch. */
export interface ViewPoint {
  readonly epoch: number;
  readonly view: number;
}

/** The content of a journal at its opening. */
export interface JournalContent {
  /** In the order they were appended. Records of views below the floor may still be among them. */
  readonly records: readonly JournalRecord[];
  /** The position to read a lane from; the validator's own votes lane above all (K13). */
  readonly lanePositions: ReadonlyMap<string, string>;
  /** Records of views below this one may have been pruned: a missing vote there proves nothing (K13). */
  readonly floor: ViewPoint | undefined;
  /** The newest view in which this journal ever held an own vote, pruned or not (K13). */
  readonly highestVote: ViewPoint | undefined;
}

/** The validator's memory of its own votes and proposals. Two media, an O_DSYNC file and memory, under one implementation. */
export interface Journal {
  /** Returns the records of the medium when the journal was opened, and those appended since. A torn end is cut. */
  load(): JournalContent;

  /**
   * Resolves when all records are on disk, in order; calls in flight together share one write. A record of a
   * slot (own-proposal, votes) that is there already with the same bytes is passed over.
   * @throws JournalConflict for other bytes in a taken slot: nothing is written, the validator must not speak.
   */
  append(records: readonly JournalRecord[]): Promise<void>;

  /** Durable like {@link append}. One position a lane: the newest wins. */
  saveLanePosition(lane: string, position: string): Promise<void>;

  /**
   * Lets go of records of views below the synced head, which only the store can hand out (K8: a final block of
   * a later view is synced). The file is rewritten only when enough bytes would go; a crash in between leaves
   * the old file or the new one, both right.
   */
  prune(below: SyncedHead): Promise<void>;

  close(): Promise<void>;
}

/** A second, different message for one slot of one view. */
export class JournalConflict extends Error {}
