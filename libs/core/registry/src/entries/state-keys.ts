import type { KeyId } from '@custos/core-crypto';

/** The key spaces of the registry (L6.1): each state key of it begins with one of these, but {@link VALIDATORS_KEY}. */
export const REGISTRY_SPACES = {
  party: 'party/',
  gln: 'gln/',
  prefix: 'prefix/',
  key: 'key/',
  product: 'product/',
  gtin: 'gtin/',
  rule: 'rule/',
} as const;

// GLNs have 13 digits, GTINs 14, prefixes 4 to 12.
export const partyKey = (gln: string): string => REGISTRY_SPACES.party + gln;
export const glnKey = (gln: string): string => REGISTRY_SPACES.gln + gln;
export const prefixKey = (digits: string): string => REGISTRY_SPACES.prefix + digits;
export const keyKey = (keyId: KeyId): string => REGISTRY_SPACES.key + keyId;
export const productKey = (baseGtin: string): string => REGISTRY_SPACES.product + baseGtin;
export const gtinKey = (gtin: string): string => REGISTRY_SPACES.gtin + gtin;
export const marketRuleKey = (set: string): string => `${REGISTRY_SPACES.rule}market/${set}`;
/** Which country follows which rule set (M3). */
export const COUNTRIES_KEY = `${REGISTRY_SPACES.rule}countries`;
/** Limits and timing of this network; changed by a quorum (L2.7). */
export const NETWORK_RULE_KEY = `${REGISTRY_SPACES.rule}network`;
/** This and the previous epoch's validators (L6.1). */
export const VALIDATORS_KEY = 'validators';
