import type { Lanes } from '@custos/shell-lanes';
import type { Log } from '@custos/shell-process';
import type { Clock } from './clock.js';
import type { Travelling } from './relay-queue.js';

/** A Kafka acknowledgement is not inclusion: what is not final after this time is published once more. */
export const FIRST_REPEAT_MS = 2_000;
export const LONGEST_REPEAT_MS = 30_000;
/** What is on its way to the broker when the process stops may still arrive; the outbox has it in any case. */
const STOP_MS = 2_000;

export interface RelayPublisher {
  /** Hands it to the lane, and says when it leaves again. */
  publish(travelling: Travelling): void;
  counts(): { readonly published: number; readonly failures: number };
  /** Gives what is on its way the time to arrive. */
  stop(): Promise<void>;
}

export function createPublisher(lanes: Lanes, lane: string, clock: Clock, log: Pick<Log, 'warn'>): RelayPublisher {
  const onTheirWay = new Set<Promise<void>>();
  let published = 0;
  let failures = 0;
  let stopped = false;
  return {
    publish(travelling) {
      const { row } = travelling;
      travelling.publishing = true;
      // Waits while the broker is away; so nothing is handed to it twice meanwhile.
      const told = lanes.publish(lane, [row.bytes]).catch((error: Error) => {
        failures++;
        if (!stopped) log.warn('publish failed', { txId: row.txId, error: error.message });
      });
      published++;
      onTheirWay.add(told);
      void told.then(() => {
        onTheirWay.delete(told);
        travelling.publishing = false;
        if (travelling.row === row) travelling.due = clock.now() + backOff(travelling.times++);
      });
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

function backOff(times: number): number {
  return Math.min(FIRST_REPEAT_MS * 2 ** times, LONGEST_REPEAT_MS);
}
