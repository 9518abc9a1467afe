import type { KeyId } from '@custos/core-crypto';

// L6.1: keys of the registry's own rooms of the state. GLNs have 13 digits, GTINs 14, prefixes 4 to 12.
export const partyKey = (gln: string): string => `party/${gln}`;
export const glnKey = (gln: string): string => `gln/${gln}`;
export const prefixKey = (digits: string): string => `prefix/${digits}`;
export const keyKey = (keyId: KeyId): string => `key/${keyId}`;
export const productKey = (baseGtin: string): string => `product/${baseGtin}`;
export const gtinKey = (gtin: string): string => `gtin/${gtin}`;
export const marketRuleKey = (set: string): string => `rule/market/${set}`;
/** Which country follows which rule set (M3). */
export const COUNTRIES_KEY = 'rule/countries';
/** Limits and timing of this network; changed by a quorum (L2.7). */
export const NETWORK_RULE_KEY = 'rule/network';
/** This and the previous epoch's validators (L6.1). */
export const VALIDATORS_KEY = 'validators';
