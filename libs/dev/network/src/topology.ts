import type { LicenceKind, Role } from '@custos/core-registry';

/** Names of the members: of their folders, databases, keys and tokens. */
export type MemberName = 'manufacturer' | 'distributor' | 'pharmacy' | 'regulator';

/** One organisation of the network: runs a validator, and a partner service when it trades. */
export interface Member {
  readonly name: MemberName;
  readonly title: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly gln: string;
  /** GS1 company prefix. */
  readonly prefix: string;
  /** GLNs of its places besides its own. */
  readonly locations: readonly { readonly gln: string; readonly name: string }[];
  readonly roles: readonly Role[];
  readonly licences: readonly LicenceKind[];
  /** False: a member that validates but trades nothing. */
  readonly trades: boolean;
}

export interface MemberPorts {
  readonly validator: number;
  readonly service: number;
}

/** The network as one value: what is started on this machine, and later in containers, is read from it. */
export interface Topology {
  readonly network: string;
  readonly members: readonly Member[];
  readonly ports: {
    readonly kafka: number;
    readonly postgres: number;
    readonly trace: number;
    readonly members: Readonly<Record<MemberName, MemberPorts>>;
  };
}

export const DEFAULT_PORT_BASE = 7400;
/** The watch listener of a process is this far above its public port. */
const WATCH_OFFSET = 20;
/** Ports that a network takes from its base on: the public ones, then as many for watching. */
export const PORT_SPAN = 2 * WATCH_OFFSET;

/** Returns the port of the watch listener of a process, by its public port. */
export function watchPortOf(port: number): number {
  return port + WATCH_OFFSET;
}

const MEMBERS: readonly Member[] = [
  {
    name: 'manufacturer',
    title: 'Alpenrose Pharma',
    country: 'DE',
    gln: '4012345000009',
    prefix: '4012345',
    locations: [{ gln: '4012345000016', name: 'Alpenrose, packaging line 1' }],
    roles: ['manufacturer'],
    licences: ['manufacturing', 'wholesale'],
    trades: true,
  },
  {
    name: 'distributor',
    title: 'Nordlicht Großhandel',
    country: 'DE',
    gln: '4023456000000',
    prefix: '4023456',
    locations: [{ gln: '4023456000017', name: 'Nordlicht, warehouse' }],
    roles: ['distributor'],
    licences: ['wholesale'],
    trades: true,
  },
  {
    name: 'pharmacy',
    title: 'Löwen-Apotheke',
    country: 'DE',
    gln: '4034567000001',
    prefix: '4034567',
    locations: [{ gln: '4034567000018', name: 'Löwen-Apotheke, counter' }],
    roles: ['pharmacy'],
    licences: ['dispensing'],
    trades: true,
  },
  {
    name: 'regulator',
    title: 'Bundesstelle Arzneimittel',
    country: 'DE',
    gln: '4045678000002',
    prefix: '4045678',
    locations: [],
    roles: ['regulator'],
    licences: [],
    trades: false,
  },
];

/** Four members in one EU country, each with a validator (four bear one that lies or is away). */
export function demoTopology(portBase: number = DEFAULT_PORT_BASE, network = 'custos-demo'): Topology {
  const ports = (index: number): MemberPorts => ({ validator: portBase + 10 + index, service: portBase + 3 + index });
  return {
    network,
    members: MEMBERS,
    ports: {
      kafka: portBase,
      postgres: portBase + 2,
      trace: portBase + 8,
      members: {
        manufacturer: ports(0),
        distributor: ports(1),
        pharmacy: ports(2),
        regulator: ports(3),
      },
    },
  };
}

/** The base that the ports of a demo network begin at. */
export function portBaseOf({ ports }: Topology): number {
  return ports.kafka;
}

export function memberOf(topology: Topology, name: MemberName): Member {
  return topology.members.find((member) => member.name === name)!;
}

export function tradingMembers(topology: Topology): readonly Member[] {
  return topology.members.filter((member) => member.trades);
}
