import {
  attempt,
  canonicalBytes,
  closedObjectOf,
  integerOf,
  listOf,
  objectOf,
  orReject,
  parseJson,
  reject,
  textOf,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import { taggedHash, ZERO_DIGEST, type Digest, type Hasher } from '@custos/core-crypto';
import { makeValidatorSet, parseValidatorEntries, validatorJson, type ValidatorEntry } from '@custos/core-finality';
import { merkleRoot } from '@custos/core-merkle';
import { GENESIS_LIMITS } from '@custos/core-state';
import { encodeBlock, type Block } from './block.js';
import { HEADER_VERSION } from './header.js';
import { MAX_GENESIS_BYTES, MAX_NETWORK_NAME_LENGTH, MAX_VIEW_MS } from '../limits.js';

/** The parameters of consensus that genesis fixes (L3.4). */
interface GenesisParameters {
  /** Number of blocks in an epoch; 0 means that the first epoch never ends (L3.4). */
  readonly epochLength: number;
  /** First advance timer of a view in milliseconds, 1 to MAX_VIEW_MS (K9). */
  readonly t0: number;
}

/**
 * The document that all members agree on before block 0 (L3.4). The hash of its canonical JSON identifies the network.
 */
export interface Genesis {
  /**
   * The name of the network: lower-case letters, digits and hyphens, a letter first. The names of its lanes begin with
   * it.
   */
  readonly name: string;
  /** Timestamp of block 0, milliseconds since 1970. */
  readonly time: number;
  readonly parameters: GenesisParameters;
  /** The name of a rule set for each country (ISO 3166-1 alpha-2, upper case). */
  readonly countries: { readonly [country: string]: string };
  /** The rule sets by name; `core/registry` parses them. */
  readonly ruleSets: JsonObject;
  readonly validators: readonly ValidatorEntry[];
  /** The parties; `core/registry` parses them, the keys and the products. */
  readonly parties: readonly Json[];
  readonly keys: readonly Json[];
  readonly products?: readonly Json[];
}

const MEMBERS = [
  'name',
  'time',
  'parameters',
  'countries',
  'ruleSets',
  'validators',
  'parties',
  'keys',
  'products',
] as const;

/**
 * Parses the JSON text of a genesis document. Spaces and order of members are free; unknown members are refused
 * (FIELD_UNKNOWN). Refuses GENESIS_TOO_LARGE, NAME_INVALID, COUNTRY_INVALID, and the codes of the field readers.
 */
export function parseGenesis(bytes: Uint8Array): Parsed<Genesis> {
  return attempt(() => {
    if (bytes.length > MAX_GENESIS_BYTES) reject('GENESIS_TOO_LARGE', '@0', `at most ${MAX_GENESIS_BYTES} bytes`);
    return orReject(genesisOf(orReject(parseJson(bytes))));
  });
}

/** Reads a genesis document from parsed JSON. Refuses as {@link parseGenesis} does. */
export function genesisOf(json: Json): Parsed<Genesis> {
  return attempt(() => {
    // The network id covers every member, so a member that no code reads is refused.
    const document = closedObjectOf(json, '', MEMBERS);
    const { epochLength, t0 } = closedObjectOf(document.parameters, '/parameters', ['epochLength', 't0']);
    const genesis = {
      name: networkName(document.name),
      time: integerOf(document.time, '/time', 0),
      parameters: {
        epochLength: integerOf(epochLength, '/parameters/epochLength', 0),
        t0: integerOf(t0, '/parameters/t0', 1, MAX_VIEW_MS),
      },
      countries: countriesOf(document.countries),
      ruleSets: objectOf(document.ruleSets, '/ruleSets'),
      validators: orReject(parseValidatorEntries(document.validators, '/validators')),
      parties: listOf(document.parties, '/parties', GENESIS_LIMITS.entries),
      keys: listOf(document.keys, '/keys', GENESIS_LIMITS.entries),
    };
    return document.products === undefined
      ? genesis
      : { ...genesis, products: listOf(document.products, '/products', GENESIS_LIMITS.entries) };
  });
}

function networkName(json: Json | undefined): string {
  const name = textOf(json, '/name', MAX_NETWORK_NAME_LENGTH);
  const allowed = [...name].every((c, i) => isLetter(c) || (i > 0 && (c === '-' || (c >= '0' && c <= '9'))));
  return allowed ? name : reject('NAME_INVALID', '/name', 'a lower-case letter, then letters, digits, hyphens');
}

function isLetter(character: string): boolean {
  return character >= 'a' && character <= 'z';
}

function countriesOf(json: Json | undefined): { readonly [country: string]: string } {
  const countries = objectOf(json, '/countries');
  const names = Object.keys(countries);
  if (names.length > GENESIS_LIMITS.countries) reject('TOO_LONG', '/countries', `at most ${GENESIS_LIMITS.countries}`);
  return Object.fromEntries(
    names.map((country) => {
      const field = `/countries/${country}`;
      if (country.length !== 2 || ![...country].every((c) => c >= 'A' && c <= 'Z'))
        reject('COUNTRY_INVALID', field, 'name it by ISO 3166-1 alpha-2, upper case');
      return [country, textOf(countries[country], field, GENESIS_LIMITS.ruleSetName)];
    }),
  );
}

/** Returns the document as JSON, to write to a file or to hash. */
export function genesisJson(genesis: Genesis): JsonObject {
  const { name, time, parameters, countries, ruleSets, validators, parties, keys, products } = genesis;
  const { epochLength, t0 } = parameters;
  return {
    name,
    time,
    parameters: { epochLength, t0 },
    countries,
    ruleSets,
    validators: validators.map(validatorJson),
    parties,
    keys,
    products,
  };
}

/** L3.4: returns the network id, `H('custos/genesis/1', canonical genesis document)`. */
export function networkIdOf(hasher: Hasher, genesis: Genesis): Digest {
  return taggedHash(hasher, 'custos/genesis/1', canonicalBytes(genesisJson(genesis)));
}

/**
 * Builds block 0 (L3.4). It is final without a certificate, since every member derives it. `stateRoot` is the root of
 * the state that genesis describes.
 */
export function genesisBlock(hasher: Hasher, genesis: Genesis, stateRoot: Digest): Block {
  const empty = merkleRoot(hasher, []);
  return encodeBlock(
    hasher,
    {
      version: HEADER_VERSION,
      networkId: networkIdOf(hasher, genesis),
      epoch: 0,
      view: 0,
      height: 0,
      parentView: 0,
      previousHash: ZERO_DIGEST,
      transactionRoot: empty,
      receiptRoot: empty,
      stateRoot,
      historyRoot: empty,
      timestamp: genesis.time,
      proposer: 0,
      nextValidatorsHash: makeValidatorSet(hasher, genesis.validators).hash,
    },
    [],
  );
}
