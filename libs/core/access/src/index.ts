export {
  CAPABILITIES,
  CAPABILITY_NAMES,
  capabilitiesOf,
  isLicensed,
  may,
  rolesFor,
  type Capability,
  type RoleCapabilities,
} from './capabilities.js';
export {
  askerOf,
  FACTS,
  PATIENT,
  sightOf,
  visible,
  visibleIn,
  type Asker,
  type Audience,
  type Fact,
  type FactOf,
  type FactTable,
  type Sight,
} from './visible.js';
