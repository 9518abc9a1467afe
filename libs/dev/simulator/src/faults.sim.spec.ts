import { RULES } from '@custos/core-consensus';
import { ZERO_DIGEST } from '@custos/core-crypto';
import { laneOwner } from '@custos/shell-lanes';
import { DISK, QUIET, schedule, simulateTwice, STORMY, submitAll, tipFault, type Disturb } from './index.js';

// Printed by jest with the name of each test: a seed that fails is run again alone with `-t`.
const SEEDS = [11, 12, 13];
const MINUTE = 60_000;

/** Crashes some validator again and again, with or without its unsynced writes. */
const crashes: Disturb = async (simulation) => {
  const { random } = simulation;
  for (let i = 0; i < 12; i++) {
    await simulation.submit(i % 4);
    const index = random.below(4);
    await simulation.run(150 * random.next());
    simulation.crash(index, random.chance(0.5));
    await simulation.run(200 * random.next());
    for (const place of simulation.places) if (random.chance(0.7)) simulation.start(place.index);
  }
};

/** Splits the network at random, both ways or one way only, while transactions come. */
const partitions: Disturb = async (simulation) => {
  const { random, places } = simulation;
  for (let i = 0; i < 6; i++) {
    const side = new Set(places.filter(() => random.chance(0.5)).map(({ member }) => member.gln));
    const isOneWay = random.chance(0.5);
    const isCut = (lane: string, reader: string): boolean => {
      const isFromSide = side.has(laneOwner(lane));
      return isOneWay ? isFromSide && !side.has(reader) : isFromSide !== side.has(reader);
    };
    simulation.setWire({ ...QUIET, delay: [1, 80], isCut });
    await simulation.submit(i % 4);
    await simulation.run(1_500 * random.next());
  }
};

