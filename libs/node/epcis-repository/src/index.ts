export { answered, noAnswer, type Answer, type NoAnswer } from './queries/answer.js';
export { EPCIS_ENTITIES } from './projections/entities.js';
export { EVENT_READS, findEvents, type FoundEvent } from './queries/event-query.js';
export { eventsProjection } from './projections/events-projection.js';
export {
  INVENTORY_READS,
  inventoryOf,
  type HeldUnit,
  type InventoryPage,
  type InventoryQuestion,
} from './queries/inventory.js';
export { JOURNEY_READS, journeyOf, type JourneyPage, type JourneyStep } from './queries/journey.js';
export { findLeavesFor, shownVerdict, VERDICT_READS } from './queries/leaves.js';
export {
  CaptureContexts1764070350000,
  EPCIS_MIGRATIONS,
  EventTables1764070200000,
  RegistryTables1764070100000,
  UnitTables1764070300000,
} from './projections/migrations.js';
export { REACH, REACH_READS, reachOf, type Reach, type ReachHolder } from './queries/reach.js';
export { findEntries, registryProjection } from './projections/registry-projection.js';
export { NothingProjected, shownAsOf, shownTime, withSnapshot, type Snapshot } from './queries/snapshot.js';
export { storableText } from './projections/storable.js';
export { findUnit, UNIT_READS } from './queries/unit-query.js';
export { linkOfUnit } from './queries/unit-rows.js';
export { unitsProjection } from './projections/units-projection.js';
export { judgeCode, type JudgedCode, type VerifyQuestion } from './queries/judged-code.js';
export { answerWithProof, type AskLeaves, type Prover } from './queries/proven-verdict.js';
