import { HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Log } from '../watching/log.js';
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.js';

/** Characters of a path parameter, decoded: Fastify's own 100 would refuse a good link. */
export const MAX_PARAMETER = 512;

/** A caller may come back after this time, seconds. */
export const RETRY_AFTER_S = 2;

interface KnownStatus {
  readonly code: string;
  readonly title: string;
  readonly field: string;
  readonly fix: string;
}

const SMALLER = 'send less at once';

/** Problems for errors of the framework before a route is reached. An empty field is the request as a whole. */
const BY_STATUS: Readonly<Record<number, KnownStatus>> = {
  400: { code: 'REQUEST_INVALID', title: 'The request cannot be read', field: '', fix: 'send a well-formed request' },
  401: {
    code: 'UNAUTHENTICATED',
    title: 'No token, or none that is known',
    field: 'Authorization',
    fix: 'send Authorization: Bearer <token>',
  },
  403: {
    code: 'FORBIDDEN',
    title: 'This token may not do that',
    field: 'Authorization',
    fix: 'send the token of somebody who may',
  },
  404: {
    code: 'NOT_FOUND',
    title: 'There is nothing here',
    field: 'path',
    fix: 'see /docs for the routes of this service',
  },
  405: { code: 'METHOD_NOT_ALLOWED', title: 'This route does not take that method', field: 'method', fix: 'see /docs' },
  408: { code: 'REQUEST_SLOW', title: 'The request did not arrive in time', field: '', fix: 'send it faster' },
  413: { code: 'BODY_TOO_LARGE', title: 'The body is over the limit of this route', field: '', fix: SMALLER },
  414: {
    code: 'URI_TOO_LONG',
    title: 'A part of the path is too long',
    field: 'path',
    fix: `send at most ${MAX_PARAMETER} characters, decoded, between two slashes`,
  },
  415: {
    code: 'MEDIA_TYPE_UNKNOWN',
    title: 'This media type is not read here',
    field: 'Content-Type',
    fix: 'send application/json',
  },
  431: { code: 'HEADERS_TOO_LARGE', title: 'The headers are over the limit', field: '', fix: SMALLER },
};

/** The framework's own faults by their codes, where the status says too little. */
const BY_CODE: Readonly<Record<string, Pick<Problem['details'], 'code' | 'field' | 'fix'>>> = {
  FST_ERR_BAD_URL: { code: 'URI_INVALID', field: 'path', fix: 'percent-encode UTF-8 (RFC 3986, 2.1)' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'BODY_MISSING', field: '', fix: 'send a JSON body' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'LENGTH_WRONG',
    field: 'Content-Length',
    fix: 'state the bytes that follow',
  },
};

/** Creates the filter that answers each error of a route as a problem; an unexpected one is logged, and not shown. */
export function problemFilter(log: Log): ExceptionFilter {
  return {
    catch(error: unknown, host: ArgumentsHost) {
      sendProblem(host.switchToHttp().getResponse<FastifyReply>(), problemOf(error, log));
    },
  };
}

/** Sends a problem with its headers, as RFC 9457 has it. */
export function sendProblem(reply: FastifyReply, { details, headers }: Problem): void {
  void reply
    .status(details.status)
    .headers(headers)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(details));
}

/** Returns the problem of an error. An error that no one expected is logged, and answered as INTERNAL. */
export function problemOf(error: unknown, log: Log): Problem {
  if (error instanceof Problem) return error;
  if (isPostgresAway(error)) return away('Postgres');
  const status = statusOf(error);
  if (status !== undefined && status < 500) return statusProblem(status, codeOf(error));
  log.error('unexpected error', { error });
  return new Problem({ status: 500, code: 'INTERNAL', title: 'Something is wrong on our side; it is in the log' });
}

/** Returns the problem of a request that the framework refuses, by its status and its own code. */
export function statusProblem(status: number, frameworkCode = ''): Problem {
  const refused = { code: 'REFUSED', title: 'The request is refused', field: '', fix: 'see /docs' };
  return new Problem({ status, ...(BY_STATUS[status] ?? refused), ...BY_CODE[frameworkCode] });
}

/** Something this service needs is away for the moment; nothing of the request was kept. */
export function away(what: string): Problem {
  const details = { status: 503, code: 'AWAY', title: `${what} is away; nothing was kept`, away: what };
  return new Problem(details, { 'retry-after': String(RETRY_AFTER_S) });
}

/** The error of a pool, or TypeORM's error of a query, which carries it. */
function isPostgresAway(error: unknown): boolean {
  const { driverError = error } = (error ?? {}) as { readonly driverError?: unknown };
  return driverError instanceof Error && driverError.name === 'PostgresAway';
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}
