import { randomBytes } from 'node:crypto';
import type { Closing, TroubleLog } from './backoff.js';
import { cuttableClient, isMissingLane, kafkaClient } from './kafka-client.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { openReader } from './kafka-reader.js';
import { KafkaSubscription } from './kafka-subscription.js';
import { KafkaTopics } from './kafka-topics.js';
import { LanesClosed, type LaneMessage, type Lanes } from './lanes.js';
import { PublishQueue } from './publish-queue.js';

/** The brokers and the name of a client. */
export interface KafkaLanesOptions {
  /** `host:port`, one or more. */
  readonly brokers: readonly string[];
  /** Names this process in the broker's logs. */
  readonly clientId: string;
  /** Gets a line when something begins to fail and when it works again; never the content of a message. */
  readonly log?: TroubleLog;
}

/** Lanes over Kafka: a topic of one partition each. Connects when it is first used, and waits for an absent broker. */
export function kafkaLanes({ brokers, clientId, log = () => undefined }: KafkaLanesOptions): Lanes {
  const kafka = kafkaClient(brokers, clientId);
  const client = () => cuttableClient(brokers, clientId);
  const closed = new AbortController();
  const closing: Closing = { signal: closed.signal, error: () => new LanesClosed('these lanes are closed') };
  const topics = new KafkaTopics(kafka, closing, log);
  const publisher = new KafkaPublisher(kafka.producer({ allowAutoTopicCreation: false }), topics);
  const queue = new PublishQueue(publisher, closing, log);
  const subscriptions = new Set<KafkaSubscription>();
  return {
    carrier: 'Kafka',
    publish: (lane, values) => queue.publish(lane, values),
    async subscribe(kind, sources, handler) {
      if (closed.signal.aborted) throw closing.error();
      const named = `${clientId}.${kind}`;
      const subscription = new KafkaSubscription({ client, topics, kind: named, sources, handler, closing, log });
      subscriptions.add(subscription);
      await subscription.open();
      return {
        async close() {
          subscriptions.delete(subscription);
          await subscription.close();
        },
      };
    },
    async last(lane) {
      if (!(await topics.existing()).has(lane)) return undefined;
      try {
        const { low, high } = await topics.range(lane);
        return low === high ? undefined : await newest(lane, String(BigInt(high) - 1n));
      } catch (error) {
        // It was lost a moment ago.
        if (isMissingLane(error)) return undefined;
        throw error;
      }
    },
    ensure: (specs) => topics.ensure(specs),
    health: () => topics.health(),
    async close() {
      closed.abort();
      await Promise.all([...subscriptions].map((each) => each.close()));
      await Promise.all([publisher.close(), topics.close()]);
    },
  };

  /** Reads from the last offset by a consumer of its own. */
  async function newest(lane: string, offset: string): Promise<LaneMessage | undefined> {
    const name = `${clientId}.last.${randomBytes(4).toString('hex')}`;
    let found: (message: LaneMessage | undefined) => void = () => undefined;
    const message = new Promise<LaneMessage | undefined>((resolve) => (found = resolve));
    const reader = await openReader({
      ...{ client, name, lanes: [lane], cursors: new Map([[lane, offset]]), closing, log },
      handler: async (batch) => found(batch.at(-1)),
    });
    void reader.ended.then(() => found(undefined));
    try {
      return await message;
    } finally {
      await reader.close();
    }
  }
}
