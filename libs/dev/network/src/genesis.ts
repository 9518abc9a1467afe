import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Json } from '@custos/core-bytes';
import type { Addresses } from './addresses.js';
import type { StateDirectory } from './state-directory.js';
import type { Member, Topology } from './topology.js';

/** An epoch never ends: the validators of genesis stay (CONSENSUS K14 comes later). */
const EPOCH_LENGTH = 0;
/** K9: the advance timer before any view failed, milliseconds. */
const T0_MS = 400;

/**
 * The genesis document of this network: made once, from the keys that lie in the folder, and found again at
 * every later start, because its hash is the network's id (L3.4).
 */
export function openGenesis(state: StateDirectory, topology: Topology, addresses: Addresses, now: number): Json {
  if (existsSync(state.genesisFile)) return JSON.parse(readFileSync(state.genesisFile, 'utf8')) as Json;
  const genesis = genesisDocument(state, topology, addresses, now);
  writeFileSync(state.genesisFile, JSON.stringify(genesis, null, 2) + '\n', { mode: 0o600 });
  return genesis;
}

function genesisDocument(state: StateDirectory, topology: Topology, addresses: Addresses, time: number): Json {
  const { members } = topology;
  return {
    name: topology.network,
    time,
    parameters: { epochLength: EPOCH_LENGTH, t0: T0_MS },
    countries: Object.fromEntries(members.map(({ country, region }) => [country, region])),
    ruleSets: topology.ruleSets,
    validators: members.map((member) => ({
      gln: member.gln,
      key: state.keys.get(member.name)!.validator,
      endpoints: { lanes: addresses.lanes, http: addresses.validator(member.name) },
    })),
    parties: members.map((member) => party(member, time)),
    keys: members.map(({ name, gln }) => ({ party: gln, publicKey: state.keys.get(name)!.party })),
    products: [],
  };
}

function party(member: Member, validFrom: number): Json {
  return {
    gln: member.gln,
    name: member.title,
    country: member.country,
    roles: member.roles,
    licences: member.licences.map((kind) => ({ kind, validFrom })),
    agents: [],
    prefixes: [member.prefix],
    locations: member.locations.map((location) => ({ ...location, country: member.country })),
  };
}
