import type { TroubleLog } from '../backoff.js';
import { LaneTaken, type LaneSpec } from '../lanes.js';
import type { Sender } from '../publish-queue.js';
import { laneFolder, makeLane } from './lane-folder.js';
import { LaneWriter } from './lane-writer.js';

/** Writes to the lanes of a folder, each by a writer that takes the lane at its first message. */
export class FileSender implements Sender {
  private readonly writers = new Map<string, LaneWriter>();
  /** The retention of each lane that was ensured here: one that is removed is made anew with it. */
  private readonly retentions = new Map<string, number>();

  constructor(
    private readonly folder: string,
    private readonly segmentBytes: number,
    private readonly log: TroubleLog,
  ) {}

  async ensure({ lane, retentionMs }: LaneSpec): Promise<void> {
    await makeLane(laneFolder(this.folder, lane), retentionMs);
    this.retentions.set(lane, retentionMs);
  }

  /** After trouble the next try opens the lane anew, and finds on disk what became of this one. */
  async send(lane: string, values: readonly Uint8Array[]): Promise<void> {
    const writer = this.writers.get(lane) ?? (await this.open(lane));
    this.writers.set(lane, writer);
    try {
      await writer.append(values);
    } catch (error) {
      this.writers.delete(lane);
      await writer.close();
      throw error;
    }
  }

  isFatal(error: unknown): boolean {
    return error instanceof LaneTaken || error instanceof RangeError;
  }

  async close(): Promise<void> {
    await Promise.all([...this.writers.values()].map((writer) => writer.close()));
    this.writers.clear();
  }

  private open(lane: string): Promise<LaneWriter> {
    const { folder, segmentBytes, log } = this;
    const retentionMs = this.retentions.get(lane);
    return LaneWriter.open({ folder: laneFolder(folder, lane), retentionMs, segmentBytes, log });
  }
}
