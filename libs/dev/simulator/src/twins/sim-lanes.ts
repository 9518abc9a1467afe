import {
  laneOwner,
  type LaneHandler,
  type LaneMessage,
  type Lanes,
  type LaneSource,
  type LaneSubscription,
} from '@custos/shell-lanes';
import type { Life } from './life.js';
import type { Random } from './random.js';

/** Messages of one lane in one call of a handler. */
const MAX_BATCH = 100;

/** A handler that throws is called again after so many milliseconds. */
const RETRY_MS = 10;

/** What the wire does to one message on its way to one reader. */
export interface WireFaults {
  /** Probability. Own lanes lose nothing: a reader waits for their end (K13). */
  readonly loss: number;
  readonly duplicates: number;
  readonly delay: readonly [least: number, most: number];
  /** Messages of one lane overtake one another. */
  readonly reorders: boolean;
  /** Nothing passes from the owner of this lane to this reader. */
  readonly isCut?: (lane: string, readerGln: string) => boolean;
}

type Reader = (index: number) => void;

/** The logs that all validators write and read; they outlive every one of them. */
export class SimulatedBroker {
  readonly logs = new Map<string, Uint8Array[]>();
  private readonly readers = new Map<string, Set<Reader>>();
  /** Sees each message at the moment at which it can no longer be taken back. */
  onPublish: (lane: string, value: Uint8Array) => void = () => undefined;

  constructor(
    readonly random: Random,
    readonly faults: () => WireFaults,
  ) {}

  log(lane: string): Uint8Array[] {
    let log = this.logs.get(lane);
    if (!log) this.logs.set(lane, (log = []));
    return log;
  }

  publish(lane: string, value: Uint8Array): void {
    const log = this.log(lane);
    log.push(value.slice());
    this.onPublish(lane, value);
    for (const reader of this.readers.get(lane) ?? []) reader(log.length - 1);
  }

  /** The broker loses what it held; lanes count anew. Only while no validator reads. */
  forget(): void {
    for (const log of this.logs.values()) log.length = 0;
  }

  follow(lane: string, reader: Reader): () => void {
    const readers = this.readers.get(lane) ?? new Set();
    this.readers.set(lane, readers.add(reader));
    return () => void readers.delete(reader);
  }
}

/** The lanes as the process of one life sees them. */
export function simulatedLanes(broker: SimulatedBroker, life: Life, gln: string): Lanes {
  const { random } = broker;
  return {
    carrier: 'simulation',
    async publish(lane, values) {
      // A crash on the way: none of it arrives, or all of it and no one is told.
      await life.later(random.between([0.2, 2]), () => {
        for (const value of values) broker.publish(lane, value);
      });
      await life.later(random.between([0.1, 1]), () => undefined);
    },
    subscribe: (_kind, sources, handler) =>
      life.later(random.between([1, 5]), () => subscription(broker, life, gln, sources, handler)),
    last: (lane) =>
      life.later(random.between([0.5, 2]), () => {
        const log = broker.log(lane);
        return log.length === 0 ? undefined : messageAt(lane, log, log.length - 1);
      }),
    ensure: () => life.later(1, () => undefined),
    health: () => life.later(1, () => undefined),
    close: () => Promise.resolve(),
  };
}

function messageAt(lane: string, log: readonly Uint8Array[], index: number): LaneMessage {
  return { lane, value: log[index]!, position: String(index + 1) };
}

function startOf({ from }: LaneSource, size: number): number {
  if (from === 'beginning') return 0;
  if (from === 'end') return size;
  return Number(from) > size ? 0 : Number(from);
}

function subscription(
  broker: SimulatedBroker,
  life: Life,
  gln: string,
  sources: readonly LaneSource[],
  handler: LaneHandler,
): LaneSubscription {
  let arrived: LaneMessage[] = [];
  let isBusy = false;
  let isClosed = false;

  const pump = (): void => {
    if (isBusy || isClosed || life.isOver || arrived.length === 0) return;
    isBusy = true;
    const { lane } = arrived[0]!;
    const count = arrived.findIndex((message, i) => message.lane !== lane || i === MAX_BATCH);
    const batch = arrived.slice(0, count < 0 ? arrived.length : count);
    handler(batch).then(
      () => {
        arrived = arrived.slice(batch.length);
        isBusy = false;
        pump();
      },
      () => life.after(RETRY_MS, () => ((isBusy = false), pump())),
    );
  };
  const stops = sources.map((source) => {
    const log = broker.log(source.lane);
    const carry = wire(broker, life, gln, source.lane, (index) => {
      arrived.push(messageAt(source.lane, log, index));
      pump();
    });
    for (let index = startOf(source, log.length); index < log.length; index++) carry(index);
    return broker.follow(source.lane, carry);
  });
  return {
    close() {
      isClosed = true;
      for (const stop of stops) stop();
      return Promise.resolve();
    },
  };
}

/** One lane to one reader: loses, delays, repeats and shuffles. */
function wire(broker: SimulatedBroker, life: Life, gln: string, lane: string, deliver: Reader): Reader {
  const { random } = broker;
  const isOwn = laneOwner(lane) === gln;
  let latest = 0;
  return (index) => {
    const { loss, duplicates, delay, reorders, isCut } = broker.faults();
    if (!isOwn && (isCut?.(lane, gln) || random.chance(loss))) return;
    const copies = !isOwn && random.chance(duplicates) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const now = life.time.now();
      const at = now + random.between(delay);
      latest = reorders && !isOwn ? at : Math.max(latest, at);
      life.after(latest - now, () => deliver(index));
    }
  };
}
