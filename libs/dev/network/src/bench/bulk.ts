import type { Network } from '../network.js';
import { memberOf } from '../topology.js';
import { newBatch } from './batch.js';
import { runTasks, timed } from './load.js';

const PACKS_A_CASE = 200;
const CASES = 20;
const IN_FLIGHT = 16;
/** Times that the pallet goes from one party to the next. */
const HOPS = ['distributor', 'pharmacy'] as const;

export interface BulkFigures {
  /** Packs commissioned, unpacked and dispensed in events of 200, a second. */
  readonly packsTouchedPerSecond: number;
  /** Packs shipped and received inside their pallet, a second. */
  readonly packsMovedPerSecond: number;
}

/** A pallet of 4,000 packs: made, moved twice, opened and dispensed, each step until trace has projected it. */
export async function benchBulk(network: Network): Promise<BulkFigures> {
  const { lot, expiry, packs, cases, pallet } = newBatch(CASES * PACKS_A_CASE, CASES);
  const packsOf = (i: number) => packs.slice(i * PACKS_A_CASE, (i + 1) * PACKS_A_CASE);
  const [maker, pharmacy] = [network.service('manufacturer'), network.service('pharmacy')];
  const pack = (container: string, children: readonly string[]) =>
    maker.post('/aggregations', { action: 'packing', container, children });

  const commissioned = await runTasks(network, CASES, IN_FLIGHT, (i) =>
    maker.post('/commissionings', { codes: packsOf(i), lot, expiry }),
  );
  await runTasks(network, 1, 1, () => maker.post('/commissionings', { codes: cases, lot, expiry }));
  await runTasks(network, 1, 1, () => maker.post('/commissionings', { codes: [pallet] }));
  await runTasks(network, CASES, IN_FLIGHT, (i) => pack(cases[i]!, packsOf(i)));
  await runTasks(network, 1, 1, () => pack(pallet, cases));

  const moved = await timed(async () => {
    let sender = maker;
    for (const hop of HOPS) {
      const { gln } = memberOf(network.topology, hop);
      const shipment = { codes: [pallet], receiver: gln, owner: gln };
      await runTasks(network, 1, 1, () => sender.post('/shipments', shipment));
      sender = network.service(hop);
      await runTasks(network, 1, 1, () => sender.post('/receivings', { codes: [pallet] }));
    }
  });

  await runTasks(network, 1, 1, () => pharmacy.post('/aggregations', { action: 'unpacking', container: pallet }));
  const unpacked = await runTasks(network, CASES, IN_FLIGHT, (i) =>
    pharmacy.post('/aggregations', { action: 'unpacking', container: cases[i], verified: true }),
  );
  const dispensed = await runTasks(network, CASES, IN_FLIGHT, (i) =>
    pharmacy.post('/dispensations', { codes: packsOf(i) }),
  );
  const touching = commissioned.took + unpacked.took + dispensed.took;
  return {
    packsTouchedPerSecond: (3 * packs.length) / (touching / 1000),
    packsMovedPerSecond: (2 * HOPS.length * packs.length) / (moved.took / 1000),
  };
}
