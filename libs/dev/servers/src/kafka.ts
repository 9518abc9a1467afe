import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftover, freePort, knock, requireFree, startChild, type Child } from './child.js';
import { BROKER_HEAP, BROKER_QUICK, BROKER_SETTINGS } from './broker-settings.js';
import { fetchKafka, finished, kafkaJars } from './java.js';

/** A broker on this machine. */
export interface KafkaServer {
  /** `host:port` for clients. */
  readonly address: string;
  readonly pid: number;
  /** Ends it in order; `stop('SIGKILL')` as a crash would. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface KafkaOptions {
  /** The checkout, whose `.custos/kafka/lib` holds the jars. */
  readonly root: string;
  /** Settings, log and messages of this broker; the next start with it continues. */
  readonly directory: string;
  readonly port?: number;
}

/**
 * Starts one KRaft process as broker and controller. A broker of the same directory that an earlier run left behind is
 * ended first: its log is on disk, and it may be too old or half dead.
 */
export async function startKafka({ root, directory, port }: KafkaOptions): Promise<KafkaServer> {
  mkdirSync(directory, { recursive: true });
  await Promise.all([fetchKafka(root), endLeftoverBroker(directory)]);
  const clients = port ?? (await freePort());
  const controller = await freePort();
  await requireFree('Kafka', clients);
  const settings = settingsFile(directory);
  writeFileSync(settings, serverProperties(join(directory, 'log'), clients, controller));
  const jars = join(kafkaJars(root), '*');
  if (!existsSync(join(directory, 'log', 'meta.properties'))) await format(jars, settings);
  const child = startChild({
    command: 'java',
    args: [
      BROKER_HEAP,
      ...BROKER_QUICK,
      `-Dlog4j2.configurationFile=file:${join(root, 'libs', 'dev', 'servers', 'kafka', 'log4j2.xml')}`,
      '-cp',
      jars,
      'kafka.Kafka',
      settings,
    ],
    logFile: logFile(directory),
    stopSignal: 'SIGTERM',
  });
  writeFileSync(pidFile(directory), String(child.pid));
  try {
    await child.ready('Kafka', () => knock(clients));
  } catch (error) {
    await child.stop('SIGKILL');
    throw error;
  }
  return { address: `127.0.0.1:${clients}`, pid: child.pid, stop: (signal) => stop(child, directory, signal) };
}

async function stop(child: Child, directory: string, signal: NodeJS.Signals | undefined): Promise<void> {
  await child.stop(signal);
  rmSync(pidFile(directory), { force: true });
}

const pidFile = (directory: string): string => join(directory, 'kafka.pid');
const logFile = (directory: string): string => join(directory, 'kafka.log');
const settingsFile = (directory: string): string => join(directory, 'server.properties');
const endLeftoverBroker = (directory: string): Promise<void> =>
  endLeftover(pidFile(directory), settingsFile(directory));

async function format(jars: string, settings: string): Promise<void> {
  // With `=`, since an id may begin with a dash.
  const id = `--cluster-id=${randomBytes(16).toString('base64url')}`;
  await finished('java', [
    ...BROKER_QUICK,
    '-Dlog4j2.level=ERROR',
    '-cp',
    jars,
    'kafka.tools.StorageTool',
    'format',
    '--standalone',
    id,
    '-c',
    settings,
  ]);
}

function serverProperties(logFolder: string, port: number, controller: number): string {
  const settings = {
    ...BROKER_SETTINGS,
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': logFolder,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Ends the broker of a directory that an earlier run may have left, and forgets its messages. */
export async function resetKafka(directory: string): Promise<void> {
  await endLeftoverBroker(directory);
  rmSync(directory, { recursive: true, force: true });
}
