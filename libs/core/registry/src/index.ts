export type { GtinLeaf, KeyLeaf, LocationLeaf, PartyLeaf, PrefixLeaf, ProductLeaf, ProductRecord } from './entries.js';
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
} from './party.js';
export type { Cmo, Content, Level, MasterData, Product } from './product.js';
export {
  listFacts,
  MAX_LISTED_FACTS,
  type Accepted,
  type Decision,
  type ReceiptChange,
  type Refusal,
  type RefusalClass,
  type RefusalRow,
  type Refused,
  type Warning,
} from './refusal.js';
export { agentOf, hasLicence, isCmoOf, PREFIX_LENGTHS, registry, type Registry } from './registry.js';
export { DEFAULT_RULE_SET, EU_RULE_SET, RECALL_DEPTHS, type RecallDepth, type RuleSet } from './rule-set.js';
export {
  applyChanges,
  mapView,
  overlay,
  sameEntry,
  type Change,
  type Entry,
  type Overlay,
  type StateView,
} from './state.js';
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
} from './state-keys.js';
export type { RegistryDecision, RegistryEnvelope } from './acting.js';
export { decideKey } from './decide-key.js';
export { decideParty } from './decide-party.js';
export { decideProduct } from './decide-product.js';
export { registryGenesis, type RegistryGenesis } from './genesis.js';
export { parseKeyPayload, type KeyPayload } from './key-payload.js';
export { parsePartyPayload, type PartyPayload } from './party-payload.js';
export { parseProductPayload, type ProductPayload, type ProductStatement } from './product-payload.js';
export { REGISTRY_REFUSALS, type RegistryRefusalCode } from './refusals.js';
