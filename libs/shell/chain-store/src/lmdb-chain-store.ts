import { DUPLICATE_WINDOW_MS } from '@custos/core-chain';
import { mkdir } from 'node:fs/promises';
import { utf8 } from '@custos/core-bytes';
import { digestBytes, digestOf, type Digest, type Hasher } from '@custos/core-crypto';
import type { Entry } from '@custos/core-state';
import { open, type Database, type RootDatabase } from 'lmdb';
import { entryAt } from './earlier-entry.js';
import * as codec from './lmdb-codec.js';
import {
  PROOF_HEIGHTS,
  type BlockRow,
  type ChainHead,
  type ChainStore,
  type FinalRun,
  type PreviousEntry,
  type RecordRow,
  type SyncedHead,
  type TransactionRow,
} from './ports.js';
import { planRun, type RunPlan } from './run-plan.js';

const FORMAT = 1;

/** LMDB takes keys up to 1,978 bytes; the law allows 256 (L5.7). */
const MAX_KEY_BYTES = 1_024;

type ByHeight = Database<Uint8Array, number>;
type ByBytes = Database<Uint8Array, Uint8Array>;

/** One write of a transaction, fully encoded: nothing can throw halfway through a batch. */
type Write = () => unknown;

/**
 * Opens or creates the store in a directory. Lock the directory first (`lockDirectory`): LMDB would let a second
 * process in. Costs 1 to 4 ms an append, one sync each.
 */
export async function lmdbChainStore(options: { directory: string; hasher: Hasher }): Promise<ChainStore> {
  await mkdir(options.directory, { recursive: true });
  // Without overlappingSync a commit resolves when it is on disk: what can be read survives a power cut (K8).
  const root = open<Uint8Array, string>({
    path: options.directory,
    encoding: 'binary',
    overlappingSync: false,
    noSubdir: false,
    maxDbs: 12,
  });
  const store = new LmdbChainStore(root, options.hasher);
  await store.checkFormat();
  return store;
}

class LmdbChainStore implements ChainStore {
  private readonly blocks: ByHeight;
  private readonly hashes: ByHeight;
  private readonly receiptLists: ByHeight;
  /** By the last height covered. */
  private readonly records: ByHeight;
  private readonly previous: ByHeight;
  private readonly ids: ByHeight;
  private readonly heights: ByBytes;
  private readonly state: ByBytes;
  private current: ChainHead | undefined;
  private positions: ReadonlyMap<string, string>;
  private queue: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(
    private readonly root: RootDatabase<Uint8Array, string>,
    private readonly hasher: Hasher,
  ) {
    const byHeight = (name: string): ByHeight => root.openDB<Uint8Array, number>(name, { encoding: 'binary' });
    const byBytes = (name: string): ByBytes =>
      root.openDB<Uint8Array, Uint8Array>(name, { encoding: 'binary', keyEncoding: 'binary' });
    this.blocks = byHeight('blocks');
    this.hashes = byHeight('hashes');
    this.receiptLists = byHeight('receipts');
    this.records = byHeight('records');
    this.previous = byHeight('previous');
    this.ids = byHeight('ids');
    this.heights = byBytes('heights');
    this.state = byBytes('state');
    const head = root.get('head');
    this.current = head && codec.decodeHead(head);
    const positions = root.get('positions');
    this.positions = positions ? codec.decodePositions(positions) : new Map();
  }

  async checkFormat(): Promise<void> {
    const found = this.root.get('format');
    if (!found) await this.root.put('format', new Uint8Array([FORMAT]));
    else if (found[0] !== FORMAT) throw new Error(`the store has format ${found[0]}, this program reads ${FORMAT}`);
  }

  append(run: FinalRun): Promise<void> {
    const done = this.queue.then(() => this.write(run));
    this.queue = done.catch(() => undefined);
    return done;
  }

  async synced(): Promise<SyncedHead | undefined> {
    await this.queue;
    if (this.failure) throw this.failure;
    return this.current as SyncedHead | undefined;
  }

  head(): ChainHead | undefined {
    return this.current;
  }

  block(height: number): BlockRow | undefined {
    const bytes = this.blocks.get(height);
    return bytes && { height, hash: this.hashAt(height)!, bytes: plain(bytes) };
  }

  blockByHash(hash: Digest): BlockRow | undefined {
    const row = this.heights.get(digestBytes(hash));
    return row && this.block(Number(Buffer.from(row).readBigUInt64BE()));
  }

  receipts(height: number): Uint8Array | undefined {
    const bytes = this.receiptLists.get(height);
    return bytes && plain(bytes);
  }

  recordFor(height: number): RecordRow | undefined {
    for (const { key, value } of this.records.getRange({ start: height, limit: 1 })) {
      const record = codec.decodeRecord(key, plain(value));
      if (record.from <= height) return record;
    }
    return undefined;
  }

