import type { FastifyInstance } from 'fastify';
import { PROBLEM_MEDIA_TYPE, type ProblemDetails } from '@custos/shell-process';
import { checkSpoken, EPCIS_HEADERS, EPCIS_ROUTES, epcisProblemType, LIMIT_HEADERS } from './epcis-binding.js';
import type { Sent } from './requests.js';

const OWN_TYPE = 'urn:custos:problem:';

/** Puts every answer of the routes of GS1's binding under its headers, and every problem under its name there. */
export function bindEpcis(http: Pick<FastifyInstance, 'addHook'>): void {
  http.addHook('onRequest', async ({ routeOptions, headers }) => {
    if (isEpcis(routeOptions.url)) checkSpoken(headers as Sent);
  });
  // Also what other hooks and the framework answer: a body too large, a media type no one reads.
  http.addHook('onSend', async ({ routeOptions }, reply, payload) => {
    if (!isEpcis(routeOptions.url)) return payload;
    void reply.headers({ ...EPCIS_HEADERS, ...(reply.statusCode === 413 && LIMIT_HEADERS) });
    const isProblem = String(reply.getHeader('content-type')).startsWith(PROBLEM_MEDIA_TYPE);
    return isProblem && typeof payload === 'string' ? renamed(payload) : payload;
  });
}

function isEpcis(route: string | undefined): boolean {
  return route !== undefined && Object.hasOwn(EPCIS_ROUTES, route);
}

function renamed(payload: string): string {
  const problem = JSON.parse(payload) as ProblemDetails;
  if (!problem.type.startsWith(OWN_TYPE)) return payload;
  return JSON.stringify({ ...problem, type: epcisProblemType(problem.status, problem.code) });
}
