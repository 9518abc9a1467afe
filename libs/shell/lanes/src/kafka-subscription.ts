import { keepTrying, pause, type Closing, type TroubleLog } from './backoff.js';
import { isMissingLane, type CuttableClient } from './kafka-client.js';
import { openReader, type Cursors, type Reader, type ReaderEnd } from './kafka-reader.js';
import type { KafkaTopics } from './kafka-topics.js';
import { startOffset, type LaneHandler, type LaneSource, type LaneSubscription, type Range } from './lanes.js';

/** How often lanes that do not exist yet are looked for. */
const APPEAR_MS = 1_000;
/** How often a lane is opened again that carried what we refuse to read. */
const REFUSED_MS = 30_000;

/** The lanes of a subscription and its handler. */
export interface SubscriptionOptions {
  readonly client: () => CuttableClient;
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
 * that a bad writer stops no one but itself.
 */
export class KafkaSubscription implements LaneSubscription {
  private readonly cursors: Cursors = new Map();
  private readonly readers = new Set<Reader>();
  private readonly stopped = new AbortController();
  private readonly closing: Closing;
  /** The handler's calls one after another, also when several consumers read. */
  private turn: Promise<void> = Promise.resolve();
  private alone = false;
  /** Lanes that the broker does not have. */
  private readonly missing = new Map<string, LaneSource>();
  private background: Promise<void> | undefined;

  constructor(private readonly options: SubscriptionOptions) {
    const { closing } = options;
    const signal = AbortSignal.any([closing.signal, this.stopped.signal]);
    this.closing = { signal, error: () => closing.error() };
  }

  async open(): Promise<void> {
    const missing = await this.locate(this.options.sources);
    await this.read([...this.cursors.keys()]);
    this.awaitLanes(missing);
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
    const located = await Promise.all(
      sources.map(async (source) => {
        const range = existing.has(source.lane) ? await this.rangeOf(source.lane) : undefined;
        if (range) this.cursors.set(source.lane, startOffset(source.from, range));
        return range !== undefined;
      }),
    );
    return sources.filter((_, i) => !located[i]);
  }

  /** Undefined: it was lost a moment ago. */
  private rangeOf(lane: string): Promise<Range | undefined> {
    return this.options.topics.range(lane).catch((error: unknown) => {
      if (isMissingLane(error)) return undefined;
      throw error;
    });
  }

  private awaitLanes(sources: readonly LaneSource[]): void {
    // What stands in a lane that was made after `subscribe` is new, wherever reading was to start.
    for (const { lane } of sources) this.missing.set(lane, { lane, from: 'beginning' });
    if (this.missing.size === 0) return;
    this.background ??= this.appearing()
      .catch((error: unknown) => this.gaveUp(error))
      .finally(() => (this.background = undefined));
  }

  private async appearing(): Promise<void> {
    while (this.missing.size > 0) {
      await pause(APPEAR_MS, this.closing.signal);
      if (this.closing.signal.aborted) return;
      const waiting = [...this.missing.values()];
      const still = new Set((await this.locate(waiting)).map(({ lane }) => lane));
      const there = waiting.filter(({ lane }) => !still.has(lane));
      if (there.length === 0) continue;
      for (const { lane } of there) this.missing.delete(lane);
      await this.closeReaders();
      await this.read([...this.cursors.keys()]);
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
    const { client, kind, log } = this.options;
    const { cursors, closing } = this;
    const handler: LaneHandler = (batch) => this.inTurn(batch);
    try {
      const reader = await openReader({ client, name: kind, lanes, cursors, handler, closing, log });
      this.readers.add(reader);
      void reader.ended.then((end) => this.onEnd(end, reader, lanes)).catch((error: unknown) => this.gaveUp(error));
    } catch (error) {
      if (!isMissingLane(error)) throw error;
      await this.onMissing(lanes);
    }
  }

  private async onEnd(end: ReaderEnd, reader: Reader, lanes: readonly string[]): Promise<void> {
    if (end === 'closed' || !this.readers.delete(reader) || this.closing.signal.aborted) return;
    await (end === 'refused' ? this.onRefused(lanes) : this.onMissing(lanes));
  }

  /** The broker lost some of them: the others are read on, and those as soon as they are there again. */
  private async onMissing(lanes: readonly string[]): Promise<void> {
    const existing = await this.options.topics.existing();
    const lost = lanes.filter((lane) => !existing.has(lane));
    for (const lane of lost) this.cursors.delete(lane);
    this.options.log(`the broker lost ${lost.length} of ${lanes.length} lanes; waiting for them`);
    this.awaitLanes(lost.map((lane) => ({ lane, from: 'beginning' })));
    await this.read(lanes.filter((lane) => existing.has(lane)));
  }

  private async onRefused(lanes: readonly string[]): Promise<void> {
    this.alone = true;
    if (lanes.length === 1) {
      this.options.log(
        `${lanes[0]} carries a compressed batch and is not read; trying again in ${REFUSED_MS / 1000} s`,
      );
      await pause(REFUSED_MS, this.closing.signal);
    }
    await this.read(lanes);
  }

  /** Every trouble with the broker is tried again: what comes here is our own end, or a defect that people must hear of. */
  private gaveUp(error: unknown): void {
    if (!this.closing.signal.aborted) this.options.log(`lanes of ${this.options.kind} are not read: ${String(error)}`);
  }

  private inTurn(batch: Parameters<LaneHandler>[0]): Promise<void> {
    const { handler, kind, log } = this.options;
    const mine = this.turn.then(() => keepTrying(`handle ${kind}`, () => handler(batch), this.closing, log));
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}
