import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  DEFAULT_PORT_BASE,
  demoTopology,
  portBaseOf,
  savedTopology,
  tradingMembers,
  type ProcessPorts,
  type Topology,
} from '@custos/dev-network';
import type { PrivateFiles } from './files.js';
import type { WantedPort } from './ports.js';
import type { WatchedService } from './services.js';

export const HOST = '127.0.0.1';

type Environment = Readonly<Record<string, string | undefined>>;

/** The place as the command line names it; undefined = not named. */
export interface PlaceOptions {
  readonly portBase: number | undefined;
  readonly directory: string | undefined;
  readonly kafka: string | undefined;
  readonly postgres: string | undefined;
  readonly genesis: string | undefined;
}

/** The place to examine: a network on this machine, one service by its own environment, or a network by its genesis. */
export interface Place {
  /** A sentence for the operator: the place, and the source of its settings. */
  readonly about: string;
  /** The ports and members of a network on this machine; undefined for any other place. */
  readonly topology: Topology | undefined;
  readonly ports: readonly WantedPort[];
  /** Services of this machine: judged when one of them answers, since otherwise they are not started. */
  readonly local: readonly WatchedService[];
  /** Services that must answer in any case. */
  readonly needed: readonly WatchedService[];
  readonly directory: string;
  readonly kafka: string | undefined;
  readonly postgres: string | undefined;
  readonly genesisFile: string | undefined;
  readonly files: PrivateFiles;
  /** Whether a command line is one of the processes that are looked at. */
  isOurs(command: string): boolean;
}

/**
 * Finds the place: the network that `--port-base` or `--directory` names; else the service whose settings the
 * environment holds; else the network of a genesis document; else the demo of this checkout, at the ports that its
 * folder says.
 */
export function findPlace(options: PlaceOptions, environment: Environment, root: string): Place {
  const isLocal = options.portBase !== undefined || options.directory !== undefined;
  const isService = Boolean(environment['CUSTOS_KEY_FILE'] || environment['CUSTOS_HTTP_PORT']);
  const genesis = options.genesis ?? environment['CUSTOS_GENESIS'];
  if (isLocal || (!isService && genesis === undefined)) return networkPlace(options, environment, root);
  if (isService) return servicePlace(options, environment);
  return {
    ...namedPlace(options, environment),
    about: `the network of the genesis document ${genesis}; no ports of this machine`,
    ...{ topology: undefined, ports: [], local: [], needed: [], isOurs: isServiceCommand },
  };
}

type NamedPlace = Pick<Place, 'directory' | 'kafka' | 'postgres' | 'genesisFile' | 'files'>;

/** Returns the settings that options and environment name, whatever the place. */
function namedPlace(options: PlaceOptions, environment: Environment): NamedPlace {
  const named = (name: string): readonly string[] => (environment[name] ? [environment[name]] : []);
  return {
    directory: resolve(options.directory ?? environment['CUSTOS_DIRECTORY'] ?? '.'),
    kafka: options.kafka ?? environment['CUSTOS_KAFKA'],
    postgres: options.postgres ?? environment['CUSTOS_POSTGRES'] ?? contentOf(environment['CUSTOS_POSTGRES_FILE']),
    genesisFile: options.genesis ?? environment['CUSTOS_GENESIS'],
    files: { keys: named('CUSTOS_KEY_FILE'), others: [...named('CUSTOS_TOKENS'), ...named('CUSTOS_POSTGRES_FILE')] },
  };
}

function networkPlace(options: PlaceOptions, environment: Environment, root: string): Place {
  const directory = resolve(options.directory ?? join(root, '.custos', 'demo'));
  const saved = savedTopology(directory);
  const topology =
    options.portBase === undefined ? (saved ?? demoTopology(DEFAULT_PORT_BASE)) : demoTopology(options.portBase);
  const from =
    options.portBase === undefined ? (saved ? 'as its folder says' : 'none was started there yet') : '--port-base';
  const services = servicePorts(topology);
  const genesis = join(directory, 'genesis.json');
  const named = namedPlace(options, environment);
  return {
    ...named,
    directory,
    genesisFile: named.genesisFile ?? (existsSync(genesis) ? genesis : undefined),
    about: `the network ${topology.network} in ${directory}, ports from ${portBaseOf(topology)} on (${from})`,
    topology,
    ports: [
      { port: topology.ports.kafka, use: 'Kafka' },
      { port: topology.ports.postgres, use: 'Postgres' },
      ...services.map(({ ports, use }) => ({ port: ports.http, use })),
      ...services.map(({ ports, use }) => watched(ports.watch, use)),
    ],
    local: services.map(({ ports, use }) => ({ name: use, origin: `http://${HOST}:${ports.http}` })),
    needed: [],
    isOurs: (command) => command.includes(join(root, 'apps')) || command.includes(directory),
  };
}

/** One service, by the settings that it reads itself. */
function servicePlace(options: PlaceOptions, environment: Environment): Place {
  const port = Number(environment['CUSTOS_HTTP_PORT'] ?? 0);
  const host = environment['CUSTOS_HTTP_HOST'] ?? HOST;
  const validator = environment['CUSTOS_VALIDATOR'];
  const use = environment['CUSTOS_PARTY'] ? `service of ${environment['CUSTOS_PARTY']}` : 'validator';
  const read = Object.keys(environment).filter((name) => name.startsWith('CUSTOS_') && environment[name]);
  // One that listens on every address is asked on this machine's own.
  const asked = host === '0.0.0.0' || host === '::' ? HOST : host.includes(':') ? `[${host}]` : host;
  const hasPort = isPort(port);
  const watchPort = Number(environment['CUSTOS_WATCH_PORT'] ?? 0);
  return {
    ...namedPlace(options, environment),
    about: `the ${use} of this environment${hasPort ? `, ${host}:${port}` : ''}: ${read.sort().join(', ')}`,
    topology: undefined,
    ports: [...(hasPort ? [{ port, use }] : []), ...(isPort(watchPort) ? [watched(watchPort, use)] : [])],
    local: hasPort ? [{ name: use, origin: `http://${asked}:${port}` }] : [],
    needed: validator ? [{ name: 'CUSTOS_VALIDATOR', origin: validator }] : [],
    isOurs: isServiceCommand,
  };
}

/** A service is started as `node apps/NAME/dist/main.js`. */
function isServiceCommand(command: string): boolean {
  return /\bapps\/[\w-]+\/dist\/main\.js\b/.test(command);
}

function contentOf(file: string | undefined): string | undefined {
  try {
    return file ? readFileSync(file, 'utf8').trim() : undefined;
  } catch {
    // That it cannot be read is a finding of the files.
    return undefined;
  }
}

/** Returns whether a port is set, and not left to the system. */
function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0;
}

/** Returns the port of a watch listener: metrics, and the state of a validator. */
function watched(port: number, use: string): WantedPort {
  return { port, use: `watching ${use}` };
}

interface ServicePorts {
  readonly use: string;
  readonly ports: ProcessPorts;
}

function servicePorts(topology: Topology): readonly ServicePorts[] {
  return [
    { use: 'trace', ports: topology.ports.trace },
    ...topology.members.map(({ name, ports }) => ({ use: `validator of ${name}`, ports: ports.validator })),
    ...tradingMembers(topology).map(({ name, ports }) => ({ use: name, ports: ports.service })),
  ];
}
