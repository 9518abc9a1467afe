import {
  checkValues,
  LanesClosed,
  type LaneHandler,
  type LaneMessage,
  type Lanes,
  type LaneSource,
  type LaneSpec,
  type LaneSubscription,
  startOffset,
} from './lanes.js';

/** Most messages in one batch: small enough that two lanes take turns. */
const MAX_BATCH = 500;

/** A handler that throws is called again after so many turns of the event loop's timers. */
const RETRY_MS = 10;

interface Log {
  values: Uint8Array[];
  /** Position of the oldest value: those before it were forgotten. */
  low: number;
  readonly readers: Set<() => void>;
}

/** Logs that several {@link memoryLanes} share, as several processes share a broker. */
export class MemoryBroker {
  private readonly logs = new Map<string, Log>();

  /** The log of a lane; a lane that no one made yet is an empty one. */
  log(lane: string): Log {
    let log = this.logs.get(lane);
    if (log === undefined) {
      log = { values: [], low: 0, readers: new Set() };
      this.logs.set(lane, log);
    }
    return log;
  }

  /** Forgets what the lane holds, as retention does: positions go on. */
  forget(lane: string): void {
    const log = this.log(lane);
    log.low = highOf(log);
    log.values = [];
  }
}

function highOf({ low, values }: Log): number {
  return low + values.length;
}

/** The in-memory twin of Kafka. Give several of them one broker to let them talk. */
export function memoryLanes(broker: MemoryBroker = new MemoryBroker()): Lanes {
  const subscriptions = new Set<LaneSubscription>();
  let closed = false;
  const orThrow = (): void => {
    if (closed) throw new LanesClosed('these lanes are closed');
  };
  return {
    carrier: 'memory',
    async publish(lane, values) {
      orThrow();
      checkValues(values);
      const log = broker.log(lane);
      // A copy, as a broker makes one: who publishes may use its buffer again.
      for (const value of values) log.values.push(Uint8Array.from(value));
      for (const wake of log.readers) wake();
    },
    async subscribe(_kind, sources, handler) {
      orThrow();
      const subscription = memorySubscription(broker, sources, handler, () => subscriptions.delete(subscription));
      subscriptions.add(subscription);
      return subscription;
    },
    async last(lane) {
      orThrow();
      const log = broker.log(lane);
      return log.values.length === 0 ? undefined : messageAt(lane, log, highOf(log) - 1);
    },
    async ensure(specs: readonly LaneSpec[]) {
      orThrow();
      for (const { lane } of specs) broker.log(lane);
    },
    async health() {
      orThrow();
    },
    async close() {
      closed = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    },
  };
}

function messageAt(lane: string, { low, values }: Log, index: number): LaneMessage {
  return { lane, value: values[index - low] as Uint8Array, position: String(index + 1) };
}

function memorySubscription(
  broker: MemoryBroker,
  sources: readonly LaneSource[],
  handler: LaneHandler,
  onClose: () => void,
): LaneSubscription {
  const cursors = sources.map(({ lane, from }) => {
    const log = broker.log(lane);
    const range = { low: String(log.low), high: String(highOf(log)) };
    return { lane, log, next: Number(startOffset(from, range)) };
  });
  let closed = false;
  let running: Promise<void> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const drain = async (): Promise<void> => {
    // Yield first: a publisher never runs its reader's code on its own stack.
    await Promise.resolve();
    for (let ready = true; ready && !closed;) {
      ready = false;
      for (const cursor of cursors) {
        const { lane, log } = cursor;
        // What was forgotten under a reader is passed over.
        const next = Math.max(cursor.next, log.low);
        const end = Math.min(highOf(log), next + MAX_BATCH);
        if (closed || next >= end) continue;
        const batch: LaneMessage[] = [];
        for (let index = next; index < end; index++) batch.push(messageAt(lane, log, index));
        await handler(batch);
        cursor.next = end;
        ready = true;
      }
    }
  };
  const wake = (): void => {
    if (closed || running !== undefined || retry !== undefined) return;
    running = drain()
      .catch(() => {
        retry = setTimeout(() => {
          retry = undefined;
          wake();
        }, RETRY_MS);
      })
      .finally(() => {
        running = undefined;
        // A message that came between the last look and here.
        if (cursors.some(({ log, next }) => next < highOf(log))) wake();
      });
  };
  for (const { log } of cursors) log.readers.add(wake);
  wake();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      for (const { log } of cursors) log.readers.delete(wake);
      onClose();
      await running;
    },
  };
}
