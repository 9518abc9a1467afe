export {
  laneName,
  laneOwner,
  LanesClosed,
  LanesFull,
  MAX_MESSAGE_BYTES,
  MAX_WAITING_BYTES,
  type LaneHandler,
  type LaneKind,
  type LaneMessage,
  type Lanes,
  type LaneSource,
  type LaneSpec,
  type LaneStart,
  type LaneSubscription,
} from './lanes.js';
export { MemoryBroker, memoryLanes } from './memory-lanes.js';
