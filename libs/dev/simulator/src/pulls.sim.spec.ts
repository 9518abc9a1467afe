import { consensusStatus } from '@custos/core-consensus';
import { VOTE } from '@custos/core-finality';
import { laneOwner } from '@custos/shell-lanes';
import { hasSent } from './adversaries/lost-writes.js';
import { QUIET, schedule, Simulation } from './index.js';

const SEVEN = 7;
const DEAD = [0, 1];

/** Makes blocks until the next leader is one that stays alive, so that its block can be what two others lack. */
async function untilALivingLeads(simulation: Simulation): Promise<number> {
  const leaderNow = (): number => consensusStatus(simulation.running.at(-1)!.running().host.consensus).leader;
  for (let turn = 0; turn < 2 * SEVEN && DEAD.includes(leaderNow()); turn++) {
    await simulation.submit(SEVEN - 1);
    await simulation.time.runUntil(() => simulation.isSettled(), 'settled', 30_000);
    await simulation.run(200);
  }
  return leaderNow();
}

describe('K10: a missing block is asked of every holder', () => {
  // Of the five signers of its certificate, the two with the lowest indices are dead and two lack the block.
  it.each([1, 2, 3, 4, 5])('n = 7, two crashed signers, seed %d: the living holders are asked (I10)', async (seed) => {
    const simulation = new Simulation(schedule(seed, { validators: SEVEN }));
    await simulation.run(100);
    const leader = await untilALivingLeads(simulation);
    const deaf = [6, 5, 4, 3, 2].filter((index) => index !== leader).slice(0, 2);
    const deafGlns = deaf.map((index) => simulation.places[index]!.member.gln);
    const leaderGln = simulation.places[leader]!.member.gln;
    const isCut = (lane: string, reader: string): boolean =>
      lane.includes('.proposals.') && laneOwner(lane) === leaderGln && deafGlns.includes(reader);
    simulation.setWire({ ...QUIET, isCut });
    const { view } = simulation.running[0]!.status();
    await simulation.submit(leader);
    const haveVoted = (): boolean =>
      DEAD.every((index) => hasSent(simulation, simulation.places[index]!, VOTE.notarize, view));
    for (let i = 0; i < 8_000 && !haveVoted(); i++) await simulation.run(0.05);
    expect(haveVoted()).toBe(true);
    for (const index of DEAD) simulation.crash(index, false);
    simulation.setWire(QUIET);
    const alive = simulation.places.filter(({ index }) => !DEAD.includes(index));
    await simulation.time.runUntil(() => simulation.isFinalAt(alive), 'I10: final with two of seven crashed', 60_000);
    simulation.endWatch();
  });
});
