import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { postgresPackage, startKafka, startPostgres, type Servers } from '@custos/dev-servers';
import type { Topology } from '../topology.js';

/** A server that may be killed, with SIGKILL, and started again on what it had on disk. */
interface MortalServer {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Kafka and Postgres of one network alone, so that no one else's go with them. */
export interface MortalServers extends Servers {
  readonly broker: MortalServer & {
    /** Forgets every topic; while it is down. */
    forget(): void;
  };
  readonly tables: MortalServer;
}

export async function startMortalServers(root: string, directory: string, topology: Topology): Promise<MortalServers> {
  const native = postgresPackage(root);
  if (native === undefined) throw new Error('Postgres of npm is not here: faults need a server that can be killed');
  const { kafka: kafkaPort, postgres: postgresPort } = topology.ports;
  const [kafkaFolder, postgresFolder] = [join(directory, 'kafka'), join(directory, 'postgres')];
  const broker = await mortal(() => startKafka({ root, directory: kafkaFolder, port: kafkaPort }));
  const tables = await mortal(() =>
    startPostgres({ native, directory: postgresFolder, port: postgresPort, durable: false }),
  );
  return {
    lanes: `127.0.0.1:${kafkaPort}`,
    postgres: `postgres://postgres@127.0.0.1:${postgresPort}/postgres`,
    timings: {},
    broker: { ...broker, forget: () => rmSync(join(kafkaFolder, 'log'), { recursive: true, force: true }) },
    tables,
    async stop() {
      await Promise.all([broker.stop(), tables.stop()]);
    },
  };
}

interface Stoppable {
  stop(signal?: NodeJS.Signals): Promise<void>;
}

async function mortal(begin: () => Promise<Stoppable>): Promise<MortalServer & { stop(): Promise<void> }> {
  let running: Stoppable | undefined = await begin();
  const end = async (signal?: NodeJS.Signals): Promise<void> => {
    await running?.stop(signal);
    running = undefined;
  };
  return {
    kill: () => end('SIGKILL'),
    async start() {
      running = await begin();
    },
    stop: () => end(),
  };
}
