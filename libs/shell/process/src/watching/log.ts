import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream } from 'pino';
import { loggedError, scrubbed } from './logged-error.js';

type Facts = Readonly<Record<string, unknown>>;

/** JSON lines on standard output. Facts are ids, heights and codes: never payloads, never secrets. */
export interface Log {
  debug(event: string, facts?: Facts): void;
  /** Something went as it should, worth a line. */
  info(event: string, facts?: Facts): void;
  /** Something is wrong with others or with I/O; the service goes on. */
  warn(event: string, facts?: Facts): void;
  /** A bug, or a state that people must look at. */
  error(event: string, facts?: Facts): void;
}

/** Members that no log shows, even when a caller passes one by mistake. */
const NEVER = ['authorization', 'token', 'password', 'privateKey', 'payload', 'body', 'bytes'];

/** Levels of a log, from the finest on. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of a whole process. */
export interface ProcessLog extends Log {
  /** Resolves when all lines are written: lines go out in the background, and an exit would put the last ones first. */
  end(): Promise<void>;
}

/** Opens the log of a service, on standard output unless a stream is given. */
export function openLog(service: string, level: LogLevel = 'info', to?: DestinationStream): ProcessLog {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: loggedError },
    redact: { paths: NEVER.flatMap((name) => [name, `*.${name}`]), censor: '(not logged)' },
  };
  const output = to === undefined ? pino.destination({ dest: process.stdout.fd, sync: false }) : undefined;
  const logger = pino(options, output ?? to!);
  return {
    debug: (event, facts = {}) => logger.debug(facts, event),
    info: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, facts = {}) => logger.error(facts, event),
    end: () =>
      new Promise((resolve) => {
        if (!output) return resolve();
        output.once('close', resolve);
        output.end();
      }),
  };
}

/** Nest's own lines: what it says at a start is for debugging only. */
export function nestLogger(log: Log): LoggerService {
  return {
    log: (message: unknown) => log.debug(String(message)),
    debug: (message: unknown) => log.debug(String(message)),
    verbose: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(scrubbed(String(message))),
    error: (message: unknown, trace?: unknown) =>
      log.error(scrubbed(String(message)), { trace: scrubbed(String(trace)) }),
  };
}
