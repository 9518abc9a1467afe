import { folderOf } from '@custos/shell-lanes';
import { PROCESS_NAMES, type Addresses } from './addresses.js';
import { memberOf, tradingMembers, type Member, type ProcessPorts, type Topology } from './topology.js';

/**
 * How Node starts each of them. Young objects get 32 MiB instead of 16: what a block leaves behind then dies where it is
 * cheap, which is a twelfth of the processor time under load, for 20 to 30 MB of memory a process.
 */
export const NODE_FLAGS: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=32'];

/** One process of the network: the same on this machine and in a container. */
export interface ProcessPlan {
  readonly name: string;
  /** Folder under `apps`. */
  readonly app: string;
  readonly member: Member;
  readonly ports: ProcessPorts;
  readonly env: Readonly<Record<string, string>>;
}

/** Processes in the order in which they are started. */
export interface NetworkPlan {
  readonly validators: readonly ProcessPlan[];
  readonly services: readonly ProcessPlan[];
  readonly trace: ProcessPlan;
}

/** Where a process finds what it needs, on this machine or in its container. */
export interface Places {
  readonly addresses: Addresses;
  /** Settings that follow from the place alone. */
  readonly settings: Readonly<Record<string, string>>;
  readonly genesisFile: string;
  validatorKeyFile(name: string): string;
  /** Of the validator alone: its chain and its journal. */
  validatorFolder(name: string): string;
  partyKeyFile(name: string): string;
  tokensFile(service: string): string;
  /** CUSTOS_POSTGRES, or CUSTOS_POSTGRES_FILE. */
  database(service: string): Readonly<Record<string, string>>;
}

export function planNetwork(topology: Topology, places: Places): NetworkPlan {
  return {
    validators: topology.members.map((member) => planValidator(places, member)),
    services: tradingMembers(topology).map((member) =>
      planReader(places, {
        ...{ name: PROCESS_NAMES.service(member.name), app: member.app, member },
        ports: member.ports.service,
      }),
    ),
    trace: planReader(places, {
      ...{ name: PROCESS_NAMES.trace, app: 'trace', member: memberOf(topology, topology.reader) },
      ports: topology.ports.trace,
    }),
  };
}

export function allProcesses({ validators, services, trace }: NetworkPlan): readonly ProcessPlan[] {
  return [...validators, ...services, trace];
}

/** Networks that share a server do not share a database. */
export function databaseName({ network }: Topology, service: string): string {
  return `${network}_${service}`.replaceAll('-', '_');
}

function planValidator(places: Places, member: Member): ProcessPlan {
  const ports = member.ports.validator;
  return {
    ...{ name: PROCESS_NAMES.validator(member.name), app: 'validator', member, ports },
    env: {
      ...everyProcess(places, ports),
      CUSTOS_KEY_FILE: places.validatorKeyFile(member.name),
      CUSTOS_DIRECTORY: places.validatorFolder(member.name),
    },
  };
}

/** A process that follows the chain from its organisation's validator into a database of its own. */
function planReader(places: Places, process: Omit<ProcessPlan, 'env'>): ProcessPlan {
  const { name, member, ports } = process;
  return {
    ...process,
    env: {
      ...everyProcess(places, ports),
      CUSTOS_PARTY: member.gln,
      CUSTOS_KEY_FILE: places.partyKeyFile(member.name),
      ...places.database(name),
      CUSTOS_VALIDATOR: places.addresses.validator(member.name),
      CUSTOS_VALIDATOR_NAME: member.gln,
      CUSTOS_TOKENS: places.tokensFile(name),
    },
  };
}

function everyProcess({ addresses, settings, genesisFile }: Places, ports: ProcessPorts): Record<string, string> {
  return {
    CUSTOS_GENESIS: genesisFile,
    [folderOf(addresses.lanes) === undefined ? 'CUSTOS_KAFKA' : 'CUSTOS_LANES']: addresses.lanes,
    ...settings,
    CUSTOS_HTTP_PORT: String(ports.http),
    CUSTOS_WATCH_PORT: String(ports.watch),
  };
}
