import type { JsonObject } from '@custos/core-bytes';
import { commitment, ZERO_DIGEST, type Hasher, type KeyId, type PublicKey } from '@custos/core-crypto';
import type { Agent, KeyRecord, Licence, Location, Party, Role } from './party.js';
import type { Level, MasterData } from './product.js';
import type { Entry } from '@custos/core-state';

// The form in which the state holds registry entries (vectors/registry.json). Only this file reads and writes it.

/** The leaf of a party (L6.4). `detail` is the commitment to its agents, which are stored beside the tree. */
type PartyLeaf = {
  readonly name: string;
  readonly country: string;
  readonly roles: readonly Role[];
  readonly licences: readonly Licence[];
  readonly detail: string;
};

/** The leaf of a location: GLN of its party, country (ISO 3166-1 alpha-2) and name. */
type LocationLeaf = { readonly party: string; readonly country: string; readonly name?: string };

/** The leaf of a GS1 company prefix: GLN of its holder. */
export type PrefixLeaf = { readonly party: string };

/** The leaf of a key. `enrolled` and `revoked` are block heights, `suspectSince` is in milliseconds since 1970. */
type KeyLeaf = {
  readonly party: string;
  readonly publicKey: PublicKey;
  readonly enrolled: number;
  readonly revoked?: number;
  readonly suspectSince?: number;
};

/**
 * The leaf of a GTIN. `base` is the base GTIN of the product that has it as a packaging level. `granted` is the GLN of
 * the party that may register it instead of the holder of the prefix.
 */
export type GtinLeaf = { readonly base?: string; readonly granted?: string };

/**
 * The leaf of a product (L6.4). `name` is that of the newest version; `detail` is the commitment to levels and
 * versions.
 */
export type ProductLeaf = {
  readonly name: string;
  readonly owner: string;
  readonly version: number;
  readonly coveredFrom?: string;
  readonly withdrawn: { readonly [country: string]: number };
  readonly detail: string;
};

/** A product with all its versions, as the state holds it. Times are milliseconds since 1970. */
export interface ProductRecord {
  readonly owner: string;
  readonly coveredFrom?: string;
  readonly withdrawn: { readonly [country: string]: number };
  readonly levels: readonly Level[];
  /**
   * The versions, ascending by effectiveFrom, never empty. Versions superseded before the block that wrote it are
   * dropped.
   */
  readonly versions: readonly MasterData[];
}

// L6.4: parties and products may be longer than a leaf. The rest is stored beside the tree, and the leaf binds it by
// its hash. Nothing in it is secret, so its salt is zero.
function detailed(hasher: Hasher, leaf: JsonObject, rest: JsonObject): Entry {
  return { value: { ...leaf, detail: commitment(hasher, ZERO_DIGEST, rest) }, private: rest };
}

/** Encodes a party as a state entry. */
export function partyEntry(hasher: Hasher, party: Party): Entry {
  const { name, country, roles, licences, agents } = party;
  return detailed(hasher, { name, country, roles, licences }, { agents });
}

/** Decodes the entry of a party with this GLN. */
export function partyOf(gln: string, entry: Entry): Party {
  const { name, country, roles, licences } = entry.value as PartyLeaf;
  const { agents } = entry.private as { agents: readonly Agent[] };
  return { gln, name, country, roles, licences, agents };
}

/** Encodes a location as a state entry. */
export function locationEntry({ party, country, name }: Location): Entry {
  const value: LocationLeaf = { party, country, name };
  return { value };
}

/** Decodes the entry of a location with this GLN. */
export function locationOf(gln: string, entry: Entry): Location {
  return { gln, ...(entry.value as LocationLeaf) };
}

/** Encodes the holder (GLN) of a company prefix as a state entry. */
export function prefixEntry(party: string): Entry {
  const value: PrefixLeaf = { party };
  return { value };
}

/** Encodes a key as a state entry. */
export function keyEntry({ party, publicKey, enrolled, revoked, suspectSince }: KeyRecord): Entry {
  const value: KeyLeaf = { party, publicKey, enrolled, revoked, suspectSince };
  return { value };
}

/** Decodes the entry of a key with this id. */
export function keyOf(keyId: KeyId, entry: Entry): KeyRecord {
  return { keyId, ...(entry.value as KeyLeaf) };
}

/** Encodes the leaf of a GTIN as a state entry. */
export function gtinEntry(leaf: GtinLeaf): Entry {
  return { value: leaf };
}

/** Decodes the entry of a GTIN. */
export function gtinOf(entry: Entry): GtinLeaf {
  return entry.value as GtinLeaf;
}

/** Encodes a product as a state entry. */
export function productEntry(hasher: Hasher, record: ProductRecord): Entry {
  const { owner, coveredFrom, withdrawn, levels, versions } = record;
  const { name, version } = versions[versions.length - 1]!;
  return detailed(hasher, { name, owner, version, coveredFrom, withdrawn }, { levels, versions });
}

/** Decodes the entry of a product. */
export function productRecordOf(entry: Entry): ProductRecord {
  const { owner, coveredFrom, withdrawn } = entry.value as ProductLeaf;
  const { levels, versions } = entry.private as { levels: readonly Level[]; versions: readonly MasterData[] };
  return { owner, coveredFrom, withdrawn, levels, versions };
}
