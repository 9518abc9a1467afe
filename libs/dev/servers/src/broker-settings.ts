/** Settings that a single broker needs one of: it has no second one to copy to. */
const ONE = [
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
  'share.coordinator.state.topic.replication.factor',
  'share.coordinator.state.topic.min.isr',
  'default.replication.factor',
  'min.insync.replicas',
  'num.partitions',
  'offsets.topic.num.partitions',
  'transaction.state.log.num.partitions',
];

/** How every broker of ours is set, whatever starts it; where it listens and stores, its starter says. */
export const BROKER_SETTINGS: Readonly<Record<string, string>> = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'auto.create.topics.enable': 'false',
  ...Object.fromEntries(ONE.map((name) => [name, '1'])),
  // A group is joined at once, and a write to it does not linger: 5 ms a hop otherwise.
  'group.initial.rebalance.delay.ms': '0',
  'group.coordinator.append.linger.ms': '0',
  // A broker that was killed takes traffic again after 6 s instead of 13.
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '300',
};

/** Heap of a broker: enough for a demo network and its tests. */
export const BROKER_HEAP = '-Xmx512m';
/**
 * The quick compiler only: a start costs 4.5 s of CPU instead of 10, and the first 10,000 messages half as much; beyond
 * them the thorough compiler would win, which a developer's broker seldom sees.
 */
export const BROKER_QUICK: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Where Kafka's image keeps its messages, and listens. */
export const IMAGE_LOG = '/var/lib/kafka/data';
export const IMAGE_PORT = 9092;
const IMAGE_CONTROLLER_PORT = 9093;

/** The environment that sets up Kafka's image as one broker, which tells clients to come to `advertised`. */
export function brokerEnvironment(advertised: string): Readonly<Record<string, string>> {
  const settings = {
    ...BROKER_SETTINGS,
    listeners: `PLAINTEXT://:${IMAGE_PORT},CONTROLLER://127.0.0.1:${IMAGE_CONTROLLER_PORT}`,
    'advertised.listeners': `PLAINTEXT://${advertised}`,
    // The image formats its log without `--standalone`, so the voters must be named (KAFKA-21277).
    'controller.quorum.voters': `1@127.0.0.1:${IMAGE_CONTROLLER_PORT}`,
    'log.dirs': IMAGE_LOG,
  };
  return {
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`KAFKA_${name.replaceAll('.', '_').toUpperCase()}`, value]),
    ),
    KAFKA_HEAP_OPTS: BROKER_HEAP,
    KAFKA_JVM_PERFORMANCE_OPTS: BROKER_QUICK.join(' '),
  };
}

/** Succeeds inside the container once the broker takes connections; its published port answers before that. */
export const BROKER_PROBE: readonly string[] = ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${IMAGE_PORT}`];
