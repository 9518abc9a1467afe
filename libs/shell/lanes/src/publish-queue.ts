import { keepTrying, type Closing, type TroubleLog } from './backoff.js';
import { checkValues, LanesFull, MAX_WAITING_BYTES } from './lanes.js';

/** Most bytes of one send: a broker takes 1,048,588 by default, all framing included. */
const MAX_SEND_BYTES = 1_000_000;
/** Bytes that a record adds to its value, rounded up; the rest of the difference pays for the batch. */
const RECORD_BYTES = 32;

interface Item {
  readonly value: Uint8Array;
  readonly call: Call;
}

interface Call {
  left: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The sending half of an adapter: `send` resolves when all values are durable. */
export interface Sender {
  send(lane: string, values: readonly Uint8Array[]): Promise<void>;
  /** Returns whether an error is one that no further try can mend. */
  isFatal(error: unknown): boolean;
}

/**
 * Sends values lane by lane: one send of a lane is under way at a time, which keeps the order also over a retry, and
 * what arrives meanwhile leaves together in the next one.
 */
export class PublishQueue {
  private readonly queues = new Map<string, Item[]>();
  private readonly drains = new Set<Promise<void>>();
  private waitingBytes = 0;

  constructor(
    private readonly sender: Sender,
    private readonly closing: Closing,
    private readonly log: TroubleLog,
  ) {}

  publish(lane: string, values: readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve, reject) => {
      checkValues(values);
      if (this.closing.signal.aborted) throw this.closing.error();
      if (values.length === 0) return resolve();
      const bytes = sizeOf(values);
      if (this.waitingBytes + bytes > MAX_WAITING_BYTES)
        throw new LanesFull(`${this.waitingBytes} bytes wait to be sent; no more are taken until they are gone`);
      this.waitingBytes += bytes;
      const call: Call = { left: values.length, resolve, reject };
      const items = values.map((value) => ({ value, call }));
      const queue = this.queues.get(lane);
      if (queue !== undefined) return void queue.push(...items);
      this.queues.set(lane, items);
      const drain = this.drain(lane, items).finally(() => this.drains.delete(drain));
      this.drains.add(drain);
    });
  }

  /** Resolves when no send is under way; call it after the closing signal, or it waits for an absent broker. */
  async settled(): Promise<void> {
    await Promise.all(this.drains);
  }

  private async drain(lane: string, queue: Item[]): Promise<void> {
    const { closing, log, sender } = this;
    while (queue.length > 0) {
      const items = queue.splice(0, countThatFits(queue));
      const values = items.map(({ value }) => value);
      try {
        await keepTrying(`publish on ${lane}`, () => sender.send(lane, values), closing, log, sender.isFatal);
        for (const { call } of items) if (--call.left === 0) call.resolve();
      } catch (error) {
        for (const { call } of items) call.reject(error);
      }
      this.waitingBytes -= sizeOf(values);
    }
    this.queues.delete(lane);
  }
}

function sizeOf(values: readonly Uint8Array[]): number {
  return values.reduce((sum, { length }) => sum + length + RECORD_BYTES, 0);
}

/** Returns as many from the front as one send takes; a single one always goes, its own limit leaves room. */
function countThatFits(queue: readonly Item[]): number {
  let bytes = 0;
  let count = 0;
  for (const { value } of queue) {
    bytes += value.length + RECORD_BYTES;
    if (count > 0 && bytes > MAX_SEND_BYTES) break;
    count++;
  }
  return count;
}
