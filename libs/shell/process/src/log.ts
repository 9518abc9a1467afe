import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';

type Facts = Readonly<Record<string, unknown>>;

/** JSON lines on standard output. Facts are ids, heights and codes: never payloads, never secrets. */
export interface Log {
  debug(event: string, facts?: Facts): void;
  say(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  error(event: string, facts?: Facts): void;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function openLog(service: string, level: LogLevel = 'info'): Log {
  const logger = pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err },
  });
  return {
    debug: (event, facts = {}) => logger.debug(facts, event),
    say: (event, facts = {}) => logger.info(facts, event),
    warn: (event, facts = {}) => logger.warn(facts, event),
    error: (event, facts = {}) => logger.error(facts, event),
  };
}

/** Nest's own lines: what it says at a start is for debugging only. */
export function nestLogger(log: Log): LoggerService {
  return {
    log: (message: unknown) => log.debug(String(message)),
    debug: (message: unknown) => log.debug(String(message)),
    verbose: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(String(message)),
    error: (message: unknown, trace?: unknown) => log.error(String(message), { trace }),
  };
}
