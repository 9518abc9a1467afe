export { EVENT_READS, findEvents, type FoundEvent } from './event-query.js';
export { eventsProjection } from './events-projection.js';
export {
  INVENTORY_READS,
  inventoryOf,
  type HeldUnit,
  type InventoryPage,
  type InventoryQuestion,
} from './inventory.js';
export { JOURNEY_READS, journeyOf, type JourneyPage, type JourneyStep } from './journey.js';
export { findLeavesFor, shownVerdict, VERDICT_READS } from './leaves.js';
export {
  CaptureContexts1764070350000,
  EPCIS_MIGRATIONS,
  EventTables1764070200000,
  RegistryTables1764070100000,
  UnitTables1764070300000,
} from './migrations.js';
export { heightOfMoment, momentOf } from './moment.js';
export { REACH, REACH_READS, reachOf, type Reach, type ReachHolder } from './reach.js';
export { findEntries, loadRegistry, registryProjection } from './registry-projection.js';
export { NothingProjected, shownAsOf, shownTime, withSnapshot, type Snapshot } from './snapshot.js';
export { storableText } from './storable.js';
export { findUnit, UNIT_READS } from './unit-query.js';
export { linkOfUnit } from './unit-rows.js';
export { unitsProjection } from './units-projection.js';
export { httpLeaves, type AskLeaves, type Member } from './http-leaves.js';
export { judgeCode, type JudgedCode, type VerifyQuestion } from './judged-code.js';
export { proveVerdict, type Prover } from './proven-verdict.js';