describe('the validator’s own host, in virtual time', () => {
  it.each(SEEDS)(
    'honest, seed %d: a block a view, no one accused, silence between heartbeats (I1-I6, I14)',
    async (seed) => {
      const { watch, ...simulation } = await simulateTwice(schedule(seed), async (network) => {
        await submitAll(network, 12, 40);
        await network.run(2_000);
        const { published } = network.watch;
        const height = network.watch.chain.length;
        await network.run(25_000);
        expect(network.watch.published).toBe(published);
        await network.run(10_000);
        expect(network.watch.chain.length).toBe(height + 1);
      });
      expect(simulation.submitted).toHaveLength(12);
      expect(watch.accused.size).toBe(0);
      expect(watch.chain.at(-1)!.view).toBe(watch.chain.length - 1);
    },
  );

  it.each(SEEDS)('lossy, seed %d: loss, delay, duplicates, reordering (I1-I6, I10, I12)', async (seed) => {
    const { watch } = await simulateTwice(schedule(seed, { wire: STORMY }), (network) => submitAll(network, 12, 300));
    expect(watch.accused.size).toBe(0);
  });

  it.each([...SEEDS, 14])(
    'crash and restart, seed %d: lost unsynced writes, torn records (I4, I5, I12)',
    async (seed) => {
      const wire = { ...QUIET, loss: 0.05, delay: [1, 40] as const };
      const { watch } = await simulateTwice(schedule(seed, { wire }), crashes);
      expect(watch.accused.size).toBe(0);
    },
  );

  it.each(SEEDS)(
    'disks that stall for seconds, seed %d: no vote leaves by any door before it is durable (I12)',
    async (seed) => {
      const disk = { ...DISK, stall: { chance: 0.1, milliseconds: [500, 4_000] } } as const;
      const wire = { ...QUIET, loss: 0.2, delay: [1, 40] as const };
      await simulateTwice(schedule(seed, { disk, wire }), crashes);
    },
  );

  it.each(SEEDS)('partitions, seed %d: two-way and one-way, shuffled again and again (I1-I5, I10)', async (seed) => {
    await simulateTwice(schedule(seed), partitions);
  });

  it('seven validators, one of them lying, and crashes, seed 41', async () => {
    const liar = { index: 3, lie: 'votes for everything' } as const;
    await simulateTwice(schedule(41, { validators: 7, liar, wire: { ...STORMY, loss: 0.1 } }), crashes);
  });

  it.each(SEEDS)('power cut of all, seed %d: what was final stays (I5, K13)', async (seed) => {
    await simulateTwice(schedule(seed), async (network) => {
      for (let i = 0; i < 5; i++) {
        await network.submit(i % 4);
        await network.run(100 * network.random.next());
        for (const { index } of network.places) network.crash(index, false);
        await network.run(10);
        for (const { index } of network.places) network.start(index);
        await network.run(300);
      }
    });
  });

  it('silent leader, seed 21: its turns soon cost next to nothing (K12)', async () => {
    const liar = { index: 2, lie: 'silent' } as const;
    const { watch } = await simulateTwice(schedule(21, { liar }), async (network) => {
      await submitAll(network, 16, 400);
      const start = network.time.now();
      for (let i = 0; i < 8; i++) {
        await network.submit(i % 2);
        await network.time.runUntil(() => network.isSettled(), 'final', 5_000);
      }
      // Eight transactions, two or three of them in a turn of the silent one: less than one T0 each.
      expect(network.time.now() - start).toBeLessThan(8 * 400);
    });
    expect(watch.chain.some((block) => block?.proposer === 2)).toBe(false);
  });

  it.each(SEEDS)('a validator that votes for everything, seed %d: no one else is accused (I8)', async (seed) => {
    const liar = { index: 1, lie: 'votes for everything' } as const;
    const wire = { ...STORMY, loss: 0.1 };
    const { watch, places } = await simulateTwice(schedule(seed, { liar, wire }), (network) =>
      submitAll(network, 8, 200),
    );
    expect([...watch.accused]).toEqual([places[1]!.member.gln]);
  });

  it.each(SEEDS)('a leader that proposes twice on a stale parent, seed %d (K4, K6)', async (seed) => {
    const liar = { index: 3, lie: 'proposes on a stale parent' } as const;
    await simulateTwice(schedule(seed, { liar }), (network) => submitAll(network, 16, 60));
  });

  it('200 skipped views, seed 31, then healing (K16)', async () => {
    // The timers of K9 would take hours of virtual time: short ones bring the same 200 views.
    const rules = { ...RULES, advanceAfter: () => 400, standstillAfter: () => 20_000 };
    const isCut = (lane: string): boolean => lane.includes('.proposals.');
    const { watch } = await simulateTwice(schedule(31, { rules, wire: { ...QUIET, isCut } }), async (network) => {
      await network.submit(0);
      await network.run(1.5 * MINUTE);
      expect(network.running[0]!.status().view).toBeGreaterThan(200);
      expect(network.watch.chain).toEqual([]);
    });
    expect(watch.chain[1]!.view).toBeGreaterThan(200);
  });

  it('a tip beside the final chain is seen, seed 11 (I11)', async () => {
    const { running } = await simulateTwice(schedule(11), (network) => submitAll(network, 2, 100));
    const state = running[0]!.running().host.consensus;
    expect(tipFault(state)).toBeUndefined();
    const lost = { block: { ...state.final, hash: ZERO_DIGEST, view: state.final.view + 1 }, status: 'valid' } as const;
    const node = { ...lost, final: false, justified: true, journaled: true };
    const certified = { notarize: { hash: ZERO_DIGEST } } as NonNullable<ReturnType<typeof state.views.get>>;
    const views = new Map([[node.block.view, certified]]);
    const nodes = new Map([[ZERO_DIGEST, { ...node, block: { ...node.block, parent: state.final.parent } }]]);
    expect(tipFault({ ...state, views, nodes, ordered: [...nodes.values()] })).toMatch('I11:');
  });
});
