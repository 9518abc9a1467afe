import { keepTrying, type Closing, type TroubleLog } from '../backoff.js';
import type { LaneHandler, LaneSource, LaneSubscription } from '../lanes.js';
import { LaneTail } from './lane-tail.js';

/** A source with the folder of its lane. */
type PlacedSource = LaneSource & { readonly folder: string };

/** The settings of a subscription. */
export interface FileSubscriptionOptions {
  readonly kind: string;
  readonly sources: readonly PlacedSource[];
  readonly handler: LaneHandler;
  readonly closing: Closing;
  readonly log: TroubleLog;
}

/** One kind of lanes, read in turns: one batch of each lane that has something. */
export class FileSubscription implements LaneSubscription {
  private readonly stopped = new AbortController();
  private readonly closing: Closing;
  private readonly tails: readonly LaneTail[];
  private running: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;

  constructor(private readonly options: FileSubscriptionOptions) {
    const { closing, sources, log } = options;
    const signal = AbortSignal.any([closing.signal, this.stopped.signal]);
    this.closing = { signal, error: () => closing.error() };
    const onWake = (): void => this.wake();
    this.tails = sources.map((source) => new LaneTail({ ...source, signal, log, onWake }));
    signal.addEventListener('abort', onWake);
  }

  async open(): Promise<void> {
    await Promise.all(this.tails.map((tail) => this.trying('open', () => tail.open())));
    // Only the end of the subscription ends it: all other trouble is tried again.
    this.running = this.run().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.stopped.abort();
    await this.running;
    await Promise.all(this.tails.map((tail) => tail.close()));
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const awake = this.tails.filter(({ isAwake }) => isAwake);
      if (awake.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
      for (const tail of awake) {
        const batch = await this.trying('read', () => tail.read());
        if (batch.length > 0) await this.trying('handle', () => this.options.handler(batch));
      }
    }
  }

  private trying<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { kind, log } = this.options;
    return keepTrying(`${what} ${kind}`, work, this.closing, log);
  }
}
