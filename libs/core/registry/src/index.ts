export type {
  GtinLeaf,
  KeyLeaf,
  LocationLeaf,
  PartyLeaf,
  PrefixLeaf,
  ProductLeaf,
  ProductRecord,
} from './entries/entries.js';
export {
  isValidAt,
  LICENCE_KINDS,
  ROLES,
  type Agent,
  type KeyRecord,
  type Licence,
  type LicenceKind,
  type Location,
  type Party,
  type Role,
  type Validity,
} from './entries/party.js';
export type { Cmo, Content, Level, MasterData, Product } from './entries/product.js';
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
export type { RegistryDecision, RegistryEnvelope } from './decisions/acting.js';
export { decideKey } from './decisions/decide-key.js';
export { decideParty } from './decisions/decide-party.js';
export { decideProduct } from './decisions/decide-product.js';
export { registryGenesis, type RegistryGenesis } from './founding/genesis.js';
export { parseKeyPayload, type KeyPayload } from './payloads/key-payload.js';
export { parsePartyPayload, type PartyPayload } from './payloads/party-payload.js';
export { parseProductPayload, type ProductPayload, type ProductStatement } from './payloads/product-payload.js';
export { REGISTRY_REFUSALS, type RegistryRefusalCode } from './decisions/refusals.js';
