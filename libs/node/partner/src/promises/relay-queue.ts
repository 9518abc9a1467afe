import type { Digest } from '@custos/core-crypto';
import type { PendingRow } from './outbox.js';

/** Transactions that may wait for their block; above it the service says 503 instead of promising. */
export const MAX_PENDING = 20_000;
/** Their bytes are kept in memory, to be published again. */
export const MAX_PENDING_BYTES = 128 * 1024 * 1024;

/** A transaction that is not final yet; a newly signed one replaces the expired one. */
export interface InFlight {
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
  private readonly byId = new Map<Digest, InFlight>();
  /** K17: parts of one document, ascending; the first alone may leave. */
  private readonly byJob = new Map<string, InFlight[]>();
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
  oldest(): InFlight | undefined {
    let oldest: InFlight | undefined;
    for (const each of this.byId.values())
      if (oldest === undefined || each.row.promisedAt < oldest.row.promisedAt) oldest = each;
    return oldest;
  }

  all(): readonly InFlight[] {
    return [...this.byId.values()];
  }

  find(txId: Digest): InFlight | undefined {
    return this.byId.get(txId);
  }

  has(job: string, part: number): boolean {
    return this.byJob.get(job)?.some(({ row }) => row.part === part) ?? false;
  }

  add(row: PendingRow): InFlight {
    const inFlight = { row, due: 0, times: 0, publishing: false };
    const line = this.byJob.get(row.job) ?? [];
    line.push(inFlight);
    line.sort((a, b) => a.row.part - b.row.part);
    this.byJob.set(row.job, line);
    this.byId.set(row.txId, inFlight);
    this.bytes += row.bytes.length;
    return inFlight;
  }

  /** Those that wait here leave; returns their jobs, whose next part may go. */
  settle(txIds: readonly Digest[]): readonly string[] {
    const settled = txIds.flatMap((txId) => this.byId.get(txId) ?? []);
    for (const inFlight of settled) this.remove(inFlight);
    return settled.map(({ row }) => row.job);
  }

  remove({ row }: InFlight): void {
    if (!this.byId.delete(row.txId)) return;
    this.bytes -= row.bytes.length;
    const line = this.byJob.get(row.job)!.filter((other) => other.row.txId !== row.txId);
    if (line.length === 0) this.byJob.delete(row.job);
    else this.byJob.set(row.job, line);
  }

  replace(inFlight: InFlight, row: PendingRow): void {
    this.byId.delete(inFlight.row.txId);
    this.bytes += row.bytes.length - inFlight.row.bytes.length;
    inFlight.row = row;
    inFlight.due = 0;
    inFlight.times = 0;
    this.byId.set(row.txId, inFlight);
  }

  /** The part of the job whose turn it is. */
  firstOf(job: string): InFlight | undefined {
    return this.byJob.get(job)?.[0];
  }
}
