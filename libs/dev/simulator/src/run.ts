import { decodeBlock } from '@custos/core-chain';
import { nodeHasher } from '@custos/shell-node-crypto';
import { replayChain } from './watch/chain-replay.js';
import { QUIET, type Schedule } from './schedule.js';
import { Simulation } from './simulation.js';

/** Virtual milliseconds in which a network that was healed must have made everything final (I10). */
const HEALED_WITHIN = 90_000;

/** What is done to a network before it is left in peace. */
export type Disturb = (simulation: Simulation) => Promise<void>;

/**
 * One simulation: disturbed, then healed, then settled; then its chain is executed once more from nothing.
 * @throws Error naming the seed and the invariant that broke.
 */
export async function simulate(schedule: Schedule, disturb: Disturb): Promise<Simulation> {
  const simulation = new Simulation(schedule);
  await simulation.run(100);
  await disturb(simulation);
  simulation.setWire(QUIET);
  for (const { index } of simulation.honest) simulation.start(index);
  const what = `seed ${schedule.seed}: I10: everything final`;
  try {
    await simulation.time.runUntil(() => simulation.isSettled(), what, HEALED_WITHIN);
  } finally {
    simulation.endWatch();
  }
  await checkChain(simulation);
  return simulation;
}

// I6, and that the stores hold the chain that was watched.
async function checkChain({ running, genesis, networkId, watch, schedule }: Simulation): Promise<void> {
  const { chain } = running[0]!.running();
  const pieces = chain.piecesFrom(0, Number.MAX_SAFE_INTEGER).map((piece) => decodeBlock(nodeHasher, networkId, piece));
  const blocks = pieces.flatMap((piece) => (piece.ok ? [piece.value] : []));
  if (blocks.length !== chain.head.block.header.height + 1)
    throw new Error(`seed ${schedule.seed}: I5: the store has ${blocks.length} blocks`);
  const wrong = await replayChain(genesis, blocks);
  if (wrong) throw new Error(`seed ${schedule.seed}: I6: ${wrong}`);
  for (const { header } of blocks.slice(1))
    if (header.ownHash !== watch.chain[header.height]?.hash)
      throw new Error(`seed ${schedule.seed}: I5: height ${header.height} is not what was final`);
}

/** Runs one seed twice; the same seed must end the same. */
export async function simulateTwice(schedule: Schedule, disturb: Disturb): Promise<Simulation> {
  const first = await simulate(schedule, disturb);
  const second = await simulate(schedule, disturb);
  if (first.watch.hash() !== second.watch.hash()) throw new Error(`seed ${schedule.seed}: not the same twice`);
  return second;
}

/** Transactions of all members in turn, one every so many milliseconds. */
export async function submitAll(simulation: Simulation, count: number, pause: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await simulation.submit(i % simulation.places.length);
    await simulation.run(pause);
  }
}
