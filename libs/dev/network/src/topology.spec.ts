import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orReject, type Json } from '@custos/core-bytes';
import { genesisOf } from '@custos/core-chain';
import { checkDigit } from '@custos/core-gs1';
import { registry, registryGenesis } from '@custos/core-registry';
import { mapView } from '@custos/core-state';
import { nodeHasher } from '@custos/shell-node-crypto';
import { parse } from 'yaml';
import { loopbackAddresses } from './addresses.js';
import { composeFile } from './compose/compose-file.js';
import { handOutSecrets } from './compose/hand-out.js';
import { openGenesis } from './genesis.js';
import { databaseName } from './processes.js';
import { openStateDirectory, savedTopology } from './state-directory.js';
import {
  memberOf,
  portSpan,
  topologyOf,
  tradingMembers,
  type Foundation,
  type Organisation,
  type ProcessPorts,
  type Topology,
} from './topology.js';

const BASE = 30_000;

type Part = Pick<Organisation, 'name' | 'country' | 'region' | 'roles' | 'licences' | 'app'>;

const PARTS: readonly Part[] = [
  {
    name: 'alpenrose',
    country: 'DE',
    region: 'EU',
    roles: ['manufacturer'],
    licences: ['manufacturing'],
    app: 'manufacturer',
  },
  {
    name: 'nordlicht',
    country: 'DE',
    region: 'EU',
    roles: ['distributor'],
    licences: ['wholesale'],
    app: 'distributor',
  },
  { name: 'officine', country: 'FR', region: 'EU', roles: ['pharmacy'], licences: ['dispensing'], app: 'pharmacy' },
  { name: 'agence', country: 'FR', region: 'EU', roles: ['regulator'], licences: [] },
  { name: 'prairie', country: 'US', region: 'US', roles: ['distributor'], licences: ['wholesale'], app: 'distributor' },
  { name: 'st-mary', country: 'US', region: 'US', roles: ['hospital'], licences: ['dispensing'], app: 'pharmacy' },
  { name: 'agency', country: 'US', region: 'US', roles: ['regulator'], licences: [] },
];
const prefixOf = (index: number): string => `40${index + 1}2345`;
const glnOf = (index: number): string => `${prefixOf(index)}00000${checkDigit(`${prefixOf(index)}00000`)}`;

const organisation = (part: Part, i: number): Organisation => ({
  ...part,
  title: `$${part.name}, Inc.`,
  gln: glnOf(i),
  prefix: prefixOf(i),
  locations: [],
});

/** Seven members in two regions; the law of one is written out. */
const FOUNDATION: Foundation = {
  network: 'custos-seven',
  portBase: BASE,
  organisations: PARTS.map(organisation),
  reader: 'agence',
  ruleSets: { US: { transactionStatementRequired: true, possessorAtDispensing: 'refuse', partialDispensing: true } },
};

function portsOf({ ports, members }: Topology): readonly number[] {
  const both = ({ http, watch }: ProcessPorts) => [http, watch];
  const ofMembers = members.flatMap((member) => [...both(member.ports.validator), ...both(member.ports.service)]);
  return [ports.kafka, ports.postgres, ...both(ports.trace), ...ofMembers];
}

