import { PROCESS_NAMES, type Addresses } from '../addresses.js';
import { planNetwork, type NetworkPlan } from '../processes.js';
import { memberOf, type Topology } from '../topology.js';

// What stands where inside the containers of docker-compose.yml: read by who writes that file and by who fills volumes.

/** Where a container finds what was handed out to it, and to it alone. */
export const HANDED = '/run/custos';
/** Files that are handed out, under the same names to every process that needs them. */
export const FILES = {
  genesis: 'genesis.json',
  /** Signs votes in a validator, transactions and questions elsewhere. */
  key: 'signing.key',
  /** Callers and the hashes of their tokens. */
  tokens: 'tokens.json',
  /** Address of its database, the password in it. */
  database: 'postgres.url',
  /** The tokens themselves: to the player of the story only. */
  access: 'access.json',
  /** To Postgres only: its superuser's password, and the script that makes roles and databases. */
  superuser: 'superuser.password',
  databases: 'databases.sql',
} as const;
/** Where a process keeps what is its own: a validator's chain and journal; keys and tokens in `init`. */
export const OWN = '/var/lib/custos';
/** Where `init` finds the volumes of all others. */
export const HAND_OUT = '/run/hand-out';

export const POSTGRES_HOST = 'postgres';
export const POSTGRES_PORT = 5432;
/** Postgres' image runs scripts of this folder on its first start. */
export const POSTGRES_SETUP = '/docker-entrypoint-initdb.d';
export const KAFKA_HOST = 'kafka';
/** Who plays the story inside, and gets tokens for it. */
export const STORY = 'story';

/** Containers reach each other by the names of their processes. */
export function containerAddresses(topology: Topology, kafkaPort: number): Addresses {
  const { validator, service, trace } = PROCESS_NAMES;
  const portsOf = (name: string) => memberOf(topology, name).ports;
  return {
    lanes: `${KAFKA_HOST}:${kafkaPort}`,
    validator: (name) => `http://${validator(name)}:${portsOf(name).validator.http}`,
    watchValidator: (name) => `http://${validator(name)}:${portsOf(name).validator.watch}`,
    service: (name) => `http://${service(name)}:${portsOf(name).service.http}`,
    trace: `http://${trace}:${topology.ports.trace.http}`,
  };
}

export function planContainers(topology: Topology, addresses: Addresses): NetworkPlan {
  const handed = (file: string) => () => `${HANDED}/${file}`;
  return planNetwork(topology, {
    addresses,
    // The network of the containers is reached through published ports only, and no proxy is before them.
    settings: { CUSTOS_HTTP_HOST: '0.0.0.0', CUSTOS_PROXIES: 'none' },
    genesisFile: `${HANDED}/${FILES.genesis}`,
    validatorKeyFile: handed(FILES.key),
    partyKeyFile: handed(FILES.key),
    tokensFile: handed(FILES.tokens),
    validatorFolder: () => OWN,
    database: () => ({ CUSTOS_POSTGRES_FILE: `${HANDED}/${FILES.database}` }),
  });
}
