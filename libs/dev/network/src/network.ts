import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { database, startServers, type Servers } from '@custos/dev-servers';
import { childProcess, type Child } from './child.js';
import { openGenesis } from './genesis.js';
import { client, type Client } from './http.js';
import { openStateDirectory, resetStateDirectory, type StateDirectory } from './state-directory.js';
import { memberOf, tradingMembers, type Member, type MemberName, type Topology } from './topology.js';

export interface NetworkOptions {
  readonly topology: Topology;
  /** Keys, tokens, chain and read models; a second start with it continues. */
  readonly directory: string;
  /** The checkout, whose `apps` are started from their build. */
  readonly root: string;
  readonly reset?: boolean;
  /** One line for each thing that is up. */
  readonly log: (line: string) => void;
}

/** A whole network as processes of this machine. */
export interface Network {
  readonly topology: Topology;
  readonly state: StateDirectory;
  readonly servers: Servers;
  readonly validators: ReadonlyMap<MemberName, Child>;
  readonly services: ReadonlyMap<MemberName, Child>;
  readonly trace: Child;
  /** A client of a member's service, with the member's token. */
  service(name: MemberName): Client;
  /** A client of trace in the name of a member; of the public when none is named. */
  traceAs(name?: MemberName): Client;
  validatorUrl(name: MemberName): string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts servers, validators, then services; if one does not come up, stops all and throws why. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { topology, directory, root, log } = options;
  if (options.reset) resetStateDirectory(directory);
  const state = await openStateDirectory(directory, topology);
  openGenesis(state, topology, Date.now());
  const servers = await startServers({
    directory: join(directory, 'servers'),
    kafkaPort: topology.ports.kafka,
    postgresPort: topology.ports.postgres,
    reset: options.reset,
    log,
  });
  const children: Child[] = [];
  const stop = async () => {
    // Services first, so that nothing is asked of what is gone already; the servers last.
    for (const child of [...children].reverse()) await child.stop();
    await servers.stop();
  };
  const launch = async (group: readonly Child[]) => {
    children.push(...group);
    await Promise.all(
      group.map(async (child) => {
        const begun = Date.now();
        await child.start();
        log(`${child.name} is up (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
      }),
    );
  };
  try {
    const world: World = { root, topology, state, servers };
    const validators = new Map(topology.members.map((member) => [member.name, validator(world, member)]));
    await launch([...validators.values()]);
    const services = new Map<MemberName, Child>();
    for (const member of tradingMembers(topology)) services.set(member.name, await partner(world, member));
    const trace = await traceService(world);
    await launch([...services.values(), trace]);
    return { topology, state, servers, validators, services, trace, stop, ...clients(topology, state) };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface World {
  readonly root: string;
  readonly topology: Topology;
  readonly state: StateDirectory;
  readonly servers: Servers;
}

function clients(topology: Topology, state: StateDirectory) {
  const origin = (port: number) => `http://${HOST}:${port}`;
  return {
    service: (name: MemberName) => client(origin(topology.ports.members[name].service), state.tokens[name].token),
    traceAs: (name?: MemberName) => client(origin(topology.ports.trace), name && state.tokens[name].token),
    validatorUrl: (name: MemberName) => origin(topology.ports.members[name].validator),
  };
}

function validator(world: World, member: Member): Child {
  const port = world.topology.ports.members[member.name].validator;
  return processOf(world, `validator-${member.name}`, 'validator', port, {
    CUSTOS_KEY_FILE: world.state.validatorKeyFile(member.name),
    CUSTOS_DIRECTORY: world.state.folder(`validators/${member.name}`),
  });
}

async function partner(world: World, member: Member): Promise<Child> {
  const { topology, state, servers } = world;
  return processOf(world, member.name, member.name, topology.ports.members[member.name].service, {
    CUSTOS_PARTY: member.gln,
    CUSTOS_KEY_FILE: state.partyKeyFile(member.name),
    CUSTOS_POSTGRES: await database(servers.postgres, databaseName(topology, member.name)),
    CUSTOS_VALIDATOR: `http://${HOST}:${topology.ports.members[member.name].validator}`,
    CUSTOS_VALIDATOR_NAME: member.gln,
    CUSTOS_TOKENS: state.tokensFile(member.name),
  });
}

/** The regulator's trace service: it follows the regulator's own validator. */
async function traceService(world: World): Promise<Child> {
  const { topology, state, servers } = world;
  const regulator = memberOf(topology, 'regulator');
  return processOf(world, 'trace', 'trace', topology.ports.trace, {
    CUSTOS_PARTY: regulator.gln,
    CUSTOS_KEY_FILE: state.partyKeyFile('regulator'),
    CUSTOS_POSTGRES: await database(servers.postgres, databaseName(topology, 'trace')),
    CUSTOS_VALIDATOR: `http://${HOST}:${topology.ports.members.regulator.validator}`,
    CUSTOS_VALIDATOR_NAME: regulator.gln,
    CUSTOS_TOKENS: state.tokensFile('trace'),
  });
}

/** Networks that share a server do not share a database. */
function databaseName({ network }: Topology, service: string): string {
  return `${network.replaceAll('-', '_')}_${service}`;
}

function processOf(world: World, name: string, app: string, port: number, env: Record<string, string>): Child {
  const script = join(world.root, 'apps', app, 'dist', 'main.js');
  if (!existsSync(script)) throw new Error(`apps/${app} is not built: npm run build`);
  return childProcess({
    name,
    script,
    logFile: join(world.state.path, 'logs', `${name}.log`),
    readyUrl: `http://${HOST}:${port}/health/ready`,
    env: {
      CUSTOS_GENESIS: world.state.genesisFile,
      CUSTOS_KAFKA: world.servers.kafka,
      CUSTOS_HTTP_HOST: HOST,
      CUSTOS_HTTP_PORT: String(port),
      ...env,
    },
  });
}
