import { access, constants, opendir } from 'node:fs/promises';
import type { Closing, TroubleLog } from '../backoff.js';
import { LanesClosed, LaneTaken, type LaneMessage, type Lanes } from '../lanes.js';
import { PublishQueue } from '../publish-queue.js';
import { FileSubscription } from './file-subscription.js';
import { laneFolder, makeLane } from './lane-folder.js';
import { LaneWriter } from './lane-writer.js';
import { listSegments, SEGMENT_BYTES, SegmentReader } from './segments.js';

/** The settings of file lanes. */
export interface FileLanesOptions {
  /** Holds a folder for each lane; the processes of this machine that share it share the lanes. */
  readonly folder: string;
  /** Receives when something begins to fail and when it works again, and what a crash tore. */
  readonly log?: TroubleLog;
  /** A segment of this size gets a successor; for tests. */
  readonly segmentBytes?: number;
}

/**
 * Lanes over files, for the processes of one machine: an append-only log for each lane. Its first message makes a client
 * the writer of a lane, until it is closed or its process ends.
 */
export function fileLanes({ folder, log = () => undefined, segmentBytes = SEGMENT_BYTES }: FileLanesOptions): Lanes {
  const closed = new AbortController();
  const closing: Closing = { signal: closed.signal, error: () => new LanesClosed('these lanes are closed') };
  const orThrow = (): void => {
    if (closed.signal.aborted) throw closing.error();
  };
  const subscriptions = new Set<FileSubscription>();
  const writers = new Map<string, LaneWriter>();
  /** The retention of each lane that this client ensured: one that is removed is made anew with it. */
  const retentions = new Map<string, number>();
  const queue = new PublishQueue({ send, isFatal }, closing, log);
  return {
    carrier: 'file lanes',
    publish: (lane, values) => queue.publish(lane, values),
    async subscribe(kind, sources, handler) {
      orThrow();
      const placed = sources.map((source) => ({ ...source, folder: laneFolder(folder, source.lane) }));
      const subscription = new FileSubscription({ kind, sources: placed, handler, closing, log });
      subscriptions.add(subscription);
      await subscription.open();
      return {
        async close() {
          subscriptions.delete(subscription);
          await subscription.close();
        },
      };
    },
    async last(lane) {
      orThrow();
      return newest(laneFolder(folder, lane), lane);
    },
    async ensure(specs) {
      orThrow();
      for (const { lane, retentionMs } of specs) {
        await makeLane(laneFolder(folder, lane), retentionMs);
        retentions.set(lane, retentionMs);
      }
    },
    async health() {
      orThrow();
      await (await opendir(folder)).close();
      await access(folder, constants.W_OK);
    },
    async close() {
      closed.abort();
      await Promise.all([...subscriptions].map((each) => each.close()));
      await queue.settled();
      await Promise.all([...writers.values()].map((writer) => writer.close()));
      writers.clear();
    },
  };

  /** After trouble the next try opens the lane anew, and finds on disk what became of this one. */
  async function send(lane: string, values: readonly Uint8Array[]): Promise<void> {
    const writer = writers.get(lane) ?? (await openWriter(lane));
    writers.set(lane, writer);
    try {
      await writer.append(values);
    } catch (error) {
      writers.delete(lane);
      await writer.close();
      throw error;
    }
  }

  function openWriter(lane: string): Promise<LaneWriter> {
    const retentionMs = retentions.get(lane);
    return LaneWriter.open({ folder: laneFolder(folder, lane), retentionMs, segmentBytes, log });
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof LaneTaken || error instanceof RangeError;
}

async function newest(folder: string, lane: string): Promise<LaneMessage | undefined> {
  // The last segment may be new and empty.
  for (const first of [...((await listSegments(folder)) ?? [])].reverse()) {
    const reader = await SegmentReader.open(folder, first);
    const value = await reader.skipTo(Number.MAX_SAFE_INTEGER);
    await reader.close();
    if (value !== undefined) return { lane, value, position: String(reader.position) };
  }
  return undefined;
}
