import { LanesClosed, type Lanes } from '@custos/shell-lanes';
import type { Log } from '@custos/shell-process';

/** Messages that may wait while the broker is away. K10 sends again all that still matters, so the oldest may go. */
const MAX_WAITING_MESSAGES = 1_024;

/** One `publish` holds at most this many bytes: a Kafka request is bounded as a whole. */
const MAX_PUBLISH_BYTES = 900_000;

/**
 * Sends to one lane without anybody waiting: one publish is in flight, and what gathers meanwhile leaves
 * together. Losing a message costs time, never safety (K10).
 */
export class LaneSender {
  private waiting: Uint8Array[] = [];
  private running = false;
  private closed = false;

  constructor(
    private readonly lanes: Lanes,
    private readonly lane: string,
    private readonly log: Log,
  ) {}

  send(value: Uint8Array): void {
    if (this.closed) return;
    this.waiting.push(value);
    if (this.waiting.length > MAX_WAITING_MESSAGES) this.waiting.shift();
    if (!this.running) void this.run();
  }

  close(): void {
    this.closed = true;
    this.waiting = [];
  }

  private async run(): Promise<void> {
    this.running = true;
    // Let the rest of this turn join the first batch: votes that belong together leave together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.nextBatch();
      try {
        await this.lanes.publish(this.lane, batch);
      } catch (error) {
        if (error instanceof LanesClosed) this.close();
        else this.log.warn('messages were not sent', { lane: this.lane, count: batch.length, error: String(error) });
      }
    }
    this.running = false;
  }

  private nextBatch(): readonly Uint8Array[] {
    let bytes = 0;
    let count = 0;
    for (const value of this.waiting) {
      bytes += value.length;
      if (count > 0 && bytes > MAX_PUBLISH_BYTES) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }
}
