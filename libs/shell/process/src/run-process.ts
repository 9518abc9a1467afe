import { ConfigError, oneOf, readConfig } from './config.js';
import { LOG_LEVELS, openLog, type Log, type LogLevel } from './watching/log.js';

/** A process that has not stopped after this time ends with 1 all the same; below what supervisors wait (10 s). */
const STOP_LIMIT_MS = 9_000;

/** A process that runs. */
export interface Running {
  /** Stops in order: intake first, what others rest on last. */
  close(): Promise<void>;
  /**
   * Reads again what may change while it runs, at SIGHUP. It changes nothing when it throws.
   * @throws ConfigError when what is there now is wrong.
   */
  reload?(): void;
  /** Resolves with the reason when the service stopped by itself, which ends the process with 1; else never. */
  readonly stopped?: Promise<{ readonly code: string }>;
}

/**
 * Runs a service until SIGTERM or SIGINT, then stops it in order and exits with 0. What no one caught is
 * logged, and ends the process with 1: a state that no one foresaw is not worked on with.
 */
export async function runProcess(service: string, start: (log: Log) => Promise<Running>): Promise<void> {
  const log = openLog(service, levelOf(process.env));
  let running: Running | undefined;
  let stopping = false;
  const stop = (code: number, why: string) => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { why });
    setTimeout(() => {
      log.error('stopping takes too long', { limitMs: STOP_LIMIT_MS });
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    void closeOf(running, log).then(async (isClosed) => {
      await log.end();
      process.exit(isClosed ? code : 1);
    });
  };
  // A signal during the start is kept: what was read then may be older than the signal.
  let reloadIsDue = false;
  const reload = (): void => {
    if (!running) reloadIsDue = true;
    else if (!stopping) reloadOf(running, log);
  };
  process.on('SIGHUP', reload);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0, signal));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('uncaught error', { error });
      stop(1, event);
    });
  }
  try {
    running = await start(log);
    void running.stopped?.then((reason) => {
      log.error('the service stopped by itself', { reason });
      stop(1, reason.code);
    });
    if (reloadIsDue) reload();
  } catch (error) {
    // A wrong setting is printed as it is; everything else with its stack.
    if (error instanceof ConfigError) console.error(error.message);
    else log.error('starting failed', { error });
    await log.end();
    process.exit(1);
  }
}

/** Closes the process and logs how that ended. Returns whether it was closed in order. */
async function closeOf(running: Running | undefined, log: Log): Promise<boolean> {
  try {
    await running?.close();
    log.info('stopped');
    return true;
  } catch (error) {
    log.error('stopping failed', { error });
    return false;
  }
}

/** A reload that fails is logged, and what was in force stays: a wrong file must not end a service that works. */
function reloadOf(running: Running, log: Log): void {
  if (!running.reload) return log.warn('SIGHUP: this process reads nothing again');
  try {
    running.reload();
    log.info('reloaded');
  } catch (error) {
    log.error('reload refused; what was in force stays', {
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Returns the level of the log. A wrong one is printed, and ends the start like every wrong setting. */
function levelOf(environment: NodeJS.ProcessEnv): LogLevel {
  const level = oneOf('CUSTOS_LOG_LEVEL', 'from which level on lines are written', LOG_LEVELS, 'info');
  try {
    return readConfig<{ level: LogLevel }>({ level }, environment).level;
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
