export { REFUSALS, type RefusalCode } from './law/catalogue.js';
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
} from './units/entries.js';
export { LIMITS as CUSTODY_LIMITS } from './limits.js';
export { lawTable } from './law/law-table.js';
export { findPersonal, sealPersonal } from './event/personal.js';
export { ROWS, type LawRow } from './law/rows.js';
export { type Shipment } from './units/shipment.js';
export { contentsKey, CUSTODY_SPACES, eventKey, lotKey, lotNumberOf, shipmentKey } from './state-keys.js';
export type { Decision, Envelope, LawContext } from './law/types.js';
export { type Happening, type Lifecycle, type Transit, type Unit } from './units/unit.js';
export { readCode } from './verification/code.js';
export { leavesFor, type Leaves, type Purpose, type Question } from './verification/question.js';
export { verdict, type Answer, type AsOf, type Verdict } from './verification/verdict.js';
