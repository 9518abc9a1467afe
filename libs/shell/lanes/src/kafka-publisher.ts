import type { Producer } from 'kafkajs';
import { isForbiddenName, isMissingLane } from './kafka-client.js';
import type { KafkaTopics } from './kafka-topics.js';
import type { Sender } from './publish-queue.js';

/** Longest wait of the broker for its own replicas. */
const ACKS_MS = 10_000;

/** Sends to the broker by one producer; makes a lane anew that the broker has lost. */
export class KafkaPublisher implements Sender {
  private connected: Promise<void> | undefined;

  constructor(
    private readonly producer: Producer,
    private readonly topics: Pick<KafkaTopics, 'restore'>,
  ) {}

  async send(lane: string, values: readonly Uint8Array[]): Promise<void> {
    this.connected ??= this.producer.connect();
    try {
      await this.connected;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
    const messages = values.map((value) => ({
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

  isFatal(error: unknown): boolean {
    return isForbiddenName(error);
  }

  async close(): Promise<void> {
    if (this.connected !== undefined) await this.producer.disconnect().catch(() => undefined);
  }
}
