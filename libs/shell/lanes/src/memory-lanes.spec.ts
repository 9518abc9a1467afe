import { lanesContract } from './lanes.contract.js';
import { MemoryBroker, memoryLanes } from './memory-lanes.js';

lanesContract('in-memory twin', () => {
  const broker = new MemoryBroker();
  return {
    client: () => memoryLanes(broker),
    network: () => 'test',
    forget: async (lane) => broker.forget(lane),
  };
});
