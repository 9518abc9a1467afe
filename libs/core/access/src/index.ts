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
  visible,
  visibleIn,
  type Asker,
  type Audience,
  type Fact,
  type FactOf,
  type FactTable,
} from './visible.js';
