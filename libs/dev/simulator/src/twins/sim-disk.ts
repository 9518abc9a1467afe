import {
  MemoryChainDisk,
  memoryChainStore,
  openJournal,
  type ChainStore,
  type Journal,
  type JournalKind,
  type JournalMedium,
  type SyncedHead,
} from '@custos/shell-chain-store';
import { nodeHasher } from '@custos/shell-node-crypto';
import type { Life } from './life.js';
import type { Random } from './random.js';

export interface DiskFaults {
  /** Milliseconds of one synced write. */
  readonly write: readonly [least: number, most: number];
  /** Now and then a write takes so long instead: a disk that stalls. */
  readonly stall?: { readonly chance: number; readonly milliseconds: readonly [least: number, most: number] };
  /** Broken on purpose: writes are reported as durable at once. */
  readonly liesAboutWrites?: boolean;
  /** Broken on purpose: the store says `synced` at once. */
  readonly liesAboutSync?: boolean;
  /** Broken on purpose: records of this kind are never written. */
  readonly losesKind?: JournalKind;
  /** Broken on purpose: a crash empties the journal. */
  readonly forgetsJournal?: boolean;
}

/** The disk of one validator: what it holds outlives the processes on it. */
export class SimulatedDisk {
  private readonly journal = new JournalBytes();
  readonly chain = new MemoryChainDisk();
  private inFlight: Uint8Array | undefined;
  private syncedRuns = 0;

  constructor(
    private readonly random: Random,
    private faults: DiskFaults,
  ) {}

  setFaults(faults: DiskFaults): void {
    this.faults = faults;
  }

  /** `power`: what was not synced is lost, and a write under way may be torn. */
  crash(power: boolean): void {
    const torn = this.inFlight?.subarray(0, this.random.below(this.inFlight.length + 1));
    if (torn) this.journal.add(torn);
    this.inFlight = undefined;
    if (power) this.chain.runs = this.chain.runs.slice(0, this.syncedRuns);
    this.syncedRuns = Math.min(this.syncedRuns, this.chain.runs.length);
    if (this.faults.forgetsJournal) this.journal.replace(new Uint8Array(0));
  }

  /** Was this ever durable? Rows of final views are pruned, yet what they allowed may still be sent. */
  held(bytes: Uint8Array): boolean {
    // From the end: what is sent was written a moment ago.
    return this.journal.written().lastIndexOf(Buffer.from(bytes)) >= 0;
  }

  /** The journal of the process of this life; rewritten each time, so that what is pruned is really gone (K8). */
  async openJournal(life: Life): Promise<Journal> {
    const journal = await openJournal(this.medium(life), { rewriteAfterBytes: 0 });
    const { losesKind } = this.faults;
    if (!losesKind) return journal;
    return {
      load: () => journal.load(),
      append: (records) => journal.append(records.filter(({ kind }) => kind !== losesKind)),
      saveLanePosition: (lane, position) => journal.saveLanePosition(lane, position),
      prune: (below) => journal.prune(below),
      close: () => journal.close(),
    };
  }

  private writeTime(): number {
    const { write, stall } = this.faults;
    return this.random.between(stall && this.random.chance(stall.chance) ? stall.milliseconds : write);
  }

  private medium(life: Life): JournalMedium {
    const write = async (bytes: Uint8Array, take: () => void): Promise<void> => {
      const milliseconds = this.writeTime();
      if (this.faults.liesAboutWrites) {
        life.after(milliseconds, take);
        return;
      }
      this.inFlight = bytes;
      await life.later(milliseconds, () => {
        this.inFlight = undefined;
        take();
      });
    };
    return {
      read: () => Promise.resolve(Uint8Array.from(this.journal.bytes())),
      append: (bytes) => write(bytes, () => this.journal.add(bytes)),
      // A rename: the old bytes or the new ones, never a part.
      replace: (bytes) => write(new Uint8Array(0), () => this.journal.replace(bytes)),
      close: () => Promise.resolve(),
    };
  }

  /** The chain store's twin, with appends that take time and are not durable before a sync. */
  store(life: Life): ChainStore {
    const inner = memoryChainStore(nodeHasher, this.chain);
    const synced = async (): Promise<SyncedHead | undefined> => {
      const head = await inner.synced();
      const runs = this.chain.runs.length;
      if (this.faults.liesAboutSync) return head;
      return life.later(this.random.between([5, 50]), () => {
        this.syncedRuns = runs;
        return head;
      });
    };
    return {
      append: async (run) => {
        await life.later(this.random.between([0.1, 2]), () => undefined);
        await inner.append(run);
      },
      synced,
      head: () => inner.head(),
      block: (height) => inner.block(height),
      blockByHash: (hash) => inner.blockByHash(hash),
      receipts: (height) => inner.receipts(height),
      recordFor: (height) => inner.recordFor(height),
      ownHashes: (from, to) => inner.ownHashes(from, to),
      entry: (key) => inner.entry(key),
      entries: () => inner.entries(),
      previousEntries: (height) => inner.previousEntries(height),
      entryAt: (height, key) => inner.entryAt(height, key),
      transactionIdsSince: (timestamp) => inner.transactionIdsSince(timestamp),
      lanePositions: () => inner.lanePositions(),
      close: () => inner.close(),
    };
  }
}

/** The journal file as it stands, and all bytes that were ever appended to it. */
class JournalBytes {
  private readonly file = new GrowingBytes();
  private readonly history = new GrowingBytes();

  bytes(): Buffer {
    return this.file.bytes();
  }

  written(): Buffer {
    return this.history.bytes();
  }

  add(bytes: Uint8Array): void {
    this.file.add(bytes);
    this.history.add(bytes);
  }

  replace(bytes: Uint8Array): void {
    this.file.clear();
    this.file.add(bytes);
  }
}

/** Bytes that grow without being copied each time. */
class GrowingBytes {
  private room = Buffer.alloc(1 << 16);
  private length = 0;

  bytes(): Buffer {
    return this.room.subarray(0, this.length);
  }

  add(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.room.length) {
      const larger = Buffer.alloc(2 * (this.length + bytes.length));
      larger.set(this.bytes());
      this.room = larger;
    }
    this.room.set(bytes, this.length);
    this.length += bytes.length;
  }

  clear(): void {
    this.length = 0;
  }
}
