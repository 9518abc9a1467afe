import { RULES } from './index.js';
import { ModelNetwork, type Schedule } from './testing/network.js';

const MINUTE = 60_000;

/** Submits, disturbs and heals. At the end every running validator has the same chain with every transaction. */
function live(schedule: Schedule, disturb: (network: ModelNetwork) => void, calm = MINUTE): ModelNetwork {
  const network = new ModelNetwork(schedule);
  disturb(network);
  network.heal();
  network.run(calm);
  const heightsNow = (): readonly number[] => network.nodes.flatMap(({ state }) => (state ? [state.final.height] : []));
  // The calm time may end while a heartbeat's block is in progress.
  for (let i = 0; i < 20 && new Set(heightsNow()).size > 1; i++) network.run(100);
  const heights = heightsNow();
  const waiting = network.nodes.filter(({ state }) => state).map(({ pool }) => pool.size);
  if (new Set(heights).size !== 1 || waiting.some((size) => size > 0))
    throw new Error(`seed ${schedule.seed}: heights ${heights.join()}, waiting ${waiting.join()}`);
  return network;
}

function submitAll(network: ModelNetwork, count: number, pause: number, first = 0): void {
  for (let i = first; i < first + count; i++) {
    network.submit(i);
    network.run(pause);
  }
}

const seeds = Array.from({ length: 6 }, (_, i) => 1_000 + i);

describe('a network of machines', () => {
  it.each(seeds)('I1-I5, I12: honest, seed %d', (seed) => {
    const network = live({ seed }, (n) => submitAll(n, 40, 25), 5_000);
    expect(network.watch.accused.size).toBe(0);
    // No view is skipped without faults.
    expect(network.watch.blocks.at(-1)!.view).toBe(network.watch.chain.length - 1);
  });

  it('I14: an idle network sends nothing between heartbeats', () => {
    const network = live({ seed: 5 }, (n) => submitAll(n, 5, 100), 10_000);
    const before = network.sent;
    network.run(15_000);
    expect(network.sent).toBe(before);
    const height = network.watch.chain.length;
    network.run(60_000);
    expect(network.watch.chain.length - height).toBeGreaterThanOrEqual(2);
    expect(network.watch.chain.length - height).toBeLessThanOrEqual(3);
  });

  it.each(seeds)('I1-I5, I12: loss, duplicates, reordering, seed %d', (seed) => {
    live({ seed, loss: 0.3, duplicates: 0.2, delay: [1, 300] }, (n) => submitAll(n, 30, 400));
  });

  it.each(seeds)('K8: crashes and power cuts, seed %d', (seed) => {
    live({ seed, loss: 0.05, delay: [1, 40] }, (network) => {
      for (let i = 0; i < 40; i++) {
        network.submit(i);
        const node = network.nodes[Math.floor(network.chance() * 4)]!;
        network.run(200 * network.chance());
        if (node.state) network.crash(node, network.chance() < 0.5);
        network.run(300 * network.chance());
        for (const other of network.nodes) if (!other.state && network.chance() < 0.7) network.start(other);
      }
    });
  });

  it.each(seeds.slice(0, 4))('K8, K13: a power cut of the whole network, seed %d', (seed) => {
    live({ seed, delay: [1, 40] }, (network) => {
      for (let i = 0; i < 10; i++) {
        network.submit(i);
        network.run(150 * network.chance());
        for (const node of network.nodes) network.crash(node, true);
        for (const node of network.nodes) network.start(node);
      }
    });
  });

  it.each(seeds.slice(0, 4))('K12: one silent validator, seed %d', (seed) => {
    const network = live({ seed, silent: [2] }, (n) => submitAll(n, 60, 300), 10_000);
    const { blocks } = network.watch;
    expect(blocks.some(({ proposer }) => proposer === 2)).toBe(false);
    const start = network.now;
    submitAll(network, 20, 300, 100);
    // Its views cost almost no time by now.
    expect(network.now - start).toBe(6_000);
    expect(network.nodes[0]!.pool.size).toBeLessThan(3);
  });

  it.each(seeds)('K15: a validator that votes for everything, seed %d', (seed) => {
    const network = live({ seed, liar: 1, loss: 0.1, delay: [1, 100] }, (n) => submitAll(n, 30, 200));
    for (const offender of network.watch.accused) expect(offender).toBe(1);
    expect(network.watch.accused.size).toBe(1);
  });

  it('K16: 200 skipped views, then healing', () => {
    const rules = { ...RULES, advanceAfter: () => 400, standstillAfter: () => 5_000 };
    const network = live({ seed: 4, deafToProposals: true, rules }, (n) => {
      n.submit(1);
      n.run(1.5 * MINUTE);
      expect(n.nodes[0]!.state!.view).toBeGreaterThan(200);
    });
    expect(network.watch.blocks[0]!.view).toBeGreaterThan(200);
  });

  it('K2: leaves no view and makes nothing final without a quorum', () => {
    const network = new ModelNetwork({ seed: 3, silent: [1, 2] });
    network.submit(1);
    network.run(MINUTE);
    expect(network.nodes[0]!.state!.view).toBe(1);
    expect(network.watch.chain).toEqual([]);
  });

  it('the same seed gives the same result', () => {
    const run = (): readonly unknown[] => {
      const network = live({ seed: 77, loss: 0.3, duplicates: 0.2, delay: [1, 300] }, (n) => submitAll(n, 10, 400));
      return [network.sent, network.watch.chain];
    };
    expect(run()).toEqual(run());
  });
});

const harsh = { liar: 1, loss: 0.3, delay: [1, 600] } as const;

function isCaught(schedule: Schedule): boolean {
  try {
    live(schedule, (network) => submitAll(network, 40, 150));
    return false;
  } catch {
    return true;
  }
}

describe('the same network with one rule broken', () => {
  it.each<[string, Partial<typeof RULES>, Partial<Schedule>]>([
    ['K5: finalize after skip', { mayFinalize: ({ notarized, finalized }) => notarized && !finalized }, {}],
    ['K4: no gap check', { mayJumpOver: () => true }, {}],
    ['a plain majority decides', { decides: (votes, { size }) => votes >= size / 2 }, {}],
    ['K10: no standstill', { standstillAfter: () => Infinity }, { liar: undefined }],
    ['K11: no empty block', { emptyAfter: () => Infinity }, { liar: undefined }],
  ])('%s: caught', (_, broken, other) => {
    expect(seeds.some((seed) => isCaught({ ...harsh, ...other, seed, rules: { ...RULES, ...broken } }))).toBe(true);
  });

  it.each([{}, { liar: undefined }])('no rule broken: %j is not caught', (other) => {
    for (const seed of seeds) expect(isCaught({ ...harsh, ...other, seed })).toBe(false);
  });
});
