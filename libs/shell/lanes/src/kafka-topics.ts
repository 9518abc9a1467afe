import type { Admin, ITopicConfig, Kafka, SeekEntry } from 'kafkajs';
import { keepTrying, type Closing, type TroubleLog } from './backoff.js';
import { isForbiddenName, isMissingLane } from './kafka-client.js';
import { HEALTH_MS, type LaneSpec, type Range } from './lanes.js';

/** Longest wait for new topics to have a leader. */
const CREATE_MS = 10_000;

/** The requests about topics: creating them, and their first and last offsets. */
export class KafkaTopics {
  private connected: Promise<void> | undefined;
  private asking: Promise<unknown> | undefined;
  private readonly ours = new Map<string, LaneSpec>();
  private readonly admin: Admin;

  constructor(
    private readonly kafka: Pick<Kafka, 'admin'>,
    private readonly closing: Closing,
    private readonly log: TroubleLog,
  ) {
    this.admin = kafka.admin();
  }

  async ensure(specs: readonly LaneSpec[]): Promise<void> {
    for (const spec of specs) this.ours.set(spec.lane, spec);
    const existing = await this.existing();
    const topics = specs.filter(({ lane }) => !existing.has(lane)).map(topicOf);
    if (topics.length === 0) return;
    // Two who make the same lane at once are both right: the library reads "exists already" as success.
    await this.ask('create lanes', () => this.admin.createTopics({ topics, waitForLeaders: true, timeout: CREATE_MS }));
  }

  /** Makes our lanes anew after the broker has lost one: a client that knew several can send to none before all are there. */
  async restore(lane: string): Promise<void> {
    if (this.ours.has(lane)) await this.ensure([...this.ours.values()]);
  }

  async existing(): Promise<ReadonlySet<string>> {
    return new Set(await this.ask('list lanes', () => this.admin.listTopics()));
  }

  /** @throws what {@link isMissingLane} knows when there is no such lane */
  async range(lane: string): Promise<Range> {
    const isFatal = (error: unknown): boolean => isForbiddenName(error) || isMissingLane(error);
    const ask = () => this.endsOf(lane);
    return keepTrying(`read the ends of ${lane}`, ask, this.closing, this.log, isFatal);
  }

  /** By a client of its own: the library's wants every lane that it ever read to be there before it does anything else. */
  private async endsOf(lane: string): Promise<Range> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const [range] = await admin.fetchTopicOffsets(lane);
      return range as SeekEntry & Range;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  /** One question at a time, however many ask: tries at an absent broker must not pile up. */
  async health(): Promise<void> {
    this.asking ??= this.once(() => this.admin.describeCluster()).finally(() => (this.asking = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${HEALTH_MS} ms`)), HEALTH_MS);
    });
    try {
      await Promise.race([this.asking, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    if (this.connected !== undefined) await this.admin.disconnect().catch(() => undefined);
  }

  private ask<T>(what: string, question: () => Promise<T>): Promise<T> {
    return keepTrying(what, () => this.once(question), this.closing, this.log, isForbiddenName);
  }

  private async once<T>(question: () => Promise<T>): Promise<T> {
    if (this.closing.signal.aborted) throw this.closing.error();
    this.connected ??= this.admin.connect();
    try {
      await this.connected;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
    return question();
  }
}

function topicOf({ lane, retentionMs }: LaneSpec): ITopicConfig {
  return {
    topic: lane,
    // One partition is what gives a lane its order.
    numPartitions: 1,
    configEntries: [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'retention.ms', value: String(retentionMs) },
      // The broker inflates what a stranger compressed, under its own limit on the result.
      { name: 'compression.type', value: 'uncompressed' },
    ],
  };
}
