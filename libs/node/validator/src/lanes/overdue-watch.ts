import type { Digest } from '@custos/core-crypto';
import type { Mempool, Waiting } from './mempool.js';

/** Transactions looked at in one go, oldest first: the others are younger. */
const LOOKED_AT = 256;

/** K17: a leader's turn comes once a round of views; so many rounds are no accident. */
const REPORTED_AFTER_TURNS = 10;

/** The transactions that wait for too long. */
export interface Overdue {
  /** To be published once more on this validator's own lane, so that every validator has it. */
  readonly again: readonly Waiting[];
  /** Waits for longer than it can by chance: somebody leaves it out. */
  readonly reported: readonly Waiting[];
}

/** The facts that {@link OverdueWatch} decides by. */
export interface Situation {
  readonly now: number;
  readonly view: number;
  /** No block is in flight. */
  readonly isIdle: boolean;
}

interface Watched {
  readonly sinceView: number;
  isPublished: boolean;
  isReported: boolean;
}

/** Finds transactions that wait too long (K17). Each is published once more, and reported, once at most. */
export class OverdueWatch {
  private readonly watched = new Map<Digest, Watched>();
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

  /** Looks at the oldest that wait for 2 T at least. */
  look(pool: Mempool, situation: Situation): Overdue {
    for (const id of this.watched.keys()) if (!pool.has(id)) this.watched.delete(id);
    const again: Waiting[] = [];
    const reported: Waiting[] = [];
    let looked = 0;
    for (const waiting of pool.oldestFirst()) {
      if (situation.now - waiting.arrivedAt < 2 * this.t0 || looked++ === LOOKED_AT) break;
      const watched = this.watch(waiting.transaction.id, situation.view);
      if (!watched.isPublished && this.isPassedOver(waiting, situation)) {
        watched.isPublished = true;
        again.push(waiting);
      }
      if (!watched.isReported && situation.view - watched.sinceView > REPORTED_AFTER_TURNS * this.validators) {
        watched.isReported = true;
        reported.push(waiting);
      }
    }
    return { again, reported };
  }

  private watch(id: Digest, view: number): Watched {
    const known = this.watched.get(id);
    if (known) return known;
    const fresh = { sinceView: view, isPublished: false, isReported: false };
    this.watched.set(id, fresh);
    return fresh;
  }

  // While blocks come, only what younger ones overtook is overdue: under load a long wait is no sign of anything,
  // and repeating would add to the load.
  private isPassedOver({ lane, arrivedAt }: Waiting, { isIdle }: Situation): boolean {
    return lane !== this.ownLane && (isIdle || arrivedAt + 2 * this.t0 < this.newestFinal);
  }
}
