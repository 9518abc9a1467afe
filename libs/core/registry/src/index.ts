export type { GtinLeaf, ProductLeaf } from './entries/entries.js';
export { LICENCE_KINDS, ROLES, type KeyRecord, type LicenceKind, type Party, type Role } from './entries/party.js';
export type { Product } from './entries/product.js';
export { agentOf, hasLicence, isCmoOf, PREFIX_LENGTHS, registry, type Registry } from './entries/registry.js';
export { DEFAULT_RULE_SET, EU_RULE_SET, RECALL_DEPTHS, type RecallDepth, type RuleSet } from './entries/rule-set.js';
export {
  COUNTRIES_KEY,
  glnKey,
  gtinKey,
  keyKey,
  marketRuleKey,
  NETWORK_RULE_KEY,
  partyKey,
  prefixKey,
  productKey,
  VALIDATORS_KEY,
  REGISTRY_SPACES,
} from './entries/state-keys.js';
export type { RegistryEnvelope } from './decisions/acting.js';
export { decideKey } from './decisions/decide-key.js';
export { decideParty } from './decisions/decide-party.js';
export { decideProduct } from './decisions/decide-product.js';
export { registryGenesis, type RegistryGenesis } from './founding/genesis.js';
export { parseKeyPayload } from './payloads/key-payload.js';
export { parsePartyPayload } from './payloads/party-payload.js';
export { parseProductPayload } from './payloads/product-payload.js';
export { REGISTRY_REFUSALS } from './decisions/refusals.js';
