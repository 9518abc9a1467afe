import kafkajs from 'kafkajs';
import { kafkaClient } from './kafka-client.js';

/** A broker that has not answered all questions after this time is away. */
const INSPECT_MS = 5_000;

/** The settings of a broker that lanes depend on. */
export interface BrokerFacts {
  /** Milliseconds of one question and its answer, once connected. */
  readonly latencyMs: number;
  readonly brokers: number;
  /** `message.max.bytes`: largest batch that is taken. */
  readonly messageMaxBytes: number;
  /** Whether asking for a lane that does not exist makes one, with the broker's own settings. */
  readonly autoCreates: boolean;
  readonly lanes: readonly LaneFacts[];
}

/** The settings of one lane at the broker. */
export interface LaneFacts {
  readonly lane: string;
  readonly partitions: number;
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  readonly cleanup: string;
}

/** Asks a broker for its settings and for those of the lanes whose names begin with `prefix`; throws when it is away. */
export async function inspectBroker(brokers: readonly string[], prefix: string): Promise<BrokerFacts> {
  const admin = kafkaClient(brokers, 'custos-doctor').admin();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${INSPECT_MS} ms`)), INSPECT_MS);
  });
  const inspect = async (): Promise<BrokerFacts> => {
    await admin.connect();
    const asked = performance.now();
    const cluster = await admin.describeCluster();
    const latencyMs = performance.now() - asked;
    const { BROKER, TOPIC } = kafkajs.ConfigResourceTypes;
    const [broker] = await settingsOf(BROKER, [String(cluster.brokers[0]!.nodeId)]);
    const names = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
    const topics = names.length === 0 ? [] : (await admin.fetchTopicMetadata({ topics: names })).topics;
    const settings = await settingsOf(TOPIC, names);
    return {
      latencyMs,
      brokers: cluster.brokers.length,
      messageMaxBytes: Number(broker!.get('message.max.bytes')),
      autoCreates: broker!.get('auto.create.topics.enable') === 'true',
      lanes: names.map((lane, i) => ({
        lane,
        partitions: topics.find(({ name }) => name === lane)!.partitions.length,
        retentionMs: Number(settings[i]!.get('retention.ms')),
        maxMessageBytes: Number(settings[i]!.get('max.message.bytes')),
        cleanup: settings[i]!.get('cleanup.policy') ?? '',
      })),
    };
  };
  const settingsOf = async (
    type: number,
    names: readonly string[],
  ): Promise<readonly ReadonlyMap<string, string>[]> => {
    if (names.length === 0) return [];
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type, name })),
    });
    return names.map((name) => {
      const entries = resources.find(({ resourceName }) => resourceName === name)!.configEntries;
      return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
    });
  };
  try {
    return await Promise.race([inspect(), late]);
  } finally {
    clearTimeout(timer);
    await admin.disconnect().catch(() => undefined);
  }
}
