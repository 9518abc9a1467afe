import type { ChainStore, Journal } from '@custos/shell-chain-store';
import type { Lanes } from '@custos/shell-lanes';

/** One moment of one validator: right before its `effect`-th effect on the world begins, or right after it ended. */
export interface CrashPoint {
  readonly index: number;
  readonly effect: number;
  readonly when: 'before' | 'after';
}

/** Counts what one validator does to the world, over all its lives, and cuts its power at one point of it. */
export class Effects {
  count = 0;
  private isUsed = false;

  constructor(
    private readonly point: CrashPoint | undefined,
    private readonly crash: () => void,
  ) {}

  journal(journal: Journal): Journal {
    return {
      load: () => journal.load(),
      append: (records) => this.perform(() => journal.append(records)),
      saveLanePosition: (lane, position) => this.perform(() => journal.saveLanePosition(lane, position)),
      prune: (below) => this.perform(() => journal.prune(below)),
      close: () => journal.close(),
    };
  }

  lanes(lanes: Lanes): Lanes {
    return { ...lanes, publish: (lane, values) => this.perform(() => lanes.publish(lane, values)) };
  }

  store(store: ChainStore): ChainStore {
    return {
      ...store,
      append: (run) => this.perform(() => store.append(run)),
      synced: () => this.perform(() => store.synced()),
    };
  }

  private async perform<T>(effect: () => Promise<T>): Promise<T> {
    const mine = this.count++;
    if (this.isAt(mine, 'before')) return this.die();
    const result = await effect();
    return this.isAt(mine, 'after') ? this.die() : result;
  }

  private isAt(effect: number, when: CrashPoint['when']): boolean {
    return !this.isUsed && this.point?.effect === effect && this.point.when === when;
  }

  private die(): Promise<never> {
    this.isUsed = true;
    this.crash();
    return new Promise(() => undefined);
  }
}
