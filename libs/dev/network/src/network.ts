import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { database, startServers, type Servers } from '@custos/dev-servers';
import { DirectoryLocked, lockDirectory } from '@custos/shell-chain-store';
import { LOOPBACK, loopbackAddresses } from './addresses.js';
import { childProcess, type Child } from './child.js';
import { openGenesis } from './genesis.js';
import { databaseName, planNetwork, type NetworkPlan, type ProcessPlan } from './processes.js';
import { openStage, type Stage } from './stage.js';
import { openStateDirectory, resetStateDirectory, type StateDirectory } from './state-directory.js';
import { tradingMembers, type Topology } from './topology.js';

export interface NetworkOptions {
  readonly topology: Topology;
  /** Keys, tokens, chain and read models; a second start with it continues. */
  readonly directory: string;
  /** The checkout, whose `apps` are started from their build. */
  readonly root: string;
  readonly reset?: boolean;
  /** Kafka and Postgres that run already and are somebody else's to stop; its own otherwise. */
  readonly servers?: Servers;
  /** Settings of every process besides those that the plan gives it. */
  readonly env?: Readonly<Record<string, string>>;
  /** One line for each thing that is up. */
  readonly log: (line: string) => void;
  /** Stops a start that is under way. */
  readonly signal?: AbortSignal;
}

/** A whole network as processes of this machine. */
export interface Network extends Stage {
  readonly state: StateDirectory;
  readonly servers: Servers;
  readonly plan: NetworkPlan;
  readonly validators: ReadonlyMap<string, Child>;
  readonly services: ReadonlyMap<string, Child>;
  readonly trace: Child;
  stop(): Promise<void>;
}

/**
 * Starts servers, validators, then services; if one does not come up, stops all and throws why. What an earlier run that
 * was killed has left behind is ended first. When `signal` aborts during the start, all is stopped and it throws.
 *
 * @throws NetworkRuns when a network of this folder runs: nothing of it is touched
 */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const lock = await lockDirectory(options.directory).catch((error: unknown) => {
    throw error instanceof DirectoryLocked ? new NetworkRuns(options.directory) : error;
  });
  try {
    const network = await startLocked(options);
    return { ...network, stop: () => network.stop().finally(() => lock.close()) };
  } catch (error) {
    await lock.close();
    throw error;
  }
}

/** A network of this folder runs, or is about to. */
export class NetworkRuns extends Error {
  override readonly name = 'NetworkRuns';

  constructor(directory: string) {
    super(`a network runs already in ${directory}`);
  }
}

async function startLocked(options: NetworkOptions): Promise<Network> {
  const { topology, directory, root, log } = options;
  if (options.reset) resetStateDirectory(directory);
  const state = await openStateDirectory(directory, topology);
  const started = options.servers
    ? undefined
    : await startServers({
        directory: join(directory, 'servers'),
        kafkaPort: topology.ports.kafka,
        postgresPort: topology.ports.postgres,
        reset: options.reset,
        log,
      });
  const servers = options.servers ?? started!;
  const children: Child[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopAll());
  async function stopAll(): Promise<void> {
    // Services first, so that nothing is asked of what is gone already; the servers last.
    for (const child of [...children].reverse()) await child.stop();
    await started?.stop();
  }
  const launch = async (group: readonly Child[]) => {
    options.signal?.throwIfAborted();
    children.push(...group);
    const started = await Promise.allSettled(
      group.map(async (child) => {
        const begun = Date.now();
        await child.start();
        log(`${child.name} is up (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
      }),
    );
    // After all of them: one that is still being started would outlive the stop.
    for (const each of started) if (each.status === 'rejected') throw each.reason;
  };
  const abort = (): void => void stop();
  options.signal?.addEventListener('abort', abort);
  try {
    openGenesis(state, topology, { ...loopbackAddresses(topology), lanes: servers.lanes }, Date.now());
    const plan = await planHere(topology, state, servers);
    const child = (process: ProcessPlan) =>
      startable(root, state, { ...process, env: { ...process.env, ...options.env } });
    const byMember = (processes: readonly ProcessPlan[]) =>
      new Map(processes.map((process) => [process.member.name, child(process)]));
    const validators = byMember(plan.validators);
    await launch([...validators.values()]);
    const services = byMember(plan.services);
    const trace = child(plan.trace);
    await launch([...services.values(), trace]);
    const stage = openStage(topology, loopbackAddresses(topology), state.tokens);
    return { ...stage, state, servers, plan, validators, services, trace, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** The processes on this machine, each with a database that is there. */
async function planHere(topology: Topology, state: StateDirectory, servers: Servers): Promise<NetworkPlan> {
  const databases = new Map<string, string>();
  for (const service of [...tradingMembers(topology).map(({ name }) => name), 'trace'])
    databases.set(service, await database(servers.postgres, databaseName(topology, service)));
  return planNetwork(topology, {
    ...state,
    addresses: { ...loopbackAddresses(topology), lanes: servers.lanes },
    // Load and tests come from this machine, also without a token.
    settings: { CUSTOS_HTTP_HOST: LOOPBACK, CUSTOS_RATE_EXEMPT: LOOPBACK },
    validatorFolder: (name) => state.folder(`validators/${name}`),
    database: (service) => ({ CUSTOS_POSTGRES: databases.get(service)! }),
  });
}

/** A process of this machine, which is yet to be started. */
export function startable(root: string, state: StateDirectory, { name, app, ports, env }: ProcessPlan): Child {
  const script = join(root, 'apps', app, 'dist', 'main.js');
  if (!existsSync(script)) throw new Error(`apps/${app} is not built: npm run build`);
  return childProcess({
    ...{ name, script, env, port: ports.http },
    logFile: join(state.path, 'logs', `${name}.log`),
    pidFile: join(state.path, 'logs', `${name}.pid`),
    readyUrl: `http://${LOOPBACK}:${ports.http}/health/ready`,
  });
}
