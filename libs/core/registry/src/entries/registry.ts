import type { KeyId } from '@custos/core-crypto';
import { gtinOf, keyOf, locationOf, partyOf, productRecordOf, type PrefixLeaf, type ProductRecord } from './entries.js';
import { isValidAt, type Agent, type KeyRecord, type LicenceKind, type Location, type Party } from './party.js';
import type { MasterData, Product } from './product.js';
import { DEFAULT_RULE_SET, EU_RULE_SET, type RuleSet } from './rule-set.js';
import type { Entry, StateView } from '@custos/core-state';
import {
  COUNTRIES_KEY,
  glnKey,
  gtinKey,
  keyKey,
  marketRuleKey,
  partyKey,
  prefixKey,
  productKey,
} from './state-keys.js';

/**
 * A reader of parties, places, keys, products and rule sets in the state. Each method costs a few key reads. GLNs have
 * 13 digits, GTINs 14, SSCCs 18. Times are milliseconds since 1970, and `at` is block time.
 */
export interface Registry {
  party(gln: string): Party | undefined;
  location(gln: string): Location | undefined;
  keyRecord(keyId: KeyId): KeyRecord | undefined;
  /** Returns the key if it may sign at this position of the chain: validity depends on the order of blocks (L2.7). */
  activeKey(keyId: KeyId): KeyRecord | undefined;
  /** Returns the product of a GTIN of any packaging level, with the version in force at that time. */
  product(gtin: string, at: number): Product | undefined;
  /**
   * Returns the GLN of the party that may register and commission the GTIN (C1): holder of a grant, else of the prefix.
   */
  gtinOwner(gtin: string): string | undefined;
  ssccOwner(sscc: string): string | undefined;
  /** Returns the holder of the prefix of a GLN. */
  glnOwner(gln: string): string | undefined;
  ruleSet(country: string): RuleSet;
}

/** Returns a reader of the registry in this state. */
export function registry(state: StateView): Registry {
  const read = <T>(key: string, decode: (entry: Entry) => T): T | undefined => {
    const entry = state.get(key);
    return entry && decode(entry);
  };
  const keyRecord = (keyId: KeyId): KeyRecord | undefined => read(keyKey(keyId), (entry) => keyOf(keyId, entry));
  return {
    party: (gln) => read(partyKey(gln), (entry) => partyOf(gln, entry)),
    location: (gln) => read(glnKey(gln), (entry) => locationOf(gln, entry)),
    keyRecord,
    activeKey(keyId) {
      const key = keyRecord(keyId);
      return key && key.revoked === undefined ? key : undefined;
    },
    product(gtin, at) {
      const product = read(gtinKey(gtin), gtinOf)?.base;
      const record = product === undefined ? undefined : read(productKey(product), productRecordOf);
      return product !== undefined && record ? productAt(product, record, at) : undefined;
    },
    // The first digit of a GTIN-14 is the indicator, that of an SSCC the extension digit. The prefix follows it.
    gtinOwner: (gtin) => read(gtinKey(gtin), gtinOf)?.granted ?? prefixOwner(state, gtin.slice(1)),
    ssccOwner: (sscc) => prefixOwner(state, sscc.slice(1)),
    glnOwner: (gln) => prefixOwner(state, gln),
    ruleSet: (country) => ruleSetOf(state, country),
  };
}

/**
 * The lengths in digits of a GS1 company prefix (GS1 General Specifications 1.4). The longest registered prefix wins.
 */
export const PREFIX_LENGTHS = { shortest: 4, longest: 12 } as const;

function prefixOwner(state: StateView, digits: string): string | undefined {
  for (let length = PREFIX_LENGTHS.longest; length >= PREFIX_LENGTHS.shortest; length--) {
    const entry = state.get(prefixKey(digits.slice(0, length)));
    if (entry) return (entry.value as PrefixLeaf).party;
  }
  return undefined;
}

/**
 * Returns a product with the version of its master data in force at a time (milliseconds since 1970). `gtin` is the
 * base GTIN-14.
 */
function productAt(gtin: string, record: ProductRecord, at: number): Product {
  const { owner, coveredFrom, withdrawn, levels } = record;
  return { ...versionAt(record.versions, at), gtin, owner, coveredFrom, withdrawn, levels };
}

// Block times only grow and version 1 is in force at once, so the first version is used for any earlier time.
function versionAt(versions: readonly MasterData[], at: number): MasterData {
  let inForce = versions[0]!;
  for (const version of versions) if (version.effectiveFrom <= at) inForce = version;
  return inForce;
}

function ruleSetOf(state: StateView, country: string): RuleSet {
  const countries = state.get(COUNTRIES_KEY)?.value as { readonly [country: string]: string } | undefined;
  // M3: own members only, since the country may come from input.
  const set = countries && Object.hasOwn(countries, country) ? countries[country]! : DEFAULT_RULE_SET;
  return (state.get(marketRuleKey(set))?.value as RuleSet | undefined) ?? EU_RULE_SET;
}

/** Reports whether the party holds a licence of this kind that is in force at a time (milliseconds since 1970). */
export function hasLicence(party: Party, kind: LicenceKind, at: number): boolean {
  return party.licences.some((licence) => licence.kind === kind && isValidAt(licence, at));
}

/** Returns the registration of `agent` with this party that is in force at a time (milliseconds since 1970). */
export function agentOf(party: Party, agent: string, at: number): Agent | undefined {
  return party.agents.find((entry) => entry.gln === agent && isValidAt(entry, at));
}

/** Reports whether the product names this party as a contract manufacturer at a time (C1, milliseconds since 1970). */
export function isCmoOf(product: Product, gln: string, at: number): boolean {
  return product.cmos.some((cmo) => cmo.gln === gln && isValidAt(cmo, at));
}
