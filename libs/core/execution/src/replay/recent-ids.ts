import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import { DUPLICATE_WINDOW_MS, type Transaction } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';

/** The id of a transaction in a block with this timestamp, in milliseconds. */
export interface IdRow {
  readonly id: Digest;
  readonly timestamp: number;
}

/**
 * The ids of transactions in blocks that are recent enough for one of them to be repeated (L2.5). An index, not state.
 */
export class RecentIds {
  // Ascending by timestamp, in the order of blocks, so the oldest ids are removed from the front.
  private readonly timestamps = new Map<Digest, number>();

  constructor(rows: Iterable<IdRow> = []) {
    for (const { id, timestamp } of [...rows].sort((a, b) => a.timestamp - b.timestamp))
      this.timestamps.set(id, timestamp);
  }

  /** Adds the ids of the next block, and removes those that are out of its window. */
  add(ids: readonly Digest[], timestamp: number): void {
    for (const id of ids) this.timestamps.set(id, timestamp);
    for (const [id, old] of this.timestamps) {
      if (old >= timestamp - DUPLICATE_WINDOW_MS) break;
      this.timestamps.delete(id);
    }
  }

  /** Reports whether a block with this timestamp, in milliseconds, would repeat the id. */
  has(id: Digest, timestamp: number): boolean {
    const earlier = this.timestamps.get(id);
    return earlier !== undefined && earlier >= timestamp - DUPLICATE_WINDOW_MS;
  }
}

/** Refuses TRANSACTION_REPEATED for a block that repeats the id of an earlier one of its branch (L2.5). */
export function refuseRepeated(
  transactions: readonly Transaction[],
  isRepeated: (id: Digest) => boolean,
): Parsed<undefined> {
  const at = transactions.findIndex(({ id }) => isRepeated(id));
  if (at < 0) return parsed(undefined);
  return malformed('TRANSACTION_REPEATED', `/transactions/${at}`, 'hold a transaction once on a branch');
}
