import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { brokerEnvironment, BROKER_PROBE, IMAGE_LOG, IMAGE_PORT } from './broker-settings.js';
import { freePort } from './child.js';
import { KAFKA_IMAGE, POSTGRES_IMAGE } from './docker-images.js';
import { finished, runs } from './java.js';
import { postgresSettings } from './postgres.js';

/** Longest wait for a container, its image's download excluded. */
const READY_MS = 60_000;
/** Longest wait for a server to end in order; then the engine kills it. */
const STOP_S = 15;
const LOOK_MS = 100;
/** Lines of a container's log that an error message shows. */
const TAIL_LINES = 12;

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

/** Why containers of these images cannot be started here without a download; undefined when they can. */
export function containersLack(images: readonly string[] = [KAFKA_IMAGE, POSTGRES_IMAGE]): string | undefined {
  if (!dockerRuns()) return 'no Docker engine answers';
  const missing = images.filter((image) => !runs('docker', 'image', 'inspect', image));
  if (missing.length === 0) return undefined;
  return `the engine lacks ${missing.join(' and ')} (docker pull, or deploy/offline/build.sh)`;
}

/** Containers and volumes are named by the directory they stand in for, so the next start finds its messages again. */
export function containerName(kind: 'kafka' | 'postgres', directory: string): string {
  return `custos-${kind}-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
}

/** Kafka's own image as one broker and controller. */
export async function dockerKafka(directory: string, port?: number): Promise<Container> {
  const chosen = port ?? (await freePort());
  return start(containerName('kafka', directory), {
    image: KAFKA_IMAGE,
    port: chosen,
    inside: IMAGE_PORT,
    volume: IMAGE_LOG,
    settings: brokerEnvironment(`127.0.0.1:${chosen}`),
    args: [],
    probe: BROKER_PROBE,
  });
}

/** Postgres' own image; anybody on loopback is its superuser. */
export async function dockerPostgres(directory: string, durable: boolean, port?: number): Promise<Container> {
  return start(containerName('postgres', directory), {
    image: POSTGRES_IMAGE,
    port: port ?? (await freePort()),
    inside: 5432,
    volume: '/var/lib/postgresql',
    settings: { POSTGRES_HOST_AUTH_METHOD: 'trust' },
    args: ['postgres', ...postgresSettings(durable)],
    // By address: while the image sets up its tables it serves a socket only.
    probe: ['pg_isready', '-q', '-h', '127.0.0.1', '-U', 'postgres'],
  });
}

/** Ends the container of a directory and forgets its volume. */
export async function resetDocker(directory: string, kind: 'kafka' | 'postgres'): Promise<void> {
  const name = containerName(kind, directory);
  await remove(name);
  await finished('docker', ['volume', 'rm', '--force', name]);
}

interface Run {
  readonly image: string;
  readonly port: number;
  readonly inside: number;
  readonly volume: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Succeeds inside the container once the server takes connections: the engine takes them on its port before. */
  readonly probe: readonly string[];
}

async function start(name: string, run: Run): Promise<Container> {
  // A container that an earlier run left behind; its volume stays.
  await remove(name);
  const settings = Object.entries(run.settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const publish = ['--publish', `127.0.0.1:${run.port}:${run.inside}`, '--volume', `${name}:${run.volume}`];
  removeWithUs.add(name);
  try {
    await finished('docker', ['run', '--detach', '--name', name, ...publish, ...settings, run.image, ...run.args]);
    await ready(name, run);
  } catch (error) {
    await remove(name);
    throw error;
  }
  return { port: run.port, name, stop: () => stop(name) };
}

async function ready(name: string, { image, probe }: Run): Promise<void> {
  for (const deadline = Date.now() + READY_MS; ; await new Promise((resolve) => setTimeout(resolve, LOOK_MS))) {
    try {
      await finished('docker', ['exec', name, ...probe]);
      return;
    } catch (error) {
      const state = (await finished('docker', ['inspect', '--format', '{{.State.Status}}', name])).trim();
      if (state === 'running' && Date.now() < deadline) continue;
      const log = await finished('docker', ['logs', '--tail', String(TAIL_LINES), name]);
      const what = state === 'running' ? `did not answer within ${READY_MS / 1000} s` : 'stopped while starting';
      throw new Error(`${image} ${what}; the end of its log:\n${log.trimEnd()}`, { cause: error });
    }
  }
}

async function stop(name: string): Promise<void> {
  // In order, so that the next start has nothing to recover.
  await finished('docker', ['stop', '--time', String(STOP_S), name]);
  await remove(name);
}

async function remove(name: string): Promise<void> {
  await finished('docker', ['rm', '--force', '--volumes', name]).catch((error: Error) => {
    // Older clients call that a failure.
    if (!error.message.includes('No such container')) throw error;
  });
  removeWithUs.delete(name);
}

// ---- no container outlives us

const removeWithUs = new Set<string>();

/** The last net: whatever ends this process in a way that Node sees also ends what it started. */
process.on('exit', () => {
  if (removeWithUs.size > 0) spawnSync('docker', ['rm', '--force', '--volumes', ...removeWithUs], { stdio: 'ignore' });
});
