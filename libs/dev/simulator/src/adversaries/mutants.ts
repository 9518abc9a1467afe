import { RULES, type Rules } from '@custos/core-consensus';
import { bodyWithoutItsLeader, certificateWithoutItsLeader } from './lost-writes.js';
import { submitAll, type Disturb } from '../run.js';
import { DISK, QUIET, schedule, STORMY, type Schedule } from '../schedule.js';

/**
 * A validator with one rule or one promise of its world broken, and the circumstances in which that must show.
 * Rules are handed to the machine by name; broken promises are those of the disk under the host.
 */
export interface Mutant {
  /** As CONSENSUS calls it. */
  readonly name: string;
  /** What the watch must say, or part of it: caught for another reason is not caught. */
  readonly caughtBy: RegExp;
  readonly schedule: (seed: number) => Schedule;
  /** The same without the mutation: it must live through exactly what catches the mutant. */
  readonly healthy: (seed: number) => Schedule;
  readonly disturb: Disturb;
}

const LIAR = { index: 1, lie: 'votes for everything' } as const;
const FLOODER = { index: 2, lie: 'votes far ahead' } as const;
const STALE = { index: 3, lie: 'proposes on a stale parent' } as const;
const HARSH = { ...STORMY, delay: [1, 700] } as const;

const work: Disturb = (simulation) => submitAll(simulation, 16, 150);

/** All go down at once and come back, a few times, in the middle of their work; the broker remembers or not. */
const powerCuts =
  (brokerToo: boolean): Disturb =>
  async (simulation) => {
    const { random, places, broker } = simulation;
    for (let i = 0; i < 8; i++) {
      await simulation.submit(i % 4);
      // Now and then long enough for the journal to let go of what is final (K8).
      await simulation.run(i % 4 === 2 ? 3_000 : 60 * random.next());
      for (const { index } of places) simulation.crash(index, true);
      // With the lanes intact the network would learn from them what its disks have lost.
      if (brokerToo) broker.forget();
      for (const { index } of places) simulation.start(index);
      await simulation.run(40);
    }
  };

const silence: Disturb = async (simulation) => {
  await submitAll(simulation, 2, 50);
  await simulation.run(1_000);
  const { published } = simulation.watch;
  await simulation.run(500);
  if (simulation.watch.published > published) throw new Error('I14: an idle network talks');
};

/** Votes come about when time is over, so that N and S meet; then the wire is good again. */
const lateVotes: Disturb = async (simulation) => {
  for (let i = 0; i < 6; i++) {
    simulation.setWire({ ...QUIET, delay: [120, 400] });
    await simulation.submit(i % 4);
    await simulation.run(1_200);
    simulation.setWire(QUIET);
    await simulation.time.runUntil(() => simulation.isSettled(), 'I10: one transaction final', 20_000);
  }
};

/** Views pass without any proposal until the wire is healed. */
const skippedViews: Disturb = async (simulation) => {
  await simulation.submit(0);
  await simulation.run(45_000);
};

function broken(
  name: string,
  caughtBy: RegExp,
  rules: Partial<Rules>,
  other: Partial<Schedule>,
  disturb = work,
): Mutant {
  const base = other.rules ?? RULES;
  return {
    name,
    caughtBy,
    schedule: (seed) => schedule(seed, { ...other, rules: { ...base, ...rules } }),
    healthy: (seed) => schedule(seed, other),
    disturb,
  };
}

function lying(
  name: string,
  caughtBy: RegExp,
  disk: Partial<Schedule['disk']>,
  disturb: Disturb = powerCuts(false),
): Mutant {
  return {
    name,
    caughtBy,
    schedule: (seed) => schedule(seed, { disk: { ...DISK, ...disk } }),
    healthy: (seed) => schedule(seed),
    disturb,
  };
}

const QUICK_VIEWS = { ...RULES, advanceAfter: () => 400, standstillAfter: () => 10_000 };

export const MUTANTS: readonly Mutant[] = [
  broken(
    'finalize after skip',
    /I3:|I4:|its slot holds another/,
    { mayFinalize: ({ notarized, finalized }) => notarized && !finalized },
    { wire: HARSH },
  ),
  broken(
    'no slot-2 exclusion',
    /I4:|its slot holds another/,
    { maySkip: ({ skipped }) => !skipped, mayFinalize: ({ notarized, finalized }) => notarized && !finalized },
    { wire: HARSH },
  ),
  broken('no gap check', /I1:|I7:|CHAIN_CONFLICT/, { mayJumpOver: () => true }, { liar: STALE }),
  broken(
    'simple-majority quorum',
    /I1:|I2:|I3:|QUORUM_MISSING/,
    { decides: (votes, { size }) => votes > size / 2 },
    { liar: LIAR, wire: HARSH, validators: 5 },
  ),
  broken(
    'certificate with q-1',
    /I1:|I2:|I3:|QUORUM_MISSING/,
    { decides: (votes, { quorum }) => votes >= quorum - 1 },
    { wire: HARSH },
  ),
  broken('no standstill', /I10:/, { standstillAfter: () => Infinity }, { wire: { ...STORMY, loss: 0.5 } }),
  broken('no empty block for a stuck branch', /I10:/, { emptyAfter: () => Infinity }, {}, lateVotes),
  broken('empty blocks at once', /I14:/, { emptyAfter: () => 0 }, {}, silence),
  broken(
    'bound from the last final',
    /I10:/,
    { highestView: (_, final) => final + 64 },
    { rules: QUICK_VIEWS, wire: { ...QUIET, isCut: (lane) => lane.includes('.proposals.') } },
    skippedViews,
  ),
  lying('votes forgotten on crash', /RECOVERY_NEEDED|I4:/, { forgetsJournal: true }),
  lying('send before persist', /I12:/, { liesAboutWrites: true }),
  lying('proposes twice after a crash', /I12:|I4:/, { losesKind: 'own-proposal' }),
  lying(
    'journal rows dropped before the final block is synced',
    /I1:|I5:|I10:|stopped/,
    { liesAboutSync: true },
    powerCuts(true),
  ),
  lying(
    'N before the body is durable',
    /I10: everything final without/,
    { losesKind: 'proposal' },
    bodyWithoutItsLeader,
  ),
  lying(
    'F before its certificate is durable',
    /I10: everything final without/,
    { losesKind: 'certificate' },
    certificateWithoutItsLeader,
  ),
  broken('no bound ahead', /I9:/, { highestView: () => Infinity }, { liar: FLOODER }),
];
