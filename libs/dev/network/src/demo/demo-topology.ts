import { DEFAULT_PORT_BASE, topologyOf, type Organisation, type Topology } from '../topology.js';

const ORGANISATIONS: readonly Organisation[] = [
  {
    name: 'manufacturer',
    title: 'Alpenrose Pharma',
    country: 'DE',
    region: 'EU',
    gln: '4012345000009',
    prefix: '4012345',
    locations: [{ gln: '4012345000016', name: 'Alpenrose, packaging line 1' }],
    roles: ['manufacturer'],
    licences: ['manufacturing', 'wholesale'],
    app: 'manufacturer',
  },
  {
    name: 'distributor',
    title: 'Nordlicht Großhandel',
    country: 'DE',
    region: 'EU',
    gln: '4023456000000',
    prefix: '4023456',
    locations: [{ gln: '4023456000017', name: 'Nordlicht, warehouse' }],
    roles: ['distributor'],
    licences: ['wholesale'],
    app: 'distributor',
  },
  {
    name: 'pharmacy',
    title: 'Löwen-Apotheke',
    country: 'DE',
    region: 'EU',
    gln: '4034567000001',
    prefix: '4034567',
    locations: [{ gln: '4034567000018', name: 'Löwen-Apotheke, counter' }],
    roles: ['pharmacy'],
    licences: ['dispensing'],
    app: 'pharmacy',
  },
  {
    name: 'regulator',
    title: 'Bundesstelle Arzneimittel',
    country: 'DE',
    region: 'EU',
    gln: '4045678000002',
    prefix: '4045678',
    locations: [],
    roles: ['regulator'],
    licences: [],
  },
];

/** Four members in one EU country, each with a validator (four bear one that lies or is away). */
export function demoTopology(portBase: number = DEFAULT_PORT_BASE, network = 'custos-demo'): Topology {
  return topologyOf({ network, portBase, organisations: ORGANISATIONS, reader: 'regulator', ruleSets: {} });
}
