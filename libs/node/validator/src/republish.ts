import type { Digest } from '@custos/core-crypto';
import type { Mempool, Waiting } from './mempool.js';

/** Transactions looked at in one go, oldest first: the others are younger. */
const LOOKED_AT = 256;

/** K17: a leader's turn comes once a round of views; so many rounds are no accident. */
const REPORTED_AFTER_TURNS = 10;

export interface Overdue {
  /** To be published once more on this validator's own lane, so that every validator has it. */
  readonly again: readonly Waiting[];
  /** Waits for longer than it can by chance: somebody leaves it out. */
  readonly reported: readonly Waiting[];
}

/** K17: watches how long transactions wait. Each is published once more, and reported, once at most. */
export class Patience {
  private readonly published = new Set<Digest>();
  private readonly reported = new Set<Digest>();
  private newestFinal = 0;

  constructor(
    private readonly ownLane: string,
    private readonly t0: number,
    private readonly validators: number,
  ) {}

  /** Some that were in the pool became final: blocks had room for what arrived as late as this. */
  sawFinal(waiting: readonly Waiting[]): void {
    for (const { arrivedAt } of waiting) this.newestFinal = Math.max(this.newestFinal, arrivedAt);
  }

  /**
   * `isIdle`: no block is in flight. While blocks come, only what younger ones overtook is overdue: under load
   * a long wait is no sign of anything, and repeating would add to it.
   */
  look(pool: Mempool, now: number, isIdle: boolean): Overdue {
    this.forget(pool);
    const again: Waiting[] = [];
    const reported: Waiting[] = [];
    let looked = 0;
    for (const waiting of pool.oldestFirst()) {
      const { id } = waiting.transaction;
      const waited = now - waiting.arrivedAt;
      if (waited < 2 * this.t0 || looked++ === LOOKED_AT) break;
      if (!isIdle && waiting.arrivedAt + 2 * this.t0 >= this.newestFinal) break;
      if (waiting.lane !== this.ownLane && !this.published.has(id)) {
        this.published.add(id);
        again.push(waiting);
      }
      if (waited > REPORTED_AFTER_TURNS * this.validators * this.t0 && !this.reported.has(id)) {
        this.reported.add(id);
        reported.push(waiting);
      }
    }
    return { again, reported };
  }

  private forget(pool: Mempool): void {
    for (const set of [this.published, this.reported]) for (const id of set) if (!pool.has(id)) set.delete(id);
  }
}
