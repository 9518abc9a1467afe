import { countedLanes } from './counted-lanes.js';
import { memoryLanes } from './memory-lanes.js';

const LANE = 'net.tx.4012345000009';

test('counts what the broker took and what was handled, by kind', async () => {
  const told: string[] = [];
  const lanes = countedLanes(memoryLanes(), {
    handedOver: (n) => void told.push(`over ${n}`),
    ended: (n) => void told.push(`ended ${n}`),
    published: (kind, n, bytes) => void told.push(`published ${kind} ${n} ${bytes}`),
    read: (kind, n, bytes) => void told.push(`read ${kind} ${n} ${bytes}`),
  });
  const handled = new Promise<void>((resolve) => {
    void lanes.subscribe('tx', [{ lane: LANE, from: 'beginning' }], async () => resolve());
  });
  await lanes.publish(LANE, [new Uint8Array(3), new Uint8Array(4)]);
  await handled;
  await new Promise(setImmediate);
  expect(told).toEqual(['over 2', 'published tx 2 7', 'ended 2', 'read tx 2 7']);
  await lanes.close();
  await expect(lanes.publish(LANE, [new Uint8Array(1)])).rejects.toThrow();
  expect(told.slice(4)).toEqual(['over 1', 'ended 1']);
});
