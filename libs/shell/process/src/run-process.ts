import { ConfigError } from './config.js';
import type { Log } from './log.js';

/** A process that has not stopped after this time ends all the same. */
const STOP_LIMIT_MS = 8_000;

export interface Running {
  /** Stops in order: intake first, what others rest on last. */
  close(): Promise<void>;
}

/**
 * Runs a service until SIGTERM or SIGINT, then stops it in order and exits with 0. What nobody caught is
 * logged, and ends the process with 1: a state that nobody foresaw is not worked on with.
 */
export async function runProcess(log: Log, start: () => Promise<Running>): Promise<void> {
  let running: Running | undefined;
  let stopping = false;
  const stop = (code: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void Promise.resolve(running?.close())
      .catch((error: unknown) => log.error('stopping failed', { error }))
      .finally(() => process.exit(code));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('nobody caught this', { error });
      stop(1);
    });
  }
  try {
    running = await start();
  } catch (error) {
    // A wrong setting is told as it is; everything else with its stack.
    if (error instanceof ConfigError) console.error(error.message);
    else log.error('starting failed', { error });
    process.exit(1);
  }
}
