import { laneName, laneOwner } from './lanes.js';
import { lanesContract } from './lanes.contract.js';
import { MemoryBroker, memoryLanes } from './memory-lanes.js';

lanesContract('in-memory twin', () => {
  const broker = new MemoryBroker();
  return { client: () => memoryLanes(broker), network: () => 'test' };
});

test('a lane name carries network, kind and owner', () => {
  expect(laneName('eu-demo', 'votes', '4012345000009')).toBe('eu-demo.votes.4012345000009');
  expect(laneOwner('eu-demo.votes.4012345000009')).toBe('4012345000009');
});
