interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * The only time there is: a heap of events. One event runs, then everything that it set off (promises run out
 * before a turn of the real event loop comes), then the next. Milliseconds, with fractions.
 */
export class VirtualTime {
  private readonly heap: Event[] = [];
  private order = 0;
  private current: number;
  /** Called after each event and all that followed from it. */
  afterEvent: () => void = () => undefined;

  constructor(start: number) {
    this.current = start;
  }

  now(): number {
    return this.current;
  }

  /** Events of one instant run in the order in which they were asked for. Returns the cancel. */
  after(milliseconds: number, run: () => void): () => void {
    let isCancelled = false;
    const at = this.current + Math.max(0, milliseconds);
    this.push({ at, order: this.order++, run: () => (isCancelled ? undefined : run()) });
    return () => {
      isCancelled = true;
    };
  }

  async run(milliseconds: number): Promise<void> {
    const until = this.current + milliseconds;
    for (let next = this.heap[0]; next && next.at <= until; next = this.heap[0]) {
      this.pop();
      this.current = next.at;
      next.run();
      await turn();
      this.afterEvent();
    }
    this.current = until;
  }

  /** Runs until it holds. @throws Error when it does not within the limit of virtual milliseconds. */
  async runUntil(holds: () => boolean, what: string, limit: number): Promise<void> {
    const end = this.current + limit;
    while (!holds()) {
      if (this.current >= end) throw new Error(`${what}: not within ${limit} ms`);
      await this.run(Math.min(50, end - this.current));
    }
  }

  private push(event: Event): void {
    const { heap } = this;
    let i = heap.push(event) - 1;
    for (let up = (i - 1) >> 1; i > 0 && isBefore(event, heap[up]!); up = (i - 1) >> 1) {
      heap[i] = heap[up]!;
      i = up;
    }
    heap[i] = event;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (child >= heap.length || isBefore(last, heap[child]!)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** One turn of the real event loop: every promise that can settle without an event has settled by then. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
