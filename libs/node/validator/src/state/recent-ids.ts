import { DUPLICATE_WINDOW_MS } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { TransactionRow } from '@custos/shell-chain-store';

/** L2.5: ids of the final blocks young enough that one of them can still be repeated. An index, not state. */
export class RecentIds {
  // Ascending by timestamp, as blocks come: forgetting is a walk from the front.
  private readonly timestamps = new Map<Digest, number>();

  constructor(rows: Iterable<TransactionRow>) {
    for (const { id, timestamp } of [...rows].sort((a, b) => a.timestamp - b.timestamp))
      this.timestamps.set(id, timestamp);
  }

  add(ids: readonly Digest[], timestamp: number): void {
    for (const id of ids) this.timestamps.set(id, timestamp);
    for (const [id, old] of this.timestamps) {
      if (old >= timestamp - DUPLICATE_WINDOW_MS) break;
      this.timestamps.delete(id);
    }
  }

  /** Whether a block with this timestamp would repeat the id. */
  has(id: Digest, timestamp: number): boolean {
    const earlier = this.timestamps.get(id);
    return earlier !== undefined && earlier >= timestamp - DUPLICATE_WINDOW_MS;
  }
}
