import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitOnSignals } from './child.js';
import { dockerKafka, dockerPostgres, dockerRuns, resetDocker } from './docker.js';
import { repositoryRoot } from './java.js';
import { resetKafka, startKafka } from './kafka.js';
import { chooseLanes, KAFKA_MISSING } from './lanes-choice.js';
import { postgresPackage } from './postgres-files.js';
import { resetPostgres, startPostgres } from './postgres.js';

export interface ServersOptions {
  /** Everything the servers keep; the next start with it continues where this one stopped. */
  readonly directory: string;
  /** Fixed ports on loopback; free ones otherwise. */
  readonly kafkaPort?: number;
  readonly postgresPort?: number;
  /** Forget what the directory holds first. */
  readonly reset?: boolean;
  /** True: without Kafka nothing starts; false: files carry the lanes where Kafka cannot be had. */
  readonly requireKafka?: boolean;
  /** False: a crash of the machine may lose tables. For tests; true otherwise. */
  readonly durable?: boolean;
  /** One line for each thing that is up. */
  readonly log?: (line: string) => void;
}

export interface Servers {
  /** The address of the lanes: `host:port` of Kafka, or `file:/folder`. */
  readonly lanes: string;
  /** Url of somebody who may create databases and roles. */
  readonly postgres: string;
  /** Milliseconds each took to answer; absent for one that was there already. */
  readonly timings: { readonly lanes?: number; readonly postgres?: number };
  /** Ends what was started, and nothing else. */
  stop(): Promise<void>;
}

interface Started {
  readonly address: string;
  readonly took?: number;
  stop(): Promise<void>;
}

/**
 * Real Kafka and real Postgres: the ones in CUSTOS_KAFKA and CUSTOS_POSTGRES, else processes of this machine, else
 * containers. Where Kafka cannot be had, or CUSTOS_LANES is `file`, the lanes are files. If one does not start, the other
 * is stopped, and the error says what to install.
 */
export async function startServers(options: ServersOptions): Promise<Servers> {
  mkdirSync(options.directory, { recursive: true });
  exitOnSignals();
  const root = repositoryRoot(import.meta.dirname);
  const results = await Promise.allSettled([lanes(root, options), postgres(root, options)]);
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => void (await Promise.all(started.map((each) => each.stop())));
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    await stop();
    throw result.reason;
  }
  const [carrier, tables] = started as [Started, Started];
  return {
    lanes: carrier.address,
    postgres: tables.address,
    timings: { lanes: carrier.took, postgres: tables.took },
    stop,
  };
}

async function lanes(root: string, options: ServersOptions): Promise<Started> {
  const choice = chooseLanes(root, process.env);
  if (choice.carrier === 'file' && options.requireKafka) throw new Error(KAFKA_MISSING);
  options.log?.(choice.why);
  switch (choice.carrier) {
    case 'given':
      return { address: choice.address, stop: async () => undefined };
    case 'java':
    case 'docker':
      return startBroker(root, options, choice.carrier);
    case 'file': {
      const folder = resolve(options.directory, 'lanes');
      if (options.reset) rmSync(folder, { recursive: true, force: true });
      options.log?.(`the lanes are in ${folder}; every process of the network must run on this machine`);
      return { address: `file:${folder}`, stop: async () => undefined };
    }
  }
}

async function startBroker(root: string, options: ServersOptions, carrier: 'java' | 'docker'): Promise<Started> {
  const directory = join(options.directory, 'kafka');
  const begun = Date.now();
  if (carrier === 'java') {
    if (options.reset) await resetKafka(directory);
    return up('Kafka', options, begun, await startKafka({ root, directory, port: options.kafkaPort }));
  }
  if (options.reset) await resetDocker(directory, 'kafka');
  const container = await dockerKafka(directory, options.kafkaPort);
  return up('Kafka (Docker)', options, begun, { address: `127.0.0.1:${container.port}`, stop: container.stop });
}

async function postgres(root: string, options: ServersOptions): Promise<Started> {
  const { CUSTOS_POSTGRES: given } = process.env;
  if (given) return { address: given, stop: async () => undefined };
  const directory = join(options.directory, 'postgres');
  const begun = Date.now();
  const native = postgresPackage(root);
  if (native !== undefined) {
    if (options.reset) await resetPostgres(directory);
    const { durable = true, postgresPort: port } = options;
    const server = await startPostgres({ native, directory, port, durable });
    return up('Postgres', options, begun, { address: server.url, stop: () => server.stop() });
  }
  if (!dockerRuns())
    throw new Error(
      'There is no Postgres for this machine: start a Docker engine, or name a server of yours in CUSTOS_POSTGRES=postgres://user@host:port/postgres.',
    );
  if (options.reset) await resetDocker(directory, 'postgres');
  const { durable = true, postgresPort } = options;
  const container = await dockerPostgres(directory, durable, postgresPort);
  const address = `postgres://postgres@127.0.0.1:${container.port}/postgres`;
  return up('Postgres (Docker)', options, begun, { address, stop: container.stop });
}

function up(
  name: string,
  { log }: ServersOptions,
  begun: number,
  server: { readonly address: string; stop(): Promise<void> },
): Started {
  const took = Date.now() - begun;
  log?.(`${name} is up at ${server.address} (${(took / 1000).toFixed(1)} s)`);
  return { address: server.address, took, stop: () => server.stop() };
}
