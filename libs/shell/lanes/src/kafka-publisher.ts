import type { Producer } from 'kafkajs';
import { keepTrying, type Closing, type TroubleLog } from './backoff.js';
import { isForbiddenName, isMissingLane } from './kafka-client.js';
import type { KafkaTopics } from './kafka-topics.js';
import { checkValues, LanesFull, MAX_WAITING_BYTES } from './lanes.js';

/** Most bytes of one send: a broker takes 1,048,588 by default, all framing included. */
const MAX_SEND_BYTES = 1_000_000;
/** What a record adds to its value, rounded up; the rest of the difference pays for the batch. */
const RECORD_BYTES = 32;
/** Longest wait of the broker for its own replicas. */
const ACKS_MS = 10_000;

interface Item {
  readonly value: Uint8Array;
  readonly call: Call;
}

interface Call {
  left: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends values lane by lane: one send of a lane is under way at a time, which keeps the order also over a retry, and
 * what arrives meanwhile leaves together in the next one.
 */
export class KafkaPublisher {
  private readonly queues = new Map<string, Item[]>();
  private waitingBytes = 0;
  private connected: Promise<void> | undefined;

  constructor(
    private readonly producer: Producer,
    private readonly topics: Pick<KafkaTopics, 'restore'>,
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
        throw new LanesFull(`${this.waitingBytes} bytes wait for the broker; no more are taken until it is back`);
      this.waitingBytes += bytes;
      const call: Call = { left: values.length, resolve, reject };
      const items = values.map((value) => ({ value, call }));
      const queue = this.queues.get(lane);
      if (queue !== undefined) return void queue.push(...items);
      this.queues.set(lane, items);
      void this.drain(lane, items);
    });
  }

  async close(): Promise<void> {
    if (this.connected !== undefined) await this.producer.disconnect().catch(() => undefined);
  }

  private async drain(lane: string, queue: Item[]): Promise<void> {
    while (queue.length > 0) {
      const items = queue.splice(0, countThatFits(queue));
      try {
        await keepTrying(`publish on ${lane}`, () => this.send(lane, items), this.closing, this.log, isForbiddenName);
        for (const { call } of items) if (--call.left === 0) call.resolve();
      } catch (error) {
        for (const { call } of items) call.reject(error);
      }
      this.waitingBytes -= sizeOf(items.map(({ value }) => value));
    }
    this.queues.delete(lane);
  }

  private async send(lane: string, items: readonly Item[]): Promise<void> {
    this.connected ??= this.producer.connect();
    try {
      await this.connected;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
    const messages = items.map(({ value }) => ({
      partition: 0,
      value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    }));
    try {
      await this.producer.send({ topic: lane, acks: -1, timeout: ACKS_MS, messages });
    } catch (error) {
      if (isMissingLane(error)) await this.topics.restore(lane);
      throw error;
    }
  }
}

function sizeOf(values: readonly Uint8Array[]): number {
  return values.reduce((sum, { length }) => sum + length + RECORD_BYTES, 0);
}

/** As many from the front as one send takes; a single one always goes, its own limit leaves room. */
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
