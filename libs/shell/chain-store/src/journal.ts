import { equalBytes } from '@custos/core-bytes';
import { decodeFrames, encodeFrame, type JournalRow } from './journal-frames.js';
import type { JournalMedium } from './journal-medium.js';
import {
  JournalConflict,
  type Journal,
  type JournalContent,
  type JournalKind,
  type JournalRecord,
  type SyncedHead,
  type ViewPoint,
} from './ports.js';

/** A rewrite costs two syncs, so dead bytes may gather: a few seconds of blocks at full load. */
const REWRITE_AFTER_BYTES = 8 * 1024 * 1024;

/** K8: one message a view in each of these; the rest may be written as often as one likes. */
const SLOTS: Partial<Record<JournalKind, number>> = { 'own-proposal': 0, 'notarize-vote': 1, 'closing-vote': 2 };
const VOTES: ReadonlySet<JournalKind> = new Set<JournalKind>(['notarize-vote', 'closing-vote']);

/**
 * Reads what a medium holds, cuts a torn end and goes on behind it.
 * @throws JournalDamaged when bytes were lost that had been on disk.
 */
export async function openJournal(
  medium: JournalMedium,
  options: { rewriteAfterBytes?: number } = {},
): Promise<Journal> {
  const bytes = await medium.read();
  const { rows, end } = decodeFrames(bytes);
  // A torn end was never answered for. It goes before anything is written behind it.
  if (end < bytes.length) await medium.replace(bytes.slice(0, end));
  const journal = new FramedJournal(medium, options.rewriteAfterBytes ?? REWRITE_AFTER_BYTES, end);
  for (const row of rows) journal.take(row);
  return journal;
}

class FramedJournal implements Journal {
  private records: JournalRecord[] = [];
  private readonly slots = new Map<string, Uint8Array>();
  private readonly positions = new Map<string, string>();
  private floor: ViewPoint | undefined;
  private highestVote: ViewPoint | undefined;
  private waiting: JournalRow[] = [];
  private writing: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(
    private readonly medium: JournalMedium,
    private readonly rewriteAfterBytes: number,
    private size: number,
  ) {}

  load(): JournalContent {
    const { records, positions, floor, highestVote } = this;
    return { records: [...records], lanePositions: new Map(positions), floor, highestVote };
  }

  append(records: readonly JournalRecord[]): Promise<void> {
    const taken = new Map<string, Uint8Array>();
    const fresh: JournalRecord[] = [];
    for (const record of records) {
      const slot = slotOf(record);
      const held = slot === undefined ? undefined : (this.slots.get(slot) ?? taken.get(slot));
      if (slot !== undefined && !held) {
        // K8: votes below the floor are forgotten, so no new ones may be given there.
        if (this.floor && isBelow(record, this.floor)) return conflict(record, 'its view is pruned');
        taken.set(slot, record.bytes);
      }
      if (held && !equalBytes(held, record.bytes)) return conflict(record, 'its slot holds another message');
      if (!held) fresh.push(record);
    }
    return this.write(fresh.map((record) => ({ row: 'record', record })));
  }

  saveLanePosition(lane: string, position: string): Promise<void> {
    return this.write([{ row: 'position', lane, position }]);
  }

  prune(below: SyncedHead): Promise<void> {
    const floor = { epoch: below.epoch, view: below.view };
    if (this.floor && !isBelow(this.floor, floor)) return this.write([]);
    this.floor = floor;
    for (const record of this.records) {
      const slot = slotOf(record);
      if (slot !== undefined && isBelow(record, floor)) this.slots.delete(slot);
    }
    this.records = this.records.filter((record) => !isBelow(record, floor));
    const kept = this.records.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (this.size - kept < this.rewriteAfterBytes) return Promise.resolve();
    return this.enqueue(() => this.rewrite());
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    this.failure ??= new Error('the journal is closed');
    await this.medium.close();
  }

  /** Into memory, as `append` and a start do it alike. */
  take(row: JournalRow): void {
    switch (row.row) {
      case 'record': {
        const slot = slotOf(row.record);
        if (slot !== undefined) this.slots.set(slot, row.record.bytes);
        if (VOTES.has(row.record.kind)) this.highestVote = highest(this.highestVote, row.record);
        this.records.push(row.record);
        return;
      }
      case 'position':
        this.positions.set(row.lane, row.position);
        return;
      case 'floor':
        this.floor = row.floor;
        if (row.highestVote) this.highestVote = highest(this.highestVote, row.highestVote);
    }
  }

  // Rows given while a write is under way wait and leave together in the next one. A call without rows of its own
  // still waits for those before it: the same message given again is not durable before the first one is.
  private write(rows: readonly JournalRow[]): Promise<void> {
    for (const row of rows) this.take(row);
    this.waiting.push(...rows);
    return this.enqueue(async () => {
      if (this.waiting.length === 0) return;
      const frame = encodeFrame(this.waiting);
      this.waiting = [];
      await this.medium.append(frame);
      this.size += frame.length;
    });
  }

  // The new file is what memory holds: rows that still wait are in it, and so are answered by it.
  private async rewrite(): Promise<void> {
    const frame = encodeFrame(this.wholeContent());
    this.waiting = [];
    await this.medium.replace(frame);
    this.size = frame.length;
  }

  private wholeContent(): readonly JournalRow[] {
    const rows: JournalRow[] = [];
    if (this.floor) rows.push({ row: 'floor', floor: this.floor, highestVote: this.highestVote });
    for (const [lane, position] of this.positions) rows.push({ row: 'position', lane, position });
    for (const record of this.records) rows.push({ row: 'record', record });
    return rows;
  }

  // After a failed write no one knows what is on disk: no later one may succeed in front of a hole.
  private enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.writing.then(async () => {
      if (this.failure) throw this.failure;
      try {
        await work();
      } catch (error) {
        this.failure = new Error('the journal failed and must be opened again', { cause: error });
        throw this.failure;
      }
    });
    this.writing = done.catch(() => undefined);
    return done;
  }
}

function slotOf({ kind, epoch, view }: JournalRecord): string | undefined {
  const slot = SLOTS[kind];
  return slot === undefined ? undefined : `${epoch}/${view}/${slot}`;
}

function conflict({ kind, epoch, view }: JournalRecord, why: string): Promise<never> {
  return Promise.reject(new JournalConflict(`${kind} of epoch ${epoch}, view ${view}: ${why}`));
}

function isBelow(a: ViewPoint, b: ViewPoint): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.view < b.view);
}

function highest(a: ViewPoint | undefined, { epoch, view }: ViewPoint): ViewPoint {
  return a && !isBelow(a, { epoch, view }) ? a : { epoch, view };
}
