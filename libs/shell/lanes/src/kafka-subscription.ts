import type { Kafka } from 'kafkajs';
import { keepTrying, pause, type Closing, type TroubleLog } from './backoff.js';
import { openReader, type Cursors, type Reader } from './kafka-reader.js';
import { startOffset, type KafkaTopics } from './kafka-topics.js';
import type { LaneHandler, LaneSource, LaneSubscription } from './lanes.js';

/** How often lanes that do not exist yet are looked for. */
const APPEAR_MS = 1_000;
/** How often a lane is opened again that carried what we refuse to read. */
const REFUSED_MS = 30_000;

export interface SubscriptionOptions {
  readonly kafka: Kafka;
  readonly topics: KafkaTopics;
  readonly kind: string;
  readonly sources: readonly LaneSource[];
  readonly handler: LaneHandler;
  readonly closing: Closing;
  readonly log: TroubleLog;
}

/**
 * One kind of lanes, read by one consumer. Two things replace it: a lane that appears later (the library cannot
 * subscribe while it runs), and a lane with compressed batches, after which each lane gets a consumer of its own, so
 * that a bad writer stops nobody but itself.
 */
export class KafkaSubscription implements LaneSubscription {
  private readonly cursors: Cursors = new Map();
  private readonly readers = new Set<Reader>();
  private readonly stopped = new AbortController();
  private readonly closing: Closing;
  /** The handler's calls one after another, also when several consumers read. */
  private turn: Promise<void> = Promise.resolve();
  private alone = false;
  private background: Promise<void> = Promise.resolve();

  constructor(private readonly options: SubscriptionOptions) {
    const { closing } = options;
    const signal = AbortSignal.any([closing.signal, this.stopped.signal]);
    this.closing = { signal, error: () => closing.error() };
  }

  async open(): Promise<void> {
    const missing = await this.locate(this.options.sources);
    await this.read([...this.cursors.keys()]);
    if (missing.length > 0) this.background = this.awaitLanes(missing).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.stopped.abort();
    await this.background;
    await this.closeReaders();
    await this.turn.catch(() => undefined);
  }

  /** Notes where each lane is read next; returns those that do not exist. */
  private async locate(sources: readonly LaneSource[]): Promise<readonly LaneSource[]> {
    const existing = await this.options.topics.existing();
    const present = sources.filter(({ lane }) => existing.has(lane));
    await Promise.all(
      present.map(async (source) =>
        this.cursors.set(source.lane, startOffset(source, await this.options.topics.range(source.lane))),
      ),
    );
    return sources.filter(({ lane }) => !existing.has(lane));
  }

  private async awaitLanes(missing: readonly LaneSource[]): Promise<void> {
    // What stands in a lane that was made after `subscribe` is new, wherever reading was to start.
    let waiting: readonly LaneSource[] = missing.map(({ lane }) => ({ lane, from: 'beginning' }));
    while (waiting.length > 0) {
      await pause(APPEAR_MS, this.closing.signal);
      if (this.closing.signal.aborted) return;
      const still = await this.locate(waiting);
      if (still.length < waiting.length) {
        await this.closeReaders();
        await this.read([...this.cursors.keys()]);
      }
      waiting = still;
    }
  }

  private async closeReaders(): Promise<void> {
    const readers = [...this.readers];
    this.readers.clear();
    await Promise.all(readers.map((reader) => reader.close()));
  }

  private async read(lanes: readonly string[]): Promise<void> {
    if (lanes.length === 0) return;
    const groups = this.alone ? lanes.map((lane) => [lane]) : [lanes];
    await Promise.all(groups.map((group) => this.readGroup(group)));
  }

  private async readGroup(lanes: readonly string[]): Promise<void> {
    const { kafka, kind, log } = this.options;
    const { cursors, closing } = this;
    const handler: LaneHandler = (batch) => this.inTurn(batch);
    const reader = await openReader({ kafka, name: kind, lanes, cursors, handler, closing, log });
    this.readers.add(reader);
    void reader.ended.then((end) => (end === 'refused' ? this.onRefused(reader, lanes) : undefined));
  }

  private async onRefused(reader: Reader, lanes: readonly string[]): Promise<void> {
    if (!this.readers.delete(reader) || this.closing.signal.aborted) return;
    this.alone = true;
    if (lanes.length === 1) {
      this.options.log(
        `${lanes[0]} carries a compressed batch and is not read; trying again in ${REFUSED_MS / 1000} s`,
      );
      await pause(REFUSED_MS, this.closing.signal);
    }
    await this.read(lanes).catch(() => undefined);
  }

  private inTurn(batch: Parameters<LaneHandler>[0]): Promise<void> {
    const { handler, kind, log } = this.options;
    const mine = this.turn.then(() => keepTrying(`handle ${kind}`, () => handler(batch), this.closing, log));
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}
