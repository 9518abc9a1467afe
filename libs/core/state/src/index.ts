export { countedView, type CountedView } from './counted-view.js';
export { GENESIS_LIMITS } from './genesis-limits.js';
export {
  listFacts,
  type Accepted,
  type Decision,
  type ReceiptChange,
  type Refusal,
  type RefusalClass,
  type RefusalRow,
  type Refused,
  type Warning,
} from './refusal.js';
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
