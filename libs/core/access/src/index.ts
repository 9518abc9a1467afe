export { CAPABILITIES, capabilitiesOf, isLicensed, may, rolesFor, type Capability } from './capabilities.js';
export { askerOf, FACTS, PATIENT, sightOf, visible, visibleIn, type Asker, type Fact } from './visible.js';
