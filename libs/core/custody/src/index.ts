export { REFUSALS, WARNINGS, type RefusalCode, type WarningCode } from './law/catalogue.js';
export { decide } from './decide.js';
export {
  childrenOf,
  eventRecordOf,
  lotOf,
  lotPublicOf,
  privateCommitment,
  shipmentOf,
  summaryHash,
  unitOf,
  unitPublicOf,
  type EventRecord,
} from './units/entries.js';
export { LIMITS as CUSTODY_LIMITS } from './limits.js';
export { reasonsAgainst, SALE_REASONS, type Reason, type SaleReason } from './law/saleable.js';
export {
  RECALL_CLASSES,
  type Lot,
  type LotPrivate,
  type LotPublic,
  type Recall,
  type RecallClass,
} from './units/lot.js';
export { lawTable } from './law/law-table.js';
export { findPersonal, PERSONAL_MEMBERS, sealPersonal } from './event/personal.js';
export { ROWS, type LawRow, type Match, type Row, type Rule } from './law/rows.js';
export { SHIPMENT_KINDS, type Shipment, type ShipmentKind, type ShipmentPrivate } from './units/shipment.js';
export { contentsKey, CUSTODY_SPACES, eventKey, lotKey, lotNumberOf, shipmentKey } from './state-keys.js';
export type { CustodyRefused, Decide, Decision, Envelope, LawContext, UnitSet } from './law/types.js';
export {
  END_REASONS,
  HOLD_KINDS,
  type Amount,
  type ContainerRef,
  type ContainerSummary,
  type ContentsKnown,
  type Count,
  type Custody,
  type EndReason,
  type Happening,
  type Hold,
  type HoldKind,
  type Lifecycle,
  type Transit,
  type Unit,
  type UnitPrivate,
  type UnitPublic,
} from './units/unit.js';
export { MAX_REPAIRS, readCode, type ReadCode, type Repair } from './verification/code.js';
export { leavesFor, type Leaves, type Purpose, type Question } from './verification/question.js';
export {
  ANSWERS,
  VERDICT_REASONS,
  verdict,
  type Answer,
  type AsOf,
  type PackState,
  type Verdict,
  type VerdictReason,
} from './verification/verdict.js';
