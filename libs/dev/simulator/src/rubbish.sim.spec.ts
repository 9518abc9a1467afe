import { CLOCK_SKEW_MS, MAX_LIFE_MS } from '@custos/core-chain';
import { nodeHasher } from '@custos/shell-node-crypto';
import { productTransaction, type Submitted } from './members.js';
import { QUIET, schedule, Simulation } from './index.js';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

let serial = 9_000;

/** A transaction of the first member, dated `ahead` milliseconds after now. */
function dated({ places, time, networkId }: Simulation, ahead: number): Promise<Submitted> {
  return productTransaction(places[0]!.member, serial++, time.now() + ahead, networkId, nodeHasher);
}

/** Runs through some heartbeats. @returns blocks made meanwhile, at most one in 30 s on an idle network (K11). */
async function blocksWhileIdle(simulation: Simulation, milliseconds: number): Promise<number> {
  const before = simulation.watch.chain.length;
  await simulation.run(milliseconds);
  return simulation.watch.chain.length - before;
}

describe('L2.5: what cannot stand in the next block does not wait', () => {
  // On the code before, virtual time stood still: the leader built nothing for ever in one turn of microtasks.
  it.each([
    ['a minute after its window opens', CLOCK_SKEW_MS + MINUTE],
    ['a year from now', YEAR],
  ])('one transaction dated %s keeps no one awake (I14)', async (_, ahead) => {
    const simulation = new Simulation(schedule(1));
    await simulation.run(100);
    const { lane, bytes } = await dated(simulation, ahead);
    simulation.broker.publish(lane, bytes);
    expect(await blocksWhileIdle(simulation, 20_000)).toBe(0);
    expect(simulation.running.map((validator) => validator.status().pool.transactions)).toEqual([0, 0, 0, 0]);
  });

  it('sent again in its window, it becomes final', async () => {
    const simulation = new Simulation(schedule(2));
    await simulation.run(100);
    const transaction = await dated(simulation, CLOCK_SKEW_MS + 5_000);
    simulation.broker.publish(transaction.lane, transaction.bytes);
    await simulation.run(6_000);
    simulation.submitted.push(transaction);
    simulation.broker.publish(transaction.lane, transaction.bytes);
    await simulation.time.runUntil(() => simulation.isSettled(), 'final', 5_000);
  });

  it.each([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ])('one that expires while it waits, %d and %d away, keeps no one awake (I14)', async (...away) => {
    const simulation = new Simulation(schedule(3));
    await simulation.run(100);
    // No quorum: it waits until it has expired, then the others come back.
    for (const index of away) simulation.crash(index, false);
    const { lane, bytes } = await dated(simulation, 10_000 - MAX_LIFE_MS);
    simulation.broker.publish(lane, bytes);
    await simulation.run(11_000);
    for (const index of away) simulation.start(index);
    await simulation.run(2 * MINUTE);
    expect(await blocksWhileIdle(simulation, 2 * MINUTE)).toBeLessThanOrEqual(4);
  });

  it.each([21, 22, 23])('rubbish of one member all the time, seed %d: the others are served (I1-I12)', async (seed) => {
    const simulation = new Simulation(schedule(seed, { wire: { ...QUIET, loss: 0.05 } }));
    await simulation.run(100);
    const { random, broker } = simulation;
    const first = await simulation.submit(0);
    for (let i = 0; i < 60; i++) {
      const rubbish = await dated(simulation, random.chance(0.5) ? YEAR : -2 * MAX_LIFE_MS);
      const forged = Uint8Array.from(rubbish.bytes);
      forged[forged.length - 1]! ^= 1;
      for (const bytes of [rubbish.bytes, forged, first.bytes, rubbish.bytes.subarray(0, random.below(200))])
        broker.publish(rubbish.lane, bytes);
      if (i % 10 === 0) await simulation.submit(1 + (i % 3));
      await simulation.run(50);
    }
    await simulation.time.runUntil(() => simulation.isSettled(), 'I10: everything final', MINUTE);
    simulation.endWatch();
    await simulation.run(2_000);
    expect(await blocksWhileIdle(simulation, 20_000)).toBe(0);
  });
});
