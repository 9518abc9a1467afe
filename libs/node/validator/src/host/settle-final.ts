import { encodeFinalityRecord, makeFinalityRecord } from '@custos/core-finality';
import type { ChainStore, Journal } from '@custos/shell-chain-store';
import type { Clock } from '@custos/shell-process';
import type { ChainState } from '../state/chain-state.js';
import type { FinalEffect } from './effect-queue.js';
import type { Mempool, Waiting } from '../lanes/mempool.js';

/** Between two syncs of the store: a sync costs milliseconds of the disk, the journal bears it meanwhile. */
const SYNCED_EVERY_MS = 500;

/** The parts that a final run changes. */
export interface FinalParts {
  readonly chain: ChainState;
  readonly pool: Mempool;
  readonly validators: number;
  readonly positions: () => ReadonlyMap<string, string>;
}

/** Stores what became final and takes its transactions out of the pool: those that were there are the answer. */
export async function settleFinal(
  parts: FinalParts,
  { blocks, finalize, certificates }: FinalEffect,
): Promise<readonly Waiting[]> {
  const { chain, pool, validators } = parts;
  const last = blocks[blocks.length - 1]!;
  // L4.5: what justifies the run travels along, as far as it fits.
  const record = makeFinalityRecord(finalize, [], certificates, validators);
  const run = await chain.finalise(last.hash, encodeFinalityRecord(record, validators), parts.positions());
  const ids = run.blocks.flatMap(({ transactionIds }) => transactionIds);
  const removed = ids.map((id) => pool.remove(id)).filter((waiting) => waiting !== undefined);
  pool.expire(last.timestamp);
  return removed;
}

/** K8: the journal lets go of a view only when a later final block is synced. */
export class Pruner {
  private cancel: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly parts: {
      readonly store: ChainStore;
      readonly journal: Journal;
      readonly clock: Clock;
      readonly failed: (error: unknown) => void;
    },
  ) {}

  /** Something became final. */
  wake(): void {
    if (this.closed || this.cancel) return;
    this.cancel = this.parts.clock.setTimer(SYNCED_EVERY_MS, () => void this.run());
  }

  close(): void {
    this.closed = true;
    this.cancel?.();
  }

  private async run(): Promise<void> {
    const { store, journal, failed } = this.parts;
    try {
      const head = await store.synced();
      if (head && !this.closed) await journal.prune(head);
    } catch (error) {
      if (!this.closed) failed(error);
    }
    this.cancel = undefined;
  }
}
