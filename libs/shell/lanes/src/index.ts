export { countedLanes } from './counted-lanes.js';
export { inspectBroker, type BrokerFacts, type LaneFacts } from './inspect-broker.js';
export { LaneServer } from './lane-server.js';
export {
  laneName,
  laneOwner,
  LanesClosed,
  MAX_MESSAGE_BYTES,
  type LaneHandler,
  type LaneMessage,
  type Lanes,
  type LaneSource,
  type LaneSpec,
  type LaneStart,
  type LaneSubscription,
} from './lanes.js';
export { MemoryBroker, memoryLanes } from './memory-lanes.js';
export { fileAddress, folderOf, openLanes } from './open-lanes.js';
