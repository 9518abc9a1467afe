export {
  aggregationEvent,
  objectEvent,
  transactionEvent,
  type AggregationSketch,
  type Amount,
  type EventSketch,
  type ObjectSketch,
} from './documents/build.js';
export {
  CUSTOS_CONTEXT,
  EPCIS_CONTEXT,
  expandName,
  MAX_PREFIXES,
  MDA_NAMESPACE,
  parseContext,
  STANDARD_CONTEXT,
} from './members/context.js';
export { custosExtension } from './custos.js';
export { openDocument, parseDocument, type OpenDocument } from './documents/document.js';
export { MAX_EPCS, MAX_EVENT_ID_BYTES, parseEvent } from './event.js';
export {
  ACTIONS,
  CUSTOS_NAMESPACE,
  EVENT_TYPES,
  type Action,
  type AggregationEvent,
  type AssociationEvent,
  type BizTransaction,
  type Context,
  type Destination,
  type EpcisDocument,
  type EpcisEvent,
  type EpcItem,
  type ErrorDeclaration,
  type EventFields,
  type EventType,
  type Extensions,
  type Ilmd,
  type ObjectEvent,
  type PersistentDisposition,
  type Place,
  type QuantityElement,
  type Source,
  type TransactionEvent,
  type TransformationEvent,
} from './events.js';
export { FIELDS, fieldsOf, type Field, type FieldKind } from './fields.js';
export { eventHash, eventPreHash, hashDocument, type HashedEvent } from './hash/hash.js';
export { MAX_EXTENSIONS } from './members/members.js';
export { parseMoment, parseOffset, timeText, type Moment } from './members/times.js';
export { webForm, wordOf, type VocabularyName } from './members/words.js';
