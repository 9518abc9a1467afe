import type { JsonObject } from '@custos/core-bytes';
import type { LicenceKind, Role } from '@custos/core-registry';

/** One organisation of a network: it runs a validator, and a partner service when it trades. */
export interface Organisation {
  /** Name of its folders, database, keys and tokens, and of its hosts among containers: a DNS label. */
  readonly name: string;
  readonly title: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The jurisdiction of the country, by the name of the rule set that applies there (M3): `EU`, `US`. */
  readonly region: string;
  readonly gln: string;
  /** GS1 company prefix. */
  readonly prefix: string;
  /** GLNs of its places besides its own. */
  readonly locations: readonly { readonly gln: string; readonly name: string }[];
  readonly roles: readonly Role[];
  readonly licences: readonly LicenceKind[];
  /** The folder under `apps` of its partner service; none for a member that validates but trades nothing. */
  readonly app?: 'manufacturer' | 'distributor' | 'pharmacy';
}

/** The ports of one process. */
export interface ProcessPorts {
  readonly http: number;
  /** Its watch listener. */
  readonly watch: number;
}

/** An organisation with the ports of its processes. */
export interface Member extends Organisation {
  readonly ports: { readonly validator: ProcessPorts; readonly service: ProcessPorts };
}

/** The facts that a topology is computed from: JSON, kept with a network and given to its containers. */
export interface Foundation {
  readonly network: string;
  readonly portBase: number;
  readonly organisations: readonly Organisation[];
  /** Name of the organisation that runs trace, on its own validator. */
  readonly reader: string;
  /** Rule sets besides the EU's by their names, as genesis holds them (M3). */
  readonly ruleSets: JsonObject;
}

/** The network as one value: what is started on this machine, and in containers, is read from it. */
export interface Topology {
  readonly network: string;
  readonly members: readonly Member[];
  /** Name of the member that runs trace, on its own validator. */
  readonly reader: string;
  readonly ports: { readonly kafka: number; readonly postgres: number; readonly trace: ProcessPorts };
  /** Rule sets besides the EU's by their names, as genesis holds them (M3). */
  readonly ruleSets: JsonObject;
}

/** The first port of the demo. */
export const DEFAULT_PORT_BASE = 7400;

/** Names of processes and containers that are no member's. */
const TAKEN_NAMES: readonly string[] = ['kafka', 'postgres', 'trace', 'init', 'story'];
/** A DNS label, short enough for the name of a database with the network before it (63 characters in Postgres). */
const NAME = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * Ports from the base on, for n members: 0 Kafka, 2 Postgres, 3 + i the service of member i, 4 + n trace (5 + n is free),
 * 6 + n + i the validator of member i. The watch listener of each process is {@link watchOffset} above its port.
 */
export function topologyOf({ network, portBase, organisations, reader, ruleSets }: Foundation): Topology {
  checkOrganisations(organisations, reader);
  const { length: count } = organisations;
  const at = (offset: number): ProcessPorts => {
    const http = portBase + offset;
    return { http, watch: http + watchOffset(count) };
  };
  return {
    network,
    members: organisations.map((organisation, i) => ({
      ...organisation,
      ports: { validator: at(6 + count + i), service: at(3 + i) },
    })),
    reader,
    ports: { kafka: portBase, postgres: portBase + 2, trace: at(4 + count) },
    ruleSets,
  };
}

/** Returns how far the watch ports of a network are above its public ones: 20 for up to seven members. */
function watchOffset(members: number): number {
  return 10 * Math.ceil((6 + 2 * members) / 10);
}

/** Returns how many ports a network takes from its base on: 40 for up to seven members. */
export function portSpan(members: number): number {
  return 2 * watchOffset(members);
}

/** Checks names, regions and the reader, which may come from a file. @throws Error naming the first fault. */
function checkOrganisations(organisations: readonly Organisation[], reader: string): void {
  const names = new Set(TAKEN_NAMES);
  const regions = new Map<string, string>();
  for (const { name, country, region } of organisations) {
    if (!NAME.test(name)) throw new Error(`a member's name is a DNS label of at most 32 characters, not ${name}`);
    for (const process of [name, `validator-${name}`]) {
      if (names.has(process)) throw new Error(`the name ${process} is taken`);
      names.add(process);
    }
    if ((regions.get(country) ?? region) !== region) throw new Error(`${country} is in one region, not in two`);
    regions.set(country, region);
  }
  if (!organisations.some(({ name }) => name === reader)) throw new Error(`no member is called ${reader}`);
}

/** Returns the facts that a topology was computed from. */
export function foundationOf({ network, members, reader, ports, ruleSets }: Topology): Foundation {
  const organisations = members.map(({ ports: _, ...organisation }) => organisation);
  return { network, portBase: ports.kafka, organisations, reader, ruleSets };
}

/** The base that the ports of a network begin at. */
export function portBaseOf({ ports }: Topology): number {
  return ports.kafka;
}

/** Returns a member by its name. @throws Error when there is none. */
export function memberOf({ members, network }: Topology, name: string): Member {
  const member = members.find((each) => each.name === name);
  if (!member) throw new Error(`${network} has no member ${name}`);
  return member;
}

/** Returns the members that have a partner service. */
export function tradingMembers({ members }: Topology): readonly TradingMember[] {
  return members.filter((member): member is TradingMember => member.app !== undefined);
}

/** A member that has a partner service. */
export type TradingMember = Member & Required<Pick<Member, 'app'>>;
