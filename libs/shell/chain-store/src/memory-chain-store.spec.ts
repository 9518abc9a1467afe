import { utf8 } from '@custos/core-bytes';
import { digestOf, referenceHasher as hasher } from '@custos/core-crypto';
import { chainStoreContract } from './chain-store.contract.js';
import { MemoryChainDisk, memoryChainStore } from './index.js';

chainStoreContract('memory', () => {
  const disk = new MemoryChainDisk();
  return Promise.resolve({
    open: () => Promise.resolve(memoryChainStore(hasher, disk)),
    remove: () => Promise.resolve(),
  });
});

it('a crash loses the append in flight, and shuts the dead store out', async () => {
  const disk = new MemoryChainDisk();
  const dead = memoryChainStore(hasher, disk);
  const hash = digestOf(hasher.digest(utf8('x')));
  const empty = { bytes: utf8('x'), receipts: utf8('[]'), transactionIds: [], changes: [] };
  const inFlight = dead.append({
    blocks: [{ epoch: 0, view: 0, height: 0, hash, timestamp: 1, ...empty }],
    record: undefined,
  });
  const next = memoryChainStore(hasher, disk);
  await expect(inFlight).rejects.toThrow('closed');
  expect([next.head(), disk.runs.length]).toEqual([undefined, 0]);
});
