export { countedLanes, type LaneCounts } from './counted-lanes.js';
export { fileLanes, type FileLanesOptions } from './file/file-lanes.js';
export { inspectBroker, type BrokerFacts, type LaneFacts } from './inspect-broker.js';
export { kafkaLanes, type KafkaLanesOptions } from './kafka-lanes.js';
export { LaneServer, type LaneContext, type LaneSources } from './lane-server.js';
export {
  laneName,
  laneOwner,
  LanesClosed,
  LanesFull,
  LaneTaken,
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
export { fileAddress, folderOf, openLanes, type OpenOptions } from './open-lanes.js';