  ownHashes(from: number, to: number): readonly Digest[] {
    if (to < from) return [];
    return [...this.hashes.getRange({ start: from, end: to + 1 })].map(({ value }) => digestOf(value));
  }

  entry(key: string): Entry | undefined {
    const row = this.state.get(utf8(key));
    return row && codec.decodeEntry(row);
  }

  *entries(): Iterable<readonly [string, Entry]> {
    for (const { key, value } of this.state.getRange()) {
      yield [Buffer.from(key).toString('utf8'), codec.decodeEntry(value)];
    }
  }

  previousEntries(height: number): readonly PreviousEntry[] | undefined {
    // A long run leaves rows that only the next append trims; they are not to be seen.
    if (!this.current || height <= this.current.height - PROOF_HEIGHTS) return undefined;
    const row = this.previous.get(height);
    return row && codec.decodePrevious(row);
  }

  entryAt(height: number, key: string): Entry | undefined {
    return entryAt(this, height, key);
  }

  *transactionIdsSince(timestamp: number): Iterable<TransactionRow> {
    const oldest = Math.max(timestamp, (this.current?.timestamp ?? 0) - DUPLICATE_WINDOW_MS);
    // Newest first: timestamps rise with heights (L3.5), so the walk ends at the first that is too old.
    for (const { value } of this.ids.getRange({ reverse: true })) {
      const block = codec.decodeIds(value);
      if (block.timestamp < oldest) return;
      yield* block.rows;
    }
  }

  lanePositions(): ReadonlyMap<string, string> {
    return this.positions;
  }

  async close(): Promise<void> {
    await this.queue;
    this.failure ??= new Error('the store is closed');
    await this.root.close();
  }

  private async write(run: FinalRun): Promise<void> {
    if (this.failure) throw this.failure;
    const plan = planRun(this.hasher, run, this.current, (height) => this.hashAt(height));
    if (!plan) return;
    const positions = new Map([...this.positions, ...(run.lanePositions ?? [])]);
    const [positionsRow, headRow] = [codec.encodePositions(positions), codec.encodeHead(plan.head)];
    const writes = [
      ...this.chainWrites(plan, run.record),
      ...this.stateWrites(plan),
      ...this.trims(plan),
      () => this.root.put('positions', positionsRow),
      () => this.root.put('head', headRow),
    ];
    // One batch is one LMDB transaction: a crash keeps all of the run or none of it (L6.8).
    try {
      await this.root.batch(() => {
        for (const write of writes) write();
      });
    } catch (error) {
      this.failure = new Error('the store failed and must be opened again', { cause: error });
      throw this.failure;
    }
    this.current = plan.head;
    this.positions = positions;
  }

  private chainWrites({ fresh, head }: RunPlan, record: Uint8Array | undefined): readonly Write[] {
    const writes = fresh.flatMap((block): Write[] => {
      const hash = digestBytes(block.hash);
      const height = Buffer.alloc(8);
      height.writeBigUInt64BE(BigInt(block.height));
      const ids = codec.encodeIds(block.timestamp, block.transactionIds);
      return [
        () => this.blocks.put(block.height, block.bytes),
        () => this.hashes.put(block.height, hash),
        () => this.heights.put(hash, height),
        () => this.receiptLists.put(block.height, block.receipts),
        () => this.ids.put(block.height, ids),
      ];
    });
    if (!record) return writes;
    const row = codec.encodeRecord(fresh[0].height, record);
    return [...writes, () => this.records.put(head.height, row)];
  }

  private stateWrites({ fresh }: RunPlan): readonly Write[] {
    return fresh.flatMap(({ height, changes }): Write[] => {
      const previous = codec.encodePrevious(changes);
      const values = changes.map(({ key, after }): Write => {
        const name = utf8(key);
        if (name.length === 0 || name.length > MAX_KEY_BYTES) throw new RangeError(`a key of ${name.length} bytes`);
        const row = after && codec.encodeEntry(after);
        return () => (row ? this.state.put(name, row) : this.state.remove(name));
      });
      return [() => this.previous.put(height, previous), ...values];
    });
  }

  // Rows that no reader may ask for any more: earlier entries beyond the proof heights, ids beyond the window.
  private trims({ head }: RunPlan): readonly Write[] {
    const writes: Write[] = [];
    for (const height of this.previous.getKeys({ end: head.height - PROOF_HEIGHTS + 1 })) {
      writes.push(() => this.previous.remove(height));
    }
    for (const { key, value } of this.ids.getRange()) {
      if (codec.decodeIds(value).timestamp >= head.timestamp - DUPLICATE_WINDOW_MS) break;
      writes.push(() => this.ids.remove(key));
    }
    return writes;
  }

  private hashAt(height: number): Digest | undefined {
    const hash = this.hashes.get(height);
    return hash && digestOf(hash);
  }
}

// LMDB hands out Buffers; readers get what they gave, plain arrays.
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
