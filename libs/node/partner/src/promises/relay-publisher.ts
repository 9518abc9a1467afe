import type { Lanes } from '@custos/shell-lanes';
import type { Log, Clock } from '@custos/shell-process';
import type { InFlight } from './relay-queue.js';

/** A Kafka acknowledgement is not inclusion: what is not final after this time is published once more. */
export const FIRST_REPEAT_MS = 2_000;
export const LONGEST_REPEAT_MS = 30_000;
/** What is on its way to the broker when the process stops may still arrive; the outbox has it in any case. */
const STOP_MS = 2_000;
/** Of one hand-over to the lane: it is refused or taken as a whole, so it is far below what waits for a broker that is away. */
const BYTES_TOGETHER = 512 * 1024;

export interface RelayPublisher {
  /** Hands it to the lane, with others of this moment, and says when it leaves again. */
  publish(inFlight: InFlight): void;
  counts(): { readonly published: number; readonly failures: number };
  /** Gives what is on its way the time to arrive. */
  stop(): Promise<void>;
}

export function createPublisher(lanes: Lanes, lane: string, clock: Clock, log: Pick<Log, 'warn'>): RelayPublisher {
  const onTheirWay = new Set<Promise<void>>();
  let leaving: InFlight[] = [];
  let published = 0;
  let failures = 0;
  let stopped = false;

  function send(together: readonly InFlight[]): void {
    const rows = together.map(({ row }) => row);
    // Waits while the broker is away; so nothing is handed to it twice meanwhile.
    const told = lanes
      .publish(
        lane,
        rows.map(({ bytes }) => bytes),
      )
      .catch((error: Error) => {
        failures += rows.length;
        if (!stopped) log.warn('publish failed', { txIds: rows.map(({ txId }) => txId), error: error.message });
      });
    published += rows.length;
    onTheirWay.add(told);
    void told.then(() => {
      onTheirWay.delete(told);
      for (const [i, inFlight] of together.entries()) {
        inFlight.publishing = false;
        if (inFlight.row === rows[i]) inFlight.due = clock.now() + backOff(inFlight.times++);
      }
    });
  }

  function sendAll(): void {
    const all = leaving;
    leaving = [];
    for (let start = 0; start < all.length;) {
      const count = countThatFits(all, start);
      send(all.slice(start, start + count));
      start += count;
    }
  }

  return {
    publish(inFlight) {
      inFlight.publishing = true;
      // What one statement promised comes here before this runs, and leaves in one message.
      if (leaving.push(inFlight) === 1) queueMicrotask(sendAll);
    },
    counts: () => ({ published, failures }),
    async stop() {
      stopped = true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, STOP_MS)));
      await Promise.race([Promise.all(onTheirWay), late]);
      clearTimeout(timer);
    },
  };
}

/** As many from `start` on as one message takes; a single one always goes. */
function countThatFits(all: readonly InFlight[], start: number): number {
  let bytes = 0;
  let count = 0;
  for (; start + count < all.length; count++) {
    bytes += all[start + count]!.row.bytes.length;
    if (count > 0 && bytes > BYTES_TOGETHER) break;
  }
  return count;
}

function backOff(times: number): number {
  return Math.min(FIRST_REPEAT_MS * 2 ** times, LONGEST_REPEAT_MS);
}
