import { newBatch } from './batch.js';
import { runTasks, type Sample } from './load.js';
import type { Network } from '../network.js';

/** `count` commissionings of one pack each, `inFlight` at a time. */
export async function commissionOneByOne(network: Network, count: number, inFlight: number): Promise<Sample> {
  const { lot, expiry, packs } = newBatch(count);
  const service = network.service('manufacturer');
  return runTasks(network, count, inFlight, (i) => service.post('/commissionings', { codes: [packs[i]], lot, expiry }));
}
