/** All chance of one simulation: equal seeds give equal numbers. mulberry32 is enough, nothing here is secret. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed | 0;
  }

  /** At least 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  between([least, most]: readonly [number, number]): number {
    return least + (most - least) * this.next();
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}
