/** First and longest pause between two tries at an absent broker. */
const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Ends every wait of a client when it is closed. */
export interface Closing {
  readonly signal: AbortSignal;
  /** The error of a wait that `close` ended. */
  error(): Error;
}

/** Called once when a thing begins to fail, and once when it works again. */
export type TroubleLog = (line: string) => void;

/**
 * Runs `work` until it succeeds, for ever, with growing pauses: an absent broker is normal. `log` gets the first
 * failure and the recovery, not every try.
 *
 * @throws the closing error after close; what `fatal` says no retry can mend
 */
export async function keepTrying<T>(
  what: string,
  work: () => Promise<T>,
  closing: Closing,
  log: TroubleLog,
  fatal: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let wait = FIRST_MS, tries = 1; ; wait = Math.min(wait * 2, LONGEST_MS), tries++) {
    if (closing.signal.aborted) throw closing.error();
    try {
      const result = await work();
      if (tries > 1) log(`${what}: works again after ${tries} tries`);
      return result;
    } catch (error) {
      if (closing.signal.aborted) throw closing.error();
      if (fatal(error)) throw error;
      if (tries === 1) log(`${what}: ${error instanceof Error ? error.message : String(error)}; trying again`);
    }
    await pause(wait, closing.signal);
  }
}

/** Resolves after the time, or at once when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
