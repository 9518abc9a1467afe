import type { JsonObject } from '@custos/core-bytes';
import { commitment, ZERO_DIGEST, type Hasher, type KeyId, type PublicKey } from '@custos/core-crypto';
import type { Agent, KeyRecord, Licence, Location, Party, Role } from './party.js';
import type { Level, MasterData } from './product.js';
import type { Entry } from '@custos/core-state';

// The state's own form of what the registry knows (vectors/registry.json). Only this file reads and writes it.

export type PartyLeaf = {
  readonly name: string;
  readonly country: string;
  readonly roles: readonly Role[];
  readonly licences: readonly Licence[];
  readonly detail: string;
};

export type LocationLeaf = { readonly party: string; readonly country: string; readonly name?: string };

export type PrefixLeaf = { readonly party: string };

export type KeyLeaf = {
  readonly party: string;
  readonly publicKey: PublicKey;
  readonly enrolled: number;
  readonly revoked?: number;
  readonly suspectSince?: number;
};

/** `base`: the product this GTIN is a packaging level of. `granted`: who may register it, whatever the prefix says. */
export type GtinLeaf = { readonly base?: string; readonly granted?: string };

/** Public part of a product; `name` is that of the newest version. */
export type ProductLeaf = {
  readonly name: string;
  readonly owner: string;
  readonly version: number;
  readonly coveredFrom?: string;
  readonly withdrawn: { readonly [country: string]: number };
  readonly detail: string;
};

export interface ProductRecord {
  readonly owner: string;
  readonly coveredFrom?: string;
  readonly withdrawn: { readonly [country: string]: number };
  readonly levels: readonly Level[];
  /** Ascending by effectiveFrom; none that was superseded before the block that wrote it. Never empty. */
  readonly versions: readonly MasterData[];
}

// L6.4: parties and products may be longer than a leaf; the rest stands beside the tree and the leaf binds it.
// Nothing in it is secret, so its salt is zero.
function detailed(hasher: Hasher, leaf: JsonObject, rest: JsonObject): Entry {
  return { value: { ...leaf, detail: commitment(hasher, ZERO_DIGEST, rest) }, private: rest };
}

export function partyEntry(hasher: Hasher, party: Party): Entry {
  const { name, country, roles, licences, agents } = party;
  return detailed(hasher, { name, country, roles, licences }, { agents });
}

export function partyOf(gln: string, entry: Entry): Party {
  const { name, country, roles, licences } = entry.value as PartyLeaf;
  const { agents } = entry.private as { agents: readonly Agent[] };
  return { gln, name, country, roles, licences, agents };
}

export function locationEntry({ party, country, name }: Location): Entry {
  const value: LocationLeaf = { party, country, name };
  return { value };
}

export function locationOf(gln: string, entry: Entry): Location {
  return { gln, ...(entry.value as LocationLeaf) };
}

export function prefixEntry(party: string): Entry {
  const value: PrefixLeaf = { party };
  return { value };
}

export function keyEntry({ party, publicKey, enrolled, revoked, suspectSince }: KeyRecord): Entry {
  const value: KeyLeaf = { party, publicKey, enrolled, revoked, suspectSince };
  return { value };
}

export function keyOf(keyId: KeyId, entry: Entry): KeyRecord {
  return { keyId, ...(entry.value as KeyLeaf) };
}

export function gtinEntry(leaf: GtinLeaf): Entry {
  return { value: leaf };
}

export function gtinOf(entry: Entry): GtinLeaf {
  return entry.value as GtinLeaf;
}

export function productEntry(hasher: Hasher, record: ProductRecord): Entry {
  const { owner, coveredFrom, withdrawn, levels, versions } = record;
  const { name, version } = versions[versions.length - 1]!;
  return detailed(hasher, { name, owner, version, coveredFrom, withdrawn }, { levels, versions });
}

export function productRecordOf(entry: Entry): ProductRecord {
  const { owner, coveredFrom, withdrawn } = entry.value as ProductLeaf;
  const { levels, versions } = entry.private as { levels: readonly Level[]; versions: readonly MasterData[] };
  return { owner, coveredFrom, withdrawn, levels, versions };
}
