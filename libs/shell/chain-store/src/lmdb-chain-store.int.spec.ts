import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referenceHasher as hasher } from '@custos/core-crypto';
import { chainStoreContract } from './chain-store.contract.js';
import { lmdbChainStore } from './index.js';

chainStoreContract('lmdb', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'custos-store-'));
  return {
    open: () => lmdbChainStore({ directory, hasher }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
});
