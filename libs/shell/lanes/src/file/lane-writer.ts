import { open, readFile, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { TroubleLog } from '../backoff.js';
import { encodeFrames } from './frames.js';
import { makeLane, OWNER_ONLY_FILE, RETENTION_FILE, syncFolder } from './lane-folder.js';
import { listSegments, segmentFile, SegmentReader } from './segments.js';
import { WriterBell } from './writer-bell.js';

/** A segment gets a successor after this part of the lane's retention, so that a slow lane is cut as well. */
const AGE_PARTS = 4;

/** The settings of a lane's writer. */
export interface LaneWriterOptions {
  /** Folder of the lane. */
  readonly folder: string;
  /** How long a lane keeps that has to be made; undefined: for ever. */
  readonly retentionMs: number | undefined;
  /** A segment of this size gets a successor. */
  readonly segmentBytes: number;
  readonly log: TroubleLog;
}

/** The one writer of a lane, from the moment that it has the lock. After an error it must be closed and opened anew. */
export class LaneWriter {
  private constructor(
    private readonly options: LaneWriterOptions,
    private readonly bell: WriterBell,
    /** -1 keeps for ever. */
    private readonly retentionMs: number,
    private segment: Segment,
    private position: number,
  ) {}

  /**
   * Takes the lock, cuts what a crash left half written, and goes on behind the last whole message.
   *
   * @throws LaneTaken when a live process writes to this lane
   */
  static async open(options: LaneWriterOptions): Promise<LaneWriter> {
    const { folder } = options;
    await makeLane(folder, options.retentionMs);
    const bell = await WriterBell.hang(folder);
    try {
      const { segment, position } = await openLast(options);
      const writer = new LaneWriter(options, bell, await retentionOf(folder), segment, position);
      await writer.cutOff();
      return writer;
    } catch (error) {
      await bell.close();
      throw error;
    }
  }

  /** Resolves when all of them are on disk. A crash before that leaves some of them, the last one perhaps torn. */
  async append(values: readonly Uint8Array[]): Promise<void> {
    if (this.isFull()) await this.beginSegment();
    const { handle } = this.segment;
    const frames = encodeFrames(values, this.position);
    await handle.appendFile(frames);
    await handle.datasync();
    const { nlink } = await handle.stat();
    if (nlink === 0) throw new Error(`${this.options.folder} was removed`);
    this.segment.size += frames.length;
    this.position += values.length;
    this.bell.ring();
  }

  /** Takes back what an append that failed has left, as far as it can, and gives the lane free. */
  async close(): Promise<void> {
    const { handle, size } = this.segment;
    // By the handle: in the folder may stand the lane of another by now.
    await handle.truncate(size).catch(() => undefined);
    await handle.close();
    await this.bell.close();
  }

  private isFull(): boolean {
    const { size, begun } = this.segment;
    if (size === 0) return false;
    const isOld = this.retentionMs >= 0 && Date.now() - begun > this.retentionMs / AGE_PARTS;
    return isOld || size >= this.options.segmentBytes;
  }

  private async beginSegment(): Promise<void> {
    const { handle } = this.segment;
    this.segment = await openSegment(this.options.folder, this.position);
    await handle.close();
    await this.cutOff();
  }

  /** Removes segments whose newest message is older than the lane keeps; never the last one. */
  private async cutOff(): Promise<void> {
    if (this.retentionMs < 0) return;
    const { folder } = this.options;
    const closed = ((await listSegments(folder)) ?? []).slice(0, -1);
    for (const first of closed) {
      const file = segmentFile(folder, first);
      if (Date.now() - (await stat(file)).mtimeMs <= this.retentionMs) return;
      await rm(file);
    }
  }
}

interface Segment {
  readonly file: string;
  readonly handle: FileHandle;
  /** Time of its begin, milliseconds since 1970. */
  readonly begun: number;
  /** Bytes that are on disk for certain. */
  size: number;
}

async function openLast({ folder, log }: LaneWriterOptions): Promise<{ segment: Segment; position: number }> {
  const first = (await listSegments(folder))?.at(-1) ?? 0;
  const segment = await openSegment(folder, first);
  const reader = await SegmentReader.open(folder, first);
  await reader.skipTo(Number.MAX_SAFE_INTEGER);
  const { offset, position } = reader;
  await reader.close();
  const torn = segment.size - offset;
  if (torn > 0) {
    log(`${folder}: cut ${torn} bytes of a write that a crash tore`);
    await truncate(segment.file, offset);
    segment.size = offset;
  }
  return { segment, position };
}

async function openSegment(folder: string, first: number): Promise<Segment> {
  const file = segmentFile(folder, first);
  const handle = await open(file, 'a', OWNER_ONLY_FILE);
  const { size, birthtimeMs } = await handle.stat();
  // A crash may not lose the name of a file whose messages are on disk.
  await syncFolder(folder);
  // Some file systems do not know when a file was made.
  return { file, handle, size, begun: birthtimeMs || Date.now() };
}

/** Without the file the lane keeps for ever: a crash between its folder and the file costs space alone. */
async function retentionOf(folder: string): Promise<number> {
  const text = await readFile(join(folder, RETENTION_FILE), 'utf8').catch(() => '');
  return text === '' ? -1 : Number(text);
}
