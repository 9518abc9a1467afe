import { DUPLICATE_WINDOW_MS } from '@custos/core-chain';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import { entryAt } from './earlier-entry.js';
import {
  PROOF_HEIGHTS,
  type BlockRow,
  type ChainHead,
  type ChainStore,
  type FinalRun,
  type PreviousEntry,
  type RecordRow,
  type StoredBlock,
  type SyncedHead,
  type TransactionRow,
} from './ports.js';
import { planRun } from './run-plan.js';

/**
 * The content that survives the twin: the runs whose append resolved. A store opened on it shuts out every store opened
 * before, whose unfinished appends are then lost, as they are in a crash. Copy `runs` for a backup.
 */
export class MemoryChainDisk {
  runs: readonly FinalRun[] = [];
  openings = 0;
}

/** The in-memory twin of the LMDB store: same contract, same conflicts, gone with the process. */
export function memoryChainStore(hasher: Hasher, disk: MemoryChainDisk = new MemoryChainDisk()): ChainStore {
  return new MemoryChainStore(hasher, disk);
}

class MemoryChainStore implements ChainStore {
  private readonly opening: number;
  private current: ChainHead | undefined;
  private readonly blocks: StoredBlock[] = [];
  private readonly heights = new Map<Digest, number>();
  private readonly records: RecordRow[] = [];
  private readonly state = new Map<string, Entry>();
  private positions: ReadonlyMap<string, string> = new Map();
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly hasher: Hasher,
    private readonly disk: MemoryChainDisk,
  ) {
    this.opening = ++disk.openings;
    for (const run of disk.runs) this.take(run);
  }

  append(run: FinalRun): Promise<void> {
    const done = this.queue.then(() => {
      if (this.opening !== this.disk.openings) throw new Error('the store is closed');
      if (this.take(run)) this.disk.runs = [...this.disk.runs, run];
    });
    this.queue = done.catch(() => undefined);
    return done;
  }

  async synced(): Promise<SyncedHead | undefined> {
    await this.queue;
    return this.current as SyncedHead | undefined;
  }

  head(): ChainHead | undefined {
    return this.current;
  }

  block(height: number): BlockRow | undefined {
    const block = this.blocks[height];
    return block && { height, hash: block.hash, bytes: block.bytes };
  }

  blockByHash(hash: Digest): BlockRow | undefined {
    const height = this.heights.get(hash);
    return height === undefined ? undefined : this.block(height);
  }

  receipts(height: number): Uint8Array | undefined {
    return this.blocks[height]?.receipts;
  }

  recordFor(height: number): RecordRow | undefined {
    return this.records.findLast(({ from, to }) => from <= height && height <= to);
  }

  ownHashes(from: number, to: number): readonly Digest[] {
    return this.blocks.slice(from, to + 1).map(({ hash }) => hash);
  }

  entry(key: string): Entry | undefined {
    return this.state.get(key);
  }

  entries(): Iterable<readonly [string, Entry]> {
    return new Map(this.state);
  }

  previousEntries(height: number): readonly PreviousEntry[] | undefined {
    if (!this.current || height <= this.current.height - PROOF_HEIGHTS) return undefined;
    return this.blocks[height]?.changes.map(({ key, before }) => ({ key, before }));
  }

  entryAt(height: number, key: string): Entry | undefined {
    return entryAt(this, height, key);
  }

  *transactionIdsSince(timestamp: number): Iterable<TransactionRow> {
    const oldest = Math.max(timestamp, (this.current?.timestamp ?? 0) - DUPLICATE_WINDOW_MS);
    for (const block of this.blocks) {
      if (block.timestamp < oldest) continue;
      for (const id of block.transactionIds) yield { id, timestamp: block.timestamp };
    }
  }

  lanePositions(): ReadonlyMap<string, string> {
    return this.positions;
  }

  async close(): Promise<void> {
    await this.queue;
    if (this.opening === this.disk.openings) this.disk.openings++;
  }

  private take(run: FinalRun): boolean {
    const plan = planRun(this.hasher, run, this.current, (height) => this.blocks[height]?.hash);
    if (!plan) return false;
    for (const block of plan.fresh) {
      this.blocks.push(block);
      this.heights.set(block.hash, block.height);
      for (const { key, after } of block.changes) {
        if (after) this.state.set(key, after);
        else this.state.delete(key);
      }
    }
    if (run.record) this.records.push({ from: plan.fresh[0].height, to: plan.head.height, bytes: run.record });
    this.positions = new Map([...this.positions, ...(run.lanePositions ?? [])]);
    this.current = plan.head;
    return true;
  }
}
