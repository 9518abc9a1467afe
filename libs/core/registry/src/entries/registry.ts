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
 * Who and what, read from the state. Every method is a few key reads. GLNs have 13 digits, GTINs 14, SSCCs 18;
 * times are milliseconds since 1970, and `at` is block time.
 */
export interface Registry {
  party(gln: string): Party | undefined;
  location(gln: string): Location | undefined;
  keyRecord(keyId: KeyId): KeyRecord | undefined;
  /** The key if it may sign at this point of the chain: validity counts by block order (L2.7). */
  activeKey(keyId: KeyId): KeyRecord | undefined;
  /** Any packaging level, as the version in force at that time sees it. */
  product(gtin: string, at: number): Product | undefined;
  /** Holder of a grant, else of the prefix: who may register and commission it (C1). */
  gtinOwner(gtin: string): string | undefined;
  ssccOwner(sscc: string): string | undefined;
  /** Holder of the prefix a GLN was made from. */
  glnOwner(gln: string): string | undefined;
  ruleSet(country: string): RuleSet;
}

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
    // The first digit of a GTIN-14 is the indicator, of an SSCC the extension digit: the prefix comes after it.
    gtinOwner: (gtin) => read(gtinKey(gtin), gtinOf)?.granted ?? prefixOwner(state, gtin.slice(1)),
    ssccOwner: (sscc) => prefixOwner(state, sscc.slice(1)),
    glnOwner: (gln) => prefixOwner(state, gln),
    ruleSet: (country) => ruleSetOf(state, country),
  };
}

/** GS1 General Specifications 1.4: a company prefix has 4 to 12 digits; the longest registered one wins. */
export const PREFIX_LENGTHS = { shortest: 4, longest: 12 } as const;

function prefixOwner(state: StateView, digits: string): string | undefined {
  for (let length = PREFIX_LENGTHS.longest; length >= PREFIX_LENGTHS.shortest; length--) {
    const entry = state.get(prefixKey(digits.slice(0, length)));
    if (entry) return (entry.value as PrefixLeaf).party;
  }
  return undefined;
}

export function productAt(gtin: string, record: ProductRecord, at: number): Product {
  const { owner, coveredFrom, withdrawn, levels } = record;
  return { ...versionAt(record.versions, at), gtin, owner, coveredFrom, withdrawn, levels };
}

// Block times only grow and version 1 is in force at once, so the first version stands for any earlier time.
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

export function hasLicence(party: Party, kind: LicenceKind, at: number): boolean {
  return party.licences.some((licence) => licence.kind === kind && isValidAt(licence, at));
}

/** The registration of `agent` with this party, in force at that time. */
export function agentOf(party: Party, agent: string, at: number): Agent | undefined {
  return party.agents.find((entry) => entry.gln === agent && isValidAt(entry, at));
}

export function isCmoOf(product: Product, gln: string, at: number): boolean {
  return product.cmos.some((cmo) => cmo.gln === gln && isValidAt(cmo, at));
}
