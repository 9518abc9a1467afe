import type { Transaction } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import type { LaneStart } from '@custos/shell-lanes';

/** A flood of one organisation fills its own room only, and every room fits a validator's memory. Bytes. */
const MEMPOOL_BYTES_PER_ORGANISATION = 64 * 1024 * 1024;

/** Block time that passes between two searches for expired transactions: each search reads the whole pool. */
const EXPIRY_SEARCH_MS = 1_000;

/** A transaction whose signatures were verified, on its way into a block. */
export interface Waiting {
  readonly transaction: Transaction;
  /** Party of the first signer: whose turn it takes (K17). */
  readonly organisation: string;
  /** The lane it came by, and where to read again in order to see it again. */
  readonly lane: string;
  readonly resume: LaneStart;
  /** This validator's clock, milliseconds. */
  readonly arrivedAt: number;
}

/** The result of adding a transaction. */
export type Admission = 'added' | 'known' | 'full';

interface Room {
  readonly queue: Map<Digest, Waiting>;
  bytes: number;
}

/**
 * Verified transactions that are not final yet, each once, per organisation in order of arrival (K17). It asks
 * no clock and judges nothing: duplicates on the chain are the caller's to refuse.
 */
export class Mempool {
  private readonly rooms = new Map<string, Room>();
  private readonly byId = new Map<Digest, Waiting>();
  private readonly byBytes = new Map<Digest, Transaction>();
  private readonly lanes = new Map<string, Map<Digest, LaneStart>>();
  private firstTurn = 0;
  private searchedAt = 0;
  private addedCount = 0;

  constructor(private readonly bytesPerOrganisation = MEMPOOL_BYTES_PER_ORGANISATION) {}

  get size(): number {
    return this.byId.size;
  }

  /** Transactions that were ever added: unchanged = nothing new has come. */
  get added(): number {
    return this.addedCount;
  }

  get bytes(): number {
    let bytes = 0;
    for (const room of this.rooms.values()) bytes += room.bytes;
    return bytes;
  }

  has(id: Digest): boolean {
    return this.byId.has(id);
  }

  /** By the hash of all its bytes: what a block repeats need not be decoded again. */
  decoded(bytesHash: Digest): Transaction | undefined {
    return this.byBytes.get(bytesHash);
  }

  add(waiting: Waiting): Admission {
    const { transaction, organisation, lane, resume } = waiting;
    if (this.byId.has(transaction.id)) return 'known';
    const room = this.rooms.get(organisation) ?? { queue: new Map(), bytes: 0 };
    if (room.bytes + transaction.bytes.length > this.bytesPerOrganisation) return 'full';
    this.rooms.set(organisation, room);
    room.queue.set(transaction.id, waiting);
    room.bytes += transaction.bytes.length;
    this.byId.set(transaction.id, waiting);
    this.byBytes.set(transaction.bytesHash, transaction);
    const ofLane = this.lanes.get(lane) ?? new Map<Digest, LaneStart>();
    this.lanes.set(lane, ofLane.set(transaction.id, resume));
    this.addedCount++;
    return 'added';
  }

  /** Removes a transaction. Returns it if it was there. */
  remove(id: Digest): Waiting | undefined {
    const waiting = this.byId.get(id);
    if (!waiting) return undefined;
    this.byId.delete(id);
    this.byBytes.delete(waiting.transaction.bytesHash);
    const room = this.rooms.get(waiting.organisation)!;
    room.queue.delete(id);
    room.bytes -= waiting.transaction.bytes.length;
    // The room of an organisation that fell silent goes too, or names alone would fill memory.
    if (room.queue.size === 0) this.rooms.delete(waiting.organisation);
    const ofLane = this.lanes.get(waiting.lane)!;
    ofLane.delete(id);
    if (ofLane.size === 0) this.lanes.delete(waiting.lane);
    return waiting;
  }

  /** Drops what no block after this timestamp may hold (L2.5). Searches at most once a second of block time. */
  expire(timestamp: number): void {
    if (timestamp - this.searchedAt < EXPIRY_SEARCH_MS) return;
    this.searchedAt = timestamp;
    for (const { transaction } of this.byId.values())
      if (transaction.head.expiresAt < timestamp) this.remove(transaction.id);
  }

  /**
   * K17: one of each organisation in turn, each organisation's own in order of arrival. Each call begins with
   * the next organisation, so that full blocks do not favour the first.
   */
  *inTurn(): Generator<Waiting> {
    const queues = [...this.rooms.values()].map((room) => room.queue.values());
    const first = queues.length === 0 ? 0 : this.firstTurn++ % queues.length;
    let turn = [...queues.slice(first), ...queues.slice(0, first)];
    while (turn.length > 0) {
      const still: typeof turn = [];
      for (const queue of turn) {
        const next = queue.next();
        if (next.done) continue;
        yield next.value;
        still.push(queue);
      }
      turn = still;
    }
  }

  /** In order of arrival, whoever sent them. */
  oldestFirst(): Iterable<Waiting> {
    return this.byId.values();
  }

  /** Returns the position to read this lane from again so that nothing that still waits is missed (K17); absent when none does. */
  resume(lane: string): LaneStart | undefined {
    return this.lanes.get(lane)?.values().next().value;
  }
}
