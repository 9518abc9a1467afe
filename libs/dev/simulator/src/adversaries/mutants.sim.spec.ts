import { MUTANTS, simulate, type Mutant } from '../index.js';

const SEEDS = [101, 102, 103, 104, 105, 106];

/** The first seed that shows the mutant, and how. */
async function caught({ schedule, disturb, caughtBy }: Mutant): Promise<{ seed: number; why: string } | undefined> {
  for (const seed of SEEDS) {
    try {
      await simulate(schedule(seed), disturb);
    } catch (error) {
      const why = String(error);
      if (caughtBy.test(why)) return { seed, why };
    }
  }
  return undefined;
}

describe('mutation gate', () => {
  it.each(MUTANTS)('$name: caught', async (mutant) => {
    const by = await caught(mutant);
    expect(by?.why).toMatch(mutant.caughtBy);
    // The same seed and circumstances with the rule in force: nothing happens.
    await simulate(mutant.healthy(by!.seed), mutant.disturb);
  });
});
