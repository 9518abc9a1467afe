import { QUIET, schedule, simulate, simulateTwice, type CrashPoint, type Disturb, type Schedule } from './index.js';

const SEED = 51;
const LIAR = { index: 3, lie: 'proposes on a stale parent' } as const;
const HONEST = [0, 1, 2];

/** Every so many-th effect, so that no test is long. */
const IN_PARTS = 4;
const PARTS = HONEST.flatMap((index) => Array.from({ length: IN_PARTS }, (_, i) => ({ index, part: i + 1 })));

/** A few views: transactions, one leader whose proposals no one hears until its time is over, one that lies. */
const script: Disturb = async (simulation) => {
  await simulation.submit(0);
  await simulation.run(60);
  const { member } = simulation.places[1]!;
  simulation.setWire({ ...QUIET, isCut: (lane) => lane.includes('.proposals.') && lane.endsWith(member.gln) });
  await simulation.submit(1);
  await simulation.run(700);
  simulation.setWire(QUIET);
  await simulation.submit(2);
  await simulation.run(200);
};

/** After the crash the chain goes on: this one comes when all is over. */
const scriptAndMore: Disturb = async (simulation) => {
  await script(simulation);
  await simulation.submit(0);
};

const scheduleWith = (crashAt?: CrashPoint): Schedule =>
  schedule(SEED, { liar: LIAR, ...(crashAt ? { crashAt } : {}) });

describe('a power cut at every effect of a short run (I1-I7, I9-I12)', () => {
  it(`the run without a crash, seed ${SEED}: a view is skipped, the liar is caught, all becomes final`, async () => {
    const { watch, places } = await simulateTwice(scheduleWith(), scriptAndMore);
    expect([...watch.accused]).toEqual([places[LIAR.index]!.member.gln]);
    const views = watch.chain.flatMap((block) => (block ? [block.view] : []));
    expect(Math.max(...views)).toBeGreaterThan(views.length);
    for (const index of HONEST) expect(places[index]!.effects.count).toBeGreaterThan(20);
  });

  it.each(PARTS)(`validator $index, seed ${SEED}, part $part of ${IN_PARTS}: before and after each`, async (which) => {
    const { index, part } = which;
    const { places } = await simulate(scheduleWith(), script);
    const { count } = places[index]!.effects;
    for (let effect = part - 1; effect < count; effect += IN_PARTS)
      for (const when of ['before', 'after'] as const) await survives({ index, effect, when });
  });
});

async function survives(crashAt: CrashPoint): Promise<void> {
  try {
    const { watch, places } = await simulate(scheduleWith(crashAt), scriptAndMore);
    expect(watch.crashes).toBe(1);
    for (const honest of HONEST) expect(watch.accused).not.toContain(places[honest]!.member.gln);
  } catch (error) {
    const { index, effect, when } = crashAt;
    throw new Error(`power cut ${when} effect ${effect} of validator ${index}: ${String(error)}`, { cause: error });
  }
}
