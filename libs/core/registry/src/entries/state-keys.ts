import type { KeyId } from '@custos/core-crypto';

/** The prefixes of the registry's state keys (L6.1). Only {@link VALIDATORS_KEY} begins with none of them. */
export const REGISTRY_SPACES = {
  party: 'party/',
  gln: 'gln/',
  prefix: 'prefix/',
  key: 'key/',
  product: 'product/',
  gtin: 'gtin/',
  rule: 'rule/',
} as const;

/** Returns the state key of a party, by its GLN of 13 digits (L6.1). */
export const partyKey = (gln: string): string => REGISTRY_SPACES.party + gln;
/** Returns the state key of a location, by its GLN of 13 digits (L6.1). */
export const glnKey = (gln: string): string => REGISTRY_SPACES.gln + gln;
/** Returns the state key of a company prefix of 4 to 12 digits (L6.1). */
export const prefixKey = (digits: string): string => REGISTRY_SPACES.prefix + digits;
/** Returns the state key of a signing key (L6.1). */
export const keyKey = (keyId: KeyId): string => REGISTRY_SPACES.key + keyId;
/** Returns the state key of a product, by its base GTIN of 14 digits (L6.1). */
export const productKey = (baseGtin: string): string => REGISTRY_SPACES.product + baseGtin;
/** Returns the state key of a GTIN of 14 digits of any packaging level (L6.1). */
export const gtinKey = (gtin: string): string => REGISTRY_SPACES.gtin + gtin;
/** Returns the state key of a rule set, by its name (M3). */
export const marketRuleKey = (set: string): string => `${REGISTRY_SPACES.rule}market/${set}`;
/** The state key of the map from countries to the names of rule sets (M3). */
export const COUNTRIES_KEY = `${REGISTRY_SPACES.rule}countries`;
/** The state key of the limits and timing of this network, which a quorum changes (L2.7). */
export const NETWORK_RULE_KEY = `${REGISTRY_SPACES.rule}network`;
/** The state key of the validators of this and the previous epoch (L6.1). */
export const VALIDATORS_KEY = 'validators';
