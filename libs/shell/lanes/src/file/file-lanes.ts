import { access, constants, opendir } from 'node:fs/promises';
import type { Closing, TroubleLog } from '../backoff.js';
import { LanesClosed, type LaneMessage, type Lanes, type LaneSubscription } from '../lanes.js';
import { PublishQueue } from '../publish-queue.js';
import { FileSender } from './file-sender.js';
import { FileSubscription } from './file-subscription.js';
import { laneFolder } from './lane-folder.js';
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
  const sender = new FileSender(folder, segmentBytes, log);
  const queue = new PublishQueue(sender, closing, log);
  return {
    carrier: 'file lanes',
    publish: (lane, values) => queue.publish(lane, values),
    async subscribe(kind, sources, handler) {
      orThrow();
      const placed = sources.map((source) => ({ ...source, folder: laneFolder(folder, source.lane) }));
      const subscription = new FileSubscription({ kind, sources: placed, handler, closing, log });
      return opened(subscription, subscriptions);
    },
    async last(lane) {
      orThrow();
      return newest(laneFolder(folder, lane), lane);
    },
    async ensure(specs) {
      orThrow();
      for (const spec of specs) await sender.ensure(spec);
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
      await sender.close();
    },
  };
}

/** Opens a subscription that is among `all` until it is closed. */
async function opened(subscription: FileSubscription, all: Set<FileSubscription>): Promise<LaneSubscription> {
  all.add(subscription);
  await subscription.open();
  return {
    async close() {
      all.delete(subscription);
      await subscription.close();
    },
  };
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
