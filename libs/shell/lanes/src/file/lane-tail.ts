import { pause, type TroubleLog } from '../backoff.js';
import { startOffset, type LaneMessage, type LaneSource, type LaneStart } from '../lanes.js';
import { listSegments, SegmentReader } from './segments.js';
import { callWriter } from './writer-bell.js';

/** How often a lane without a live writer is looked at: for the lane, for its writer, and for a last message. */
const LOOK_MS = 250;

/** The settings of a lane's reader. */
export interface LaneTailOptions extends LaneSource {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly log: TroubleLog;
  /** Called when there may be something to read. */
  readonly onWake: () => void;
}

/** The end of a lane that one subscription reads: where it stands, and what wakes it. */
export class LaneTail {
  /** Whether there may be something to read. */
  isAwake = true;
  private from: LaneStart;
  /** The writer was lost: it may have gone with its lane, and another lane of this name may stand there. */
  private isDoubtful = false;
  private reader: SegmentReader | undefined;
  private watching: Promise<void> | undefined;

  constructor(private readonly options: LaneTailOptions) {
    this.from = options.from;
  }

  /** Resolves when the place to read from is known, so that nothing that is published later is missed. */
  async open(): Promise<void> {
    await this.locate();
    this.watching = this.watch();
  }

  /** Returns the next messages, none when all were read; then it waits for its writer to wake it. */
  async read(): Promise<readonly LaneMessage[]> {
    this.isAwake = false;
    if (this.isDoubtful) await this.forgetPlace();
    for (;;) {
      if (this.reader === undefined && !(await this.locate())) return [];
      const values = await this.reader!.read();
      if (values.length > 0) return this.messages(values);
      const next = await this.nextSegment();
      if (next === undefined) return [];
      // The writer may have written here between the last read and its next segment.
      const rest = await this.reader!.read();
      if (rest.length > 0) return this.messages(rest);
      await this.moveTo(next);
    }
  }

  async close(): Promise<void> {
    await this.watching;
    await this.reader?.close();
  }

  private messages(values: readonly Uint8Array[]): readonly LaneMessage[] {
    this.isAwake = true;
    const { lane } = this.options;
    const first = this.reader!.position - values.length;
    return values.map((value, index) => ({ lane, value, position: String(first + index + 1) }));
  }

  /** Returns whether the lane exists; then the reader stands where reading begins. */
  private async locate(): Promise<boolean> {
    const { folder } = this.options;
    const segments = await listSegments(folder);
    if (segments === undefined || segments.length === 0) {
      // What stands in a lane that appears later is new, wherever reading was to start.
      this.from = 'beginning';
      return false;
    }
    const low = String(segments[0]);
    const high = this.from === 'beginning' ? low : await endOf(folder, segments.at(-1)!);
    const start = Number(startOffset(this.from, { low, high }));
    const reader = await SegmentReader.open(
      folder,
      segments.findLast((first) => first <= start)!,
    );
    await reader.skipTo(start);
    this.reader = reader;
    return true;
  }

  /** Returns where the segment begins that follows the one being read; undefined when there is none, or no lane. */
  private async nextSegment(): Promise<number | undefined> {
    const segments = await listSegments(this.options.folder);
    if (segments === undefined) await this.forgetPlace();
    return segments?.find((first) => first > this.reader!.first);
  }

  private async moveTo(first: number): Promise<void> {
    const { lane, folder, log } = this.options;
    const before = this.reader!;
    this.reader = await SegmentReader.open(folder, first);
    if (first !== before.position) log(`${lane}: messages ${before.position} to ${first - 1} are no longer there`);
    await before.close();
  }

  /** Keeps the position alone: with it the place is looked for again. */
  private async forgetPlace(): Promise<void> {
    this.isDoubtful = false;
    if (this.reader === undefined) return;
    this.from = String(this.reader.position);
    await this.reader.close();
    this.reader = undefined;
  }

  /** Is woken by the writer while there is one, and looks from time to time while there is none. */
  private async watch(): Promise<void> {
    const { folder, signal, onWake } = this.options;
    const wake = (): void => {
      this.isAwake = true;
      onWake();
    };
    while (!signal.aborted) {
      const writer = await callWriter(folder).catch(() => undefined);
      if (writer !== undefined) {
        const close = (): void => void writer.destroy();
        signal.addEventListener('abort', close);
        if (signal.aborted) close();
        writer.on('data', wake).on('error', close);
        wake();
        // Not `once` of events, which rejects at an error: the writer's end is all that matters here.
        if (!writer.closed) await new Promise((resolve) => writer.once('close', resolve));
        this.isDoubtful = true;
        signal.removeEventListener('abort', close);
      }
      await pause(LOOK_MS, signal);
      wake();
    }
  }
}

async function endOf(folder: string, last: number): Promise<string> {
  const reader = await SegmentReader.open(folder, last);
  await reader.skipTo(Number.MAX_SAFE_INTEGER);
  await reader.close();
  return String(reader.position);
}
