/** All time there is in this service. A test hands in one that it moves. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs again and again; returns how to stop. */
  every(milliseconds: number, run: () => void): () => void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds);
    return () => clearInterval(timer);
  },
};
