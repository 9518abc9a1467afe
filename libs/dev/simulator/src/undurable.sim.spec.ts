import { leaderOf, leaderOrder, VOTE } from '@custos/core-finality';
import { nodeHasher } from '@custos/shell-node-crypto';
import { hasSent } from './adversaries/lost-writes.js';
import { DISK, QUIET, schedule, Simulation } from './index.js';
import type { Place } from './simulation.js';

/** The first four leaders, by the order of this genesis: it is the same for every seed. */
async function leaders(seed: number): Promise<readonly [number, number, number, number]> {
  const probe = new Simulation(schedule(seed));
  await probe.run(50);
  const validator = probe.running[0]!;
  const order = leaderOrder(nodeHasher, validator.running().genesis.header.ownHash, validator.network.set);
  return [leaderOf(order, 1), leaderOf(order, 2), leaderOf(order, 3), leaderOf(order, 4)];
}

/** The disk of `slow` stalls between its N and its F of view 1, while `deaf` can only pull, and only from `slow`. */
async function stallBeforeFinalize(simulation: Simulation, leader: Place, slow: Place, deaf: Place): Promise<void> {
  const isLane = (lane: string): boolean => lane.includes('.votes.') || lane.includes('.proposals.');
  const isCut = (lane: string, reader: string): boolean =>
    (reader === deaf.member.gln && (isLane(lane) || lane === `.${leader.member.gln}`)) ||
    (reader === leader.member.gln && lane === `.${slow.member.gln}`);
  await simulation.run(100);
  simulation.setWire({ ...QUIET, isCut });
  await simulation.submit(leader.index);
  for (let i = 0; i < 4_000 && !hasSent(simulation, slow, VOTE.notarize); i++) await simulation.run(0.1);
  slow.disk.setFaults({ write: [20_000, 20_000] });
}

describe('K8: a vote that is not durable leaves by no door', () => {
  // With a vote counted when it is signed, each of these seeds ends in two blocks of height 1.
  it.each([1, 2, 3, 4, 5, 16])('one liar and one power cut, seed %d: no fork (I1, I12)', async (seed) => {
    const [first, second, third, fourth] = await leaders(seed);
    const liar = { index: fourth, lie: 'votes for everything' } as const;
    const simulation = new Simulation(schedule(seed, { liar }));
    const [leader, slow, deaf] = [first, second, third].map((index) => simulation.places[index]!) as [
      Place,
      Place,
      Place,
    ];
    await stallBeforeFinalize(simulation, leader, slow, deaf);
    expect(hasSent(simulation, slow, VOTE.finalize)).toBe(false);
    await simulation.run(4_000);
    expect(hasSent(simulation, slow, VOTE.finalize)).toBe(false);
    expect(deaf.validator!.running().host.consensus.finalize).toBeUndefined();
    simulation.crash(slow.index, true);
    slow.disk.setFaults(DISK);
    simulation.setWire(QUIET);
    simulation.start(slow.index);
    await simulation.time.runUntil(() => simulation.isSettled(), 'I10: everything final', 60_000);
    simulation.endWatch();
  });
});
