import {
  attempt,
  canonicalBytes,
  fields,
  reject,
  wordOf,
  type Fields,
  type Json,
  type Parsed,
} from '@custos/core-bytes';
import { keyIdOf, type Hasher } from '@custos/core-crypto';
import { keyEntry, locationEntry, partyEntry, prefixEntry, productEntry, gtinEntry } from '../entries/entries.js';
import { levelsOf, writeProduct } from '../decisions/decide-product.js';
import { MAX_DETAIL_BYTES, MAX_LEAF_BYTES, MAX_LICENCES, MAX_NAME } from '../limits.js';
import { writeRuleSets } from './genesis-rules.js';
import { LICENCE_KINDS, type Licence, type Party } from '../entries/party.js';
import { rolesOf } from '../payloads/parse-rule-set.js';
import { agentsOf } from '../payloads/party-payload.js';
import { productStatementOf } from '../payloads/product-payload.js';
import { registry } from '../entries/registry.js';
import { GENESIS_LIMITS, mapView, overlay, type Entry, type Overlay } from '@custos/core-state';
import { glnKey, gtinKey, keyKey, partyKey, prefixKey, productKey, REGISTRY_SPACES } from '../entries/state-keys.js';
import { countryAt, glnAt, placeAt, prefixAt, publicKeyAt, validityOf, withoutRepeats } from '../entries/terms.js';

/** The members of a genesis document (L3.4) that the registry reads. Their shapes are in vectors/registry.json. */
export interface RegistryGenesis {
  /** Time of genesis in milliseconds since 1970. Master data of genesis is in force from then on. */
  readonly time: number;
  readonly parties: readonly Json[];
  readonly keys: readonly Json[];
  readonly products: readonly Json[];
  /** The name of the rule set of each country, and the rule sets themselves. The EU's is built in. */
  readonly countries: Json;
  readonly ruleSets: Json;
}

/**
 * Returns the registry's entries of the state before block 1. Fields of a refusal are JSON pointers into the document.
 */
export function registryGenesis(hasher: Hasher, genesis: RegistryGenesis): Parsed<ReadonlyMap<string, Entry>> {
  return attempt(() => {
    const written = overlay(mapView(new Map()));
    eachOf(genesis.parties, '/parties', (source) => writeParty(written, hasher, source));
    checkAgents(written, genesis.parties);
    eachOf(genesis.keys, '/keys', (source) => writeKey(written, hasher, source));
    eachOf(genesis.products, '/products', (source) => writeGenesisProduct(written, hasher, genesis.time, source));
    writeRuleSets(written, genesis.countries, genesis.ruleSets);
    const entries = new Map<string, Entry>();
    for (const { key, after } of written.changes()) if (after) entries.set(key, checkSize(key, after));
    return entries;
  });
}

function eachOf(list: readonly Json[], at: string, write: (source: Fields) => void): void {
  if (list.length > GENESIS_LIMITS.entries) reject('TOO_LONG', at, `at most ${GENESIS_LIMITS.entries} members`);
  list.forEach((value, i) => {
    const source = fields(value, `${at}/${i}`);
    write(source);
    source.end();
  });
}

function writeNew(written: Overlay, key: string, entry: Entry, at: string): void {
  if (written.get(key)) reject('REPEATED', at, `name ${key} once`);
  written.set(key, entry);
}

function writeParty(written: Overlay, hasher: Hasher, source: Fields): void {
  const at = source.at('gln');
  const gln = glnAt(source.take('gln'), at);
  const party: Party = {
    gln,
    name: source.text('name', MAX_NAME),
    country: countryAt(source.take('country'), source.at('country')),
    roles: withoutRepeats(rolesOf(source, 'roles'), (role) => role, source.at('roles')),
    licences: source.list('licences', MAX_LICENCES, licenceAt),
    agents: agentsOf(source),
  };
  writeNew(written, partyKey(gln), partyEntry(hasher, party), at);
  const own = { gln, country: party.country, name: party.name };
  const places = source.list('locations', GENESIS_LIMITS.entries, placeAt);
  for (const place of [own, ...places]) {
    writeNew(written, glnKey(place.gln), locationEntry({ ...place, party: gln }), source.at('locations'));
  }
  for (const prefix of source.list('prefixes', GENESIS_LIMITS.entries, prefixAt)) {
    writeNew(written, prefixKey(prefix), prefixEntry(gln), source.at('prefixes'));
  }
}

function licenceAt(value: Json, at: string): Licence {
  const source = fields(value, at);
  const licence: Licence = {
    kind: wordOf(source.take('kind'), source.at('kind'), LICENCE_KINDS),
    ...validityOf(source),
  };
  source.end();
  return licence;
}

// Runs after all parties are known, so that their order in the document does not matter.
function checkAgents(written: Overlay, parties: readonly Json[]): void {
  parties.forEach((value, i) => {
    const source = fields(value, `/parties/${i}`);
    for (const agent of agentsOf(source)) checkParty(written, agent.gln, source.at('agents'));
  });
}

function checkParty(written: Overlay, gln: string, at: string): void {
  if (!registry(written).party(gln)) reject('PARTY_UNKNOWN', at, `list ${gln} among the parties`);
}

function writeKey(written: Overlay, hasher: Hasher, source: Fields): void {
  const party = glnAt(source.take('party'), source.at('party'));
  checkParty(written, party, source.at('party'));
  const publicKey = publicKeyAt(source.take('publicKey'), source.at('publicKey'));
  const keyId = keyIdOf(hasher, publicKey);
  writeNew(written, keyKey(keyId), keyEntry({ keyId, party, publicKey, enrolled: 0 }), source.at('publicKey'));
}

// The founders may assign a GTIN to any party: an owner other than the holder of the prefix is written as a grant.
function writeGenesisProduct(written: Overlay, hasher: Hasher, time: number, source: Fields): void {
  const owner = glnAt(source.take('owner'), source.at('owner'));
  checkParty(written, owner, source.at('owner'));
  const statement = productStatementOf(source);
  for (const cmo of statement.master.cmos) checkParty(written, cmo.gln, source.at('cmos'));
  const levels = levelsOf(statement);
  for (const { gtin } of levels) {
    const granted = registry(written).gtinOwner(gtin) === owner ? undefined : owner;
    writeNew(written, gtinKey(gtin), gtinEntry(granted === undefined ? {} : { granted }), source.at('levels'));
  }
  const versions = [{ ...statement.master, version: 1, effectiveFrom: time }];
  const record = { owner, coveredFrom: statement.coveredFrom, withdrawn: {}, levels, versions };
  if (written.get(productKey(statement.gtin))) reject('REPEATED', source.at('gtin'), 'name each product once');
  writeProduct(written, statement.gtin, record, (rest) => productEntry(hasher, rest));
}

function checkSize(key: string, entry: Entry): Entry {
  const leaf = canonicalBytes(entry.value).length;
  const detail = entry.private ? canonicalBytes(entry.private).length : 0;
  const fits = key.startsWith(REGISTRY_SPACES.rule) || (leaf <= MAX_LEAF_BYTES && detail <= MAX_DETAIL_BYTES);
  return fits ? entry : reject('TOO_LARGE', `/${key}`, `at most ${MAX_LEAF_BYTES} and ${MAX_DETAIL_BYTES} bytes`);
}