describe('a network of seven members in two regions', () => {
  const topology = topologyOf(FOUNDATION);
  const directory = mkdtempSync(join(tmpdir(), 'custos-seven-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('has keys, tokens and files for each, and is found again in its folder', async () => {
    const state = await openStateDirectory(join(directory, 'state'), topology);
    const keys = [...state.keys.values()].flatMap(({ party, validator }) => [party, validator]);
    expect(new Set(keys).size).toBe(14);
    expect(state.tokens.all.map(({ name, access }) => [name, access])).toEqual(
      FOUNDATION.organisations.map(({ name, app }) => [name, app === undefined ? 'read' : 'operate']),
    );
    expect(savedTopology(state.path)).toEqual(topology);
  });

  it('has a genesis that the registry takes, each country under the law of its region', async () => {
    const state = await openStateDirectory(join(directory, 'state'), topology);
    const json = openGenesis(state, topology, loopbackAddresses(topology), Date.now());
    const genesis = orReject(genesisOf(json));
    expect(genesis.validators).toHaveLength(7);
    expect(genesis.countries).toEqual({ DE: 'EU', FR: 'EU', US: 'US' });
    const entries = orReject(registryGenesis(nodeHasher, { ...genesis, products: [] }));
    const known = registry(mapView(entries));
    const refusesStrangers = ['DE', 'FR', 'US'].map((country) => known.ruleSet(country).possessorAtDispensing);
    expect(refusesStrangers).toEqual(['warn', 'warn', 'refuse']);
  });

  it('has a compose file with a validator for each, a service for each that trades, and its own foundation', async () => {
    const { services } = parse(composeFile(topology)) as { services: Record<string, Record<string, Json>> };
    const processes = [
      ...topology.members.map(({ name }) => `validator-${name}`),
      ...tradingMembers(topology).map(({ name }) => name),
    ];
    expect(Object.keys(services).sort()).toEqual([...processes, 'init', 'kafka', 'postgres', 'story', 'trace'].sort());
    expect(services['st-mary']).toMatchObject({
      command: expect.arrayContaining(['apps/pharmacy/dist/main.js']),
      environment: { CUSTOS_HTTP_PORT: '30008', CUSTOS_WATCH_PORT: '30028', CUSTOS_VALIDATOR: expect.any(String) },
    });
    const { CUSTOS_FOUNDATION: foundation } = services['init']!['environment'] as { CUSTOS_FOUNDATION: string };
    const handed = topologyOf(JSON.parse(foundation.replaceAll('$$', () => '$')) as Foundation);
    expect(handed).toEqual(topology);
    const handOut = join(directory, 'hand-out');
    const names = await handOutSecrets({ topology: handed, state: join(directory, 'init'), handOut });
    expect([...names].sort()).toEqual([...processes, 'trace'].sort());
    const roles = readFileSync(join(handOut, 'postgres', 'databases.sql'), 'utf8').matchAll(/CREATE ROLE (\w+) /g);
    const databases = [...tradingMembers(topology).map(({ name }) => name), 'trace'];
    expect([...roles].map(([, role]) => role)).toEqual(databases.map((name) => databaseName(topology, name)));
  });
});

describe('the ports of a network', () => {
  const withMembers = (count: number): Topology => {
    const organisations = Array.from({ length: count }, (_, i) =>
      organisation({ ...PARTS[i % 7]!, name: `m-${i}` }, i % 7),
    );
    return topologyOf({ ...FOUNDATION, organisations, reader: 'm-0' });
  };

  it.each([1, 4, 7, 8, 40])('of %i members are distinct, and within its span', (count) => {
    const ports = portsOf(withMembers(count));
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.min(...ports)).toBe(BASE);
    expect(Math.max(...ports)).toBeLessThan(BASE + portSpan(count));
  });

  it('of watch listeners are 20 above the others for up to seven members', () => {
    expect([4, 7, 8, 40].map(portSpan)).toEqual([40, 40, 60, 180]);
    expect(memberOf(withMembers(4), 'm-3').ports.validator).toEqual({ http: BASE + 13, watch: BASE + 33 });
  });
});

describe('organisations that cannot be one network', () => {
  const [first, second, ...others] = FOUNDATION.organisations as [Organisation, Organisation, ...Organisation[]];
  it.each<[string, Partial<Organisation>, string]>([
    ['a name that is no label', { name: 'Nord_licht' }, 'DNS label'],
    ['a name that is too long', { name: 'n'.repeat(33) }, 'DNS label'],
    ['a name twice', { name: first.name }, `the name ${first.name} is taken`],
    ['the name of another process', { name: 'trace' }, 'the name trace is taken'],
    ["the name of another member's validator", { name: `validator-${first.name}` }, 'is taken'],
    ['a country in two regions', { region: 'US' }, 'DE is in one region, not in two'],
  ])('%s', (_what, wrong, fault) => {
    const organisations = [first, { ...second, ...wrong }, ...others];
    expect(() => topologyOf({ ...FOUNDATION, organisations })).toThrow(fault);
  });

  it('a reader that is no member', () => {
    expect(() => topologyOf({ ...FOUNDATION, reader: 'absent' })).toThrow('no member is called absent');
    expect(() => memberOf(topologyOf(FOUNDATION), 'absent')).toThrow('custos-seven has no member absent');
  });
});
