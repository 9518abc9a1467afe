import type { Repository } from 'typeorm';
import type { Receipt } from '@custos/core-chain';
import type { Json } from '@custos/core-bytes';
import type { Digest } from '@custos/core-crypto';
import type { DraftedEvent, RejectedEvent } from '../capture/drafts.js';
import type { JobRow, OutboxStatus, Settled } from './outbox.js';
import type { JobEntity, OutboxEntity } from './own.rows.js';

/** One transaction of a job, as far as it is known. */
interface JobPart {
  readonly part: number;
  readonly txId: Digest;
  readonly status: OutboxStatus;
  readonly events: readonly DraftedEvent[];
  readonly settled: Settled | undefined;
}

/** A job with its transactions. */
interface Job extends JobRow {
  readonly parts: readonly JobPart[];
}

/** One transaction of a capture, as far as its job shows it. */
export interface CapturePart {
  readonly txId: Digest;
  readonly status: OutboxStatus;
  readonly height: number | undefined;
  readonly blockTime: number | undefined;
  /** The events of a refused transaction; none otherwise, since a job is asked for often. */
  readonly events: readonly DraftedEvent[];
  readonly receipts: readonly Receipt[];
}

/** A job of `POST /capture` with its transactions. */
export interface Capture extends JobRow {
  readonly parts: readonly CapturePart[];
}

/** Finds jobs by their id, a UUID. */
export interface JobSource {
  job(job: string): Promise<Job | undefined>;
  /** Finds a job of `POST /capture`, without what its answer leaves out: a large one has megabytes of receipts. */
  capture(job: string): Promise<Capture | undefined>;
}

/** The members of a part that every answer needs. TypeORM tells rows apart by their key. */
const CAPTURE_COLUMNS = {
  sequence: true,
  part: true,
  txId: true,
  status: true,
  height: true,
  blockTime: true,
} as const;
/** All but the signed bytes. */
const PART_COLUMNS = { ...CAPTURE_COLUMNS, events: true, receipts: true, inclusion: true } as const;

/** Creates the source over the tables of a service. */
export function jobSource(jobs: Repository<JobEntity>, outbox: Repository<OutboxEntity>): JobSource {
  return {
    async job(job) {
      const row = await jobs.findOneBy({ job });
      if (!row) return undefined;
      const parts = await outbox.find({ select: PART_COLUMNS, where: { job }, order: { part: 'ASC' } });
      return { ...rowOf(row), parts: parts.map(partOf) };
    },
    async capture(job) {
      const row = await jobs.findOneBy({ job, kind: 'capture' });
      if (!row) return undefined;
      const parts = await outbox.find({ select: CAPTURE_COLUMNS, where: { job }, order: { part: 'ASC' } });
      const columns = { sequence: true, part: true, events: true, receipts: true } as const;
      const refused = await outbox.find({ select: columns, where: { job, status: 'refused' } });
      const refusals = new Map(refused.map((each) => [each.part, each]));
      // Race: a part may be refused between the two statements. It is pending in this answer, and refused in the next.
      const refusalOf = ({ part, status }: OutboxEntity) => (status === 'refused' ? refusals.get(part) : undefined);
      return { ...rowOf(row), parts: parts.map((part) => capturePartOf(part, refusalOf(part))) };
    },
  };
}

function rowOf({ rejected, ...job }: JobEntity): JobRow {
  return { ...job, rejected: rejected as readonly RejectedEvent[] };
}

function partOf({ part, txId, status, height, blockTime, ...json }: OutboxEntity): JobPart {
  const receipts = json.receipts as readonly Receipt[] | null;
  const isSettled = receipts !== null && height !== null && blockTime !== null;
  const settled = isSettled ? { txId, height, blockTime, receipts, inclusion: json.inclusion as Json } : undefined;
  return { part, txId, status, events: json.events as readonly DraftedEvent[], settled };
}

function capturePartOf(
  { txId, status, height, blockTime }: OutboxEntity,
  refusal: Pick<OutboxEntity, 'events' | 'receipts'> | undefined,
): CapturePart {
  const times = { height: height ?? undefined, blockTime: blockTime ?? undefined };
  const events = (refusal?.events ?? []) as readonly DraftedEvent[];
  return { txId, status, ...times, events, receipts: (refusal?.receipts ?? []) as readonly Receipt[] };
}
