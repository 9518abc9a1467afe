import type { BlockHeader } from '@custos/core-chain';

/** A slower machine or a longer way is the new normal after this time, at most twice it. Milliseconds. */
const FORGET_MS = 5 * 60_000;

/** The longest wait of a leader, as a share of the shortest view (K9): filling, signing and the wire need the rest. */
const LONGEST_IN_T0 = 1 / 4;

/**
 * K17: how long a leader gathers before it fills its block. A round that takes longer than the quickest one says that
 * machines are busy, and a block costs much whatever it holds: gathering for as long as the round was late makes
 * blocks fewer and larger. A round is counted from the parent's timestamp, so clocks that differ, and ways that are
 * long, are part of the quickest.
 */
export class Pace {
  /** Quickest round after a block of each proposer: in this span, and in the one before. */
  private now = new Map<number, number>();
  private before = new Map<number, number>();
  private since = 0;
  private readonly longest: number;

  constructor(t0: number) {
    this.longest = t0 * LONGEST_IN_T0;
  }

  /** Milliseconds to gather after this parent. Nothing after a block of one: a single client is not to wait. */
  gatherMs({ proposer, timestamp }: BlockHeader, transactions: number, clock: number): number {
    if (clock - this.since >= FORGET_MS) {
      this.before = this.now;
      this.now = new Map();
      this.since = clock;
    }
    const round = clock - timestamp;
    const quickest = Math.min(round, this.now.get(proposer) ?? round);
    this.now.set(proposer, quickest);
    if (transactions <= 1) return 0;
    const late = round - Math.min(quickest, this.before.get(proposer) ?? quickest);
    return Math.min(late, this.longest);
  }
}
