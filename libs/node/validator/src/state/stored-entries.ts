import type { Change, Entry } from '@custos/core-state';
import type { ChainStore } from '@custos/shell-chain-store';

/** Entries kept as values: keys, parties and products of the day are read by every transaction. Some 20 MB. */
const MAX_KEPT = 16_384;

/** The state after the last final block, read through: decoding an entry costs more than looking it up. */
export class StoredEntries {
  private readonly kept = new Map<string, Entry | undefined>();

  constructor(private readonly store: ChainStore) {}

  get(key: string): Entry | undefined {
    const known = this.kept.get(key);
    if (known !== undefined || this.kept.has(key)) return known;
    const entry = this.store.entry(key);
    // First in, first out: what is read all the time comes back at once.
    if (this.kept.size >= MAX_KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(key, entry);
    return entry;
  }

  /** A run was stored: what is kept of its keys is what it wrote. */
  settle(changes: readonly Change[]): void {
    for (const { key, after } of changes) if (this.kept.has(key)) this.kept.set(key, after);
  }
}
