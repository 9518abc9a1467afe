/** The time that a service or a validator reads. A test brings one that it moves, the simulator a virtual one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once, later, never on the caller's stack; 0 = as soon as other work had its turn. Returns the cancel. */
  setTimer(milliseconds: number, run: () => void): () => void;
}

/** The clock of this machine. No delay means: after the input that is already there. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(milliseconds, run) {
    if (milliseconds <= 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timeout = setTimeout(run, milliseconds);
    return () => clearTimeout(timeout);
  },
};

/** Runs again and again, so many milliseconds after the run before. Returns how to stop. */
export function repeat(clock: Clock, milliseconds: number, run: () => void): () => void {
  let stopped = false;
  let cancel = clock.setTimer(milliseconds, again);
  function again(): void {
    run();
    if (!stopped) cancel = clock.setTimer(milliseconds, again);
  }
  return () => {
    stopped = true;
    cancel();
  };
}
