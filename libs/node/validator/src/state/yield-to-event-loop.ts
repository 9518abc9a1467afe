import type { Clock } from '@custos/shell-process';

/** Transactions executed without a pause. Counted, not timed, so that a simulation is the same twice. */
const TRANSACTIONS_A_SLICE = 8;
const BYTES_A_SLICE = 64 * 1024;

/** Resolves after all other events that wait were handled: a vote never waits for the whole of a big block. */
export function yieldToEventLoop(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(0, resolve);
  });
}

/** Returns a counter of work that answers true when it is time to {@link yieldToEventLoop}. */
export function workSlices(): (bytes: number) => boolean {
  let transactions = 0;
  let work = 0;
  return (bytes) => {
    transactions++;
    work += bytes;
    if (transactions < TRANSACTIONS_A_SLICE && work < BYTES_A_SLICE) return false;
    transactions = 0;
    work = 0;
    return true;
  };
}
