import { createHash } from 'node:crypto';
import { freePort, knock } from './child.js';
import { finished, runs } from './java.js';

const KAFKA_IMAGE = 'apache/kafka:4.1.1';
const POSTGRES_IMAGE = 'postgres:18';
/** Longest wait for a container, its image's download excluded. */
const READY_MS = 60_000;
const LOOK_MS = 100;

/** A server in a container: where it listens on loopback, and how to end it. */
export interface Container {
  readonly port: number;
  readonly name: string;
  stop(): Promise<void>;
}

/** True when a Docker engine answers. */
export function dockerRuns(): boolean {
  return runs('docker', 'version');
}

/** Containers and volumes are named by the directory they stand in for, so the next start finds its messages again. */
function nameOf(kind: 'kafka' | 'postgres', directory: string): string {
  return `custos-${kind}-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
}

/** Kafka's own image as one broker and controller. */
export async function dockerKafka(directory: string, port?: number): Promise<Container> {
  const chosen = port ?? (await freePort());
  const settings = {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${chosen}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_GROUP_COORDINATOR_APPEND_LINGER_MS: '0',
  };
  return start(nameOf('kafka', directory), {
    image: KAFKA_IMAGE,
    port: chosen,
    inside: 9092,
    volume: '/var/lib/kafka/data',
    settings,
    probe: () => knock(chosen),
  });
}

/** Postgres' own image; anybody on loopback is its superuser. */
export async function dockerPostgres(directory: string, port?: number): Promise<Container> {
  const chosen = port ?? (await freePort());
  const name = nameOf('postgres', directory);
  return start(name, {
    image: POSTGRES_IMAGE,
    port: chosen,
    inside: 5432,
    volume: '/var/lib/postgresql',
    settings: { POSTGRES_HOST_AUTH_METHOD: 'trust' },
    probe: async () =>
      void (await finished('docker', ['exec', name, 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres'])),
  });
}

/** Ends the container of a directory and forgets its volume. */
export async function resetDocker(directory: string, kind: 'kafka' | 'postgres'): Promise<void> {
  const name = nameOf(kind, directory);
  await finished('docker', ['rm', '--force', name]);
  await finished('docker', ['volume', 'rm', '--force', name]);
}

interface Run {
  readonly image: string;
  readonly port: number;
  readonly inside: number;
  readonly volume: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly probe: () => Promise<void>;
}

async function start(name: string, run: Run): Promise<Container> {
  // A container that an earlier run left behind; its volume stays.
  await finished('docker', ['rm', '--force', name]);
  const settings = Object.entries(run.settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const publish = ['--publish', `127.0.0.1:${run.port}:${run.inside}`, '--volume', `${name}:${run.volume}`];
  await finished('docker', ['run', '--detach', '--rm', '--name', name, ...publish, ...settings, run.image]);
  const stop = async (): Promise<void> => void (await finished('docker', ['rm', '--force', name]));
  for (const deadline = Date.now() + READY_MS; ;) {
    try {
      await run.probe();
      return { port: run.port, name, stop };
    } catch (error) {
      if (Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        continue;
      }
      await stop();
      throw new Error(`${run.image} did not answer within ${READY_MS / 1000} s`, { cause: error });
    }
  }
}
