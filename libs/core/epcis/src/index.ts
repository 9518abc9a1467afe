export {
  aggregationEvent,
  objectEvent,
  transactionEvent,
  type AggregationSketch,
  type EventSketch,
  type ObjectSketch,
} from './documents/build.js';
export { CUSTOS_CONTEXT, EPCIS_CONTEXT, parseContext } from './members/context.js';
export { custosExtension } from './custos.js';
export { openDocument, parseDocument } from './documents/document.js';
export { MAX_EPCS, MAX_EVENT_ID_BYTES, parseEvent } from './event.js';
export {
  CUSTOS_NAMESPACE,
  EVENT_TYPES,
  type Action,
  type Context,
  type Destination,
  type EpcisEvent,
  type EpcItem,
  type EventType,
} from './events.js';
export { eventHash, eventPreHash, hashDocument } from './hash/hash.js';
export { timeText } from './members/times.js';
export { webForm, wordOf, type VocabularyName } from './members/words.js';
