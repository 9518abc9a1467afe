export { allows, callerBook, callers, type Caller } from './bearer.js';
export { EPCIS } from './epcis.js';
export { differenceOf, exampleUrl, type RouteExample } from './examples/example.js';
export { PARTNER_STORY } from './examples/partner-story.js';
export { PEER_EXAMPLES } from './examples/peer-examples.js';
export { SYSTEM_EXAMPLES } from './examples/system-examples.js';
export { TRACE_EXAMPLES } from './examples/trace-examples.js';
export { parseInput, type InputOf, type InputSchema } from './input.js';
export { MAX_CODES } from './primitives.js';
export { openApiDocument } from './openapi.js';
export { PEERS } from './peers.js';
export { problem, PROBLEM_MEDIA_TYPE, statusOf } from './problem.js';
export { inventoryQuery, JOBS, journey, reach, TRACE, unitAnswer, verdict } from './queries.js';
export { route, type Access, type Route, type RouteAccess } from './route.js';
export { SYSTEM } from './system.js';
export {
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
