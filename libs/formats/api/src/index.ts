export { allows, caller, callerBook, callers, type Caller } from './bearer.js';
export { captureJob, EPCIS } from './epcis.js';
export { differenceOf, exampleUrl, type RouteExample } from './examples/example.js';
export { PARTNER_STORY } from './examples/partner-story.js';
export { PEER_EXAMPLES } from './examples/peer-examples.js';
export { SYSTEM_EXAMPLES } from './examples/system-examples.js';
export { TRACE_EXAMPLES } from './examples/trace-examples.js';
export { parseInput, type InputOf, type InputSchema } from './input.js';
export { code, codes, country, digest, epc, gln, gtin, isoDate, lot, MAX_CODES, timestamp } from './primitives.js';
export { openApiDocument, type DocumentParts } from './openapi.js';
export { PEERS } from './peers.js';
export { problemsOf } from './problem-cases.js';
export { problem, PROBLEM_MEDIA_TYPE, problemOf, statusOf, type Problem } from './problem.js';
export {
  asOf,
  blockSummary,
  heldUnit,
  inventory,
  inventoryQuery,
  JOBS,
  journey,
  journeyQuery,
  journeyStep,
  reach,
  reachHolder,
  TRACE,
  unitAnswer,
  verdict,
  verifyQuery,
} from './queries.js';
export { route, type Access, type Method, type ProblemCase, type Route, type RouteAccess } from './route.js';
export { health, SYSTEM } from './system.js';
export {
  aggregate,
  commission,
  dispense,
  finalAnswer,
  job,
  pendingAnswer,
  recall,
  receipt,
  receive,
  registerProduct,
  ship,
  TASKS,
  type AggregateTask,
  type CommissionTask,
  type DispenseTask,
  type RecallTask,
  type ReceiveTask,
  type RegisterProductTask,
  type ShipTask,
  type TaskName,
} from './tasks.js';
