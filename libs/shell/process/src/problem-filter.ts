import { HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Log } from './log.js';
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.js';

/** A caller may come back after this time, seconds. */
const RETRY_AFTER_S = 2;

interface KnownStatus {
  readonly code: string;
  readonly title: string;
  readonly fix?: string;
}

/** What the framework says before a route is reached, in our words. */
const BY_STATUS: Readonly<Record<number, KnownStatus>> = {
  400: { code: 'BODY_INVALID', title: 'The request cannot be read', fix: 'send well-formed JSON' },
  401: { code: 'UNAUTHENTICATED', title: 'No token, or none that is known', fix: 'send Authorization: Bearer <token>' },
  403: { code: 'FORBIDDEN', title: 'This token may not do that' },
  404: { code: 'NOT_FOUND', title: 'There is nothing here' },
  405: { code: 'METHOD_NOT_ALLOWED', title: 'This route does not take that method' },
  413: { code: 'BODY_TOO_LARGE', title: 'The body is over the limit of this route' },
  414: { code: 'URI_TOO_LONG', title: 'The address is too long' },
  415: { code: 'MEDIA_TYPE_UNKNOWN', title: 'This media type is not read here', fix: 'send application/json' },
  431: { code: 'HEADERS_TOO_LARGE', title: 'The headers are over the limit' },
};

/** Every error of a route as a problem; what nobody expected is logged whole and told to nobody. */
export function problemFilter(log: Log): ExceptionFilter {
  return {
    catch(error: unknown, host: ArgumentsHost) {
      const problem = problemOf(error, log);
      const reply = host.switchToHttp().getResponse<FastifyReply>();
      void reply
        .status(problem.details.status)
        .headers(problem.headers)
        .header('content-type', PROBLEM_MEDIA_TYPE)
        .send(JSON.stringify(problem.details));
    },
  };
}

function problemOf(error: unknown, log: Log): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Error && error.name === 'PostgresAway') return away('Postgres');
  const status = statusOf(error);
  const known = status === undefined ? undefined : BY_STATUS[status];
  if (status !== undefined && known) return new Problem({ status, ...known });
  if (status !== undefined && status < 500)
    return new Problem({ status, code: 'REFUSED', title: 'The request is refused' });
  log.error('unexpected error', { error });
  return new Problem({ status: 500, code: 'INTERNAL', title: 'Something is wrong on our side; it is in the log' });
}

/** Something this service needs is away for the moment; nothing of the request was kept. */
export function away(what: string): Problem {
  const details = { status: 503, code: 'AWAY', title: `${what} is away; nothing was kept`, away: what };
  return new Problem(details, { 'retry-after': String(RETRY_AFTER_S) });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}
