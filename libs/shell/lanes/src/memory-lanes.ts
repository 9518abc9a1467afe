import {
  checkValues,
  LanesClosed,
  type LaneHandler,
  type LaneMessage,
  type Lanes,
  type LaneSource,
  type LaneSpec,
  type LaneStart,
  type LaneSubscription,
} from './lanes.js';

/** Most messages in one batch: small enough that two lanes take turns. */
const MAX_BATCH = 500;

/** A handler that throws is called again after so many turns of the event loop's timers. */
const RETRY_MS = 10;

interface Log {
  values: Uint8Array[];
  readonly readers: Set<() => void>;
}

/** Logs that several {@link memoryLanes} share, as several processes share a broker. */
export class MemoryBroker {
  private readonly logs = new Map<string, Log>();

  /** The log of a lane; a lane that no one made yet is an empty one. */
  log(lane: string): Log {
    let log = this.logs.get(lane);
    if (log === undefined) {
      log = { values: [], readers: new Set() };
      this.logs.set(lane, log);
    }
    return log;
  }
}

/** The in-memory twin of Kafka. Give several of them one broker to let them talk. */
export function memoryLanes(broker: MemoryBroker = new MemoryBroker()): Lanes {
  const subscriptions = new Set<LaneSubscription>();
  let closed = false;
  const orThrow = (): void => {
    if (closed) throw new LanesClosed('these lanes are closed');
  };
  return {
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
      const { values } = broker.log(lane);
      return values.length === 0 ? undefined : messageAt(lane, values, values.length - 1);
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

function messageAt(lane: string, values: readonly Uint8Array[], index: number): LaneMessage {
  return { lane, value: values[index] as Uint8Array, position: String(index + 1) };
}

function startIndex(from: LaneStart, size: number): number {
  if (from === 'beginning') return 0;
  if (from === 'end') return size;
  // Beyond the end: the broker lost its log and numbers anew, so all it holds is new.
  return Number(from) > size ? 0 : Number(from);
}

function memorySubscription(
  broker: MemoryBroker,
  sources: readonly LaneSource[],
  handler: LaneHandler,
  onClose: () => void,
): LaneSubscription {
  const cursors = sources.map(({ lane, from }) => {
    const log = broker.log(lane);
    return { lane, log, next: startIndex(from, log.values.length) };
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
        const { lane, log, next } = cursor;
        const end = Math.min(log.values.length, next + MAX_BATCH);
        if (closed || next >= end) continue;
        const batch: LaneMessage[] = [];
        for (let index = next; index < end; index++) batch.push(messageAt(lane, log.values, index));
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
        if (cursors.some(({ log, next }) => next < log.values.length)) wake();
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
