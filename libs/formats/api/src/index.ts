export { allows, caller, callerBook, callers, type Caller } from './bearer.js';
export { parseInput, type InputOf, type InputSchema } from './input.js';
export { code, codes, country, digest, epc, gln, gtin, isoDate, lot, MAX_CODES, timestamp } from './primitives.js';
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
export { route, type Access, type Method, type Route } from './route.js';
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
  taskAnswer,
  TASKS,
  type AggregateTask,
  type CommissionTask,
  type DispenseTask,
  type RecallTask,
  type ReceiveTask,
  type RegisterProductTask,
  type ShipTask,
  type TaskAnswer,
  type TaskName,
} from './tasks.js';
