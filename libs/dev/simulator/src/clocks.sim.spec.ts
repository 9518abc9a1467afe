import { QUIET, schedule, simulateTwice, type Disturb } from './index.js';

const SEEDS = [61, 62, 63];
const HOUR = 3_600_000;
const WIRE = { ...QUIET, loss: 0.05, delay: [1, 40] as const };

/** Hours forward and back, a step of NTP, and a clock that is right. */
const ERRORS = [3 * HOUR, -3 * HOUR, 26 * HOUR, -26 * HOUR, 900, -900, 0];

/**
 * Any clock may be set to anything at any time; in the end all are right. Two of them are never ahead, or a quorum
 * could make a time final for which the chain has to wait hours (L3.5): that is the last test's.
 */
const allJump: Disturb = async (simulation) => {
  const { random, places } = simulation;
  for (let i = 0; i < 16; i++) {
    await simulation.submit(i % 4);
    const index = random.below(4);
    const error = ERRORS[random.below(ERRORS.length)]!;
    simulation.setClockError(index, index < 2 ? error : Math.min(0, error));
    await simulation.run(500 * random.next());
  }
  for (const { index } of places) simulation.setClockError(index, 0);
};

describe('wall clocks that jump, timers that count on (L3.5)', () => {
  it.each(SEEDS)('one clock is wrong, seed %d: the others need it not (I1-I5, I10)', async (seed) => {
    const { watch } = await simulateTwice(schedule(seed, { wire: WIRE }), async (simulation) => {
      const { random, time } = simulation;
      const wrong = random.below(4);
      for (const error of ERRORS) {
        simulation.setClockError(wrong, error);
        await simulation.run(300 * random.next());
        await simulation.submit((wrong + 1) % 4);
        const others = simulation.places.filter(({ index }) => index !== wrong);
        await time.runUntil(() => simulation.isFinalAt(others), `seed ${seed}: I10: clock wrong by ${error}`, 60_000);
      }
    });
    expect(watch.accused.size).toBe(0);
  });

  it.each(SEEDS)('a clock is wrong across a power cut, seed %d (I4, I12)', async (seed) => {
    const { watch } = await simulateTwice(schedule(seed, { wire: WIRE }), async (simulation) => {
      const { random } = simulation;
      for (const error of ERRORS) {
        const index = random.below(4);
        await simulation.submit(index);
        await simulation.run(100 * random.next());
        simulation.crash(index, true);
        simulation.setClockError(index, error);
        simulation.start(index);
        await simulation.run(600 * random.next());
        simulation.setClockError(index, 0);
      }
    });
    expect(watch.accused.size).toBe(0);
  });
});

/** A quorum was ahead by this: what it made final lies so far in the future. */
const AHEAD = 20_000;

describe('wall clocks of a quorum (L3.5)', () => {
  it.each(SEEDS)('any clocks jump, seed %d: safe meanwhile, live once they agree (I1-I5, I10)', async (seed) => {
    const { watch } = await simulateTwice(schedule(seed, { wire: WIRE }), allJump);
    expect(watch.accused.size).toBe(0);
  });

  it.each(SEEDS)('a quorum was ahead, seed %d: the chain waits for the time it has stated, no longer', async (seed) => {
    const { watch } = await simulateTwice(schedule(seed), async (simulation) => {
      for (const index of [0, 1, 2]) simulation.setClockError(index, AHEAD);
      await simulation.submit(0);
      const ahead = simulation.places.slice(0, 3);
      await simulation.time.runUntil(() => simulation.isFinalAt(ahead), `seed ${seed}: I10: ahead`, 30_000);
      for (const { index } of simulation.places) simulation.setClockError(index, 0);
      await simulation.submit(1);
      await simulation.time.runUntil(() => simulation.isSettled(), `seed ${seed}: I10: agreed`, AHEAD + 60_000);
    });
    expect(watch.accused.size).toBe(0);
  });
});
