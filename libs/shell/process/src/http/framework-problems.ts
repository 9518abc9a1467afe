import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../watching/log.js';
import { PROBLEM_MEDIA_TYPE } from './problem.js';
import { problemOf, sendProblem, statusProblem } from './problem-filter.js';
import { SECURITY_HEADERS } from './security-headers.js';

// What is wrong before any hook or filter sees the request, in the words of the house.

/** Addresses that the router cannot read: a wrong percent-encoding, a parameter that is too long. */
export function frameworkErrors(log: Log) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
    sendProblem(reply.headers(SECURITY_HEADERS), problemOf(error, log));
  };
}

const CLIENT_STATUS: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** Bytes that are no HTTP request: answered on the bare socket, which is closed then. */
export function clientErrorHandler(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = CLIENT_STATUS[error.code ?? ''] ?? 400;
  const body = JSON.stringify(statusProblem(status).details);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (socket.writable) socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
  socket.destroySoon();
}
