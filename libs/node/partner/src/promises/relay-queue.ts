import type { Digest } from '@custos/core-crypto';
import type { PendingRow } from './outbox.js';

/** Transactions that may wait for their block; above it the service says 503 instead of promising. */
export const MAX_PENDING = 20_000;
/** Their bytes are kept in memory, to be published again. */
export const MAX_PENDING_BYTES = 128 * 1024 * 1024;

/** A transaction on its way; a newly signed one takes the place of its expired self. */
export interface Travelling {
  row: PendingRow;
  /** When it leaves (again), milliseconds since 1970. */
  due: number;
  /** How often it has left. */
  times: number;
  /** Handed to the lane, which has not told that it is durable. */
  publishing: boolean;
}

/** What waits for its block, in the order in which it was promised. Memory only: the outbox is the truth. */
export class RelayQueue {
  private readonly byId = new Map<Digest, Travelling>();
  /** K17: parts of one document, ascending; the first alone may leave. */
  private readonly byJob = new Map<string, Travelling[]>();
  bytes = 0;

  get size(): number {
    return this.byId.size;
  }

  constructor(private readonly limit: number) {}

  /** `coming`: transactions that are being promised at this moment. */
  hasRoom(coming: number): boolean {
    return this.byId.size + coming < this.limit && this.bytes < MAX_PENDING_BYTES;
  }

  /** Newly signed ones stand at the end, so all are looked at. */
  oldest(): Travelling | undefined {
    let oldest: Travelling | undefined;
    for (const each of this.byId.values())
      if (oldest === undefined || each.row.promisedAt < oldest.row.promisedAt) oldest = each;
    return oldest;
  }

  all(): readonly Travelling[] {
    return [...this.byId.values()];
  }

  find(txId: Digest): Travelling | undefined {
    return this.byId.get(txId);
  }

  has(job: string, part: number): boolean {
    return this.byJob.get(job)?.some(({ row }) => row.part === part) ?? false;
  }

  add(row: PendingRow): Travelling {
    const travelling = { row, due: 0, times: 0, publishing: false };
    const line = this.byJob.get(row.job) ?? [];
    line.push(travelling);
    line.sort((a, b) => a.row.part - b.row.part);
    this.byJob.set(row.job, line);
    this.byId.set(row.txId, travelling);
    this.bytes += row.bytes.length;
    return travelling;
  }

  /** Those that wait here leave; returns their jobs, whose next part may go. */
  settle(txIds: readonly Digest[]): readonly string[] {
    const settled = txIds.flatMap((txId) => this.byId.get(txId) ?? []);
    for (const travelling of settled) this.remove(travelling);
    return settled.map(({ row }) => row.job);
  }

  remove({ row }: Travelling): void {
    if (!this.byId.delete(row.txId)) return;
    this.bytes -= row.bytes.length;
    const line = this.byJob.get(row.job)!.filter((other) => other.row.txId !== row.txId);
    if (line.length === 0) this.byJob.delete(row.job);
    else this.byJob.set(row.job, line);
  }

  replace(travelling: Travelling, row: PendingRow): void {
    this.byId.delete(travelling.row.txId);
    this.bytes += row.bytes.length - travelling.row.bytes.length;
    travelling.row = row;
    travelling.due = 0;
    travelling.times = 0;
    this.byId.set(row.txId, travelling);
  }

  /** The part of the job whose turn it is. */
  firstOf(job: string): Travelling | undefined {
    return this.byJob.get(job)?.[0];
  }
}
