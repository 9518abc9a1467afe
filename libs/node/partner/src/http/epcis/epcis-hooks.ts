import type { FastifyInstance } from 'fastify';
import { EPCIS, type Route } from '@custos/formats-api';
import { PROBLEM_MEDIA_TYPE, type ProblemDetails, type SentHeaders } from '@custos/shell-process';
import { checkSpoken, EPCIS_HEADERS, epcisProblemType, LIMIT_HEADERS } from './epcis-binding.js';

const OWN_TYPE = 'urn:custos:problem:';

/** Puts every answer of the routes of GS1's binding under its headers, and every problem under its name there. */
export function bindEpcis(http: Pick<FastifyInstance, 'addHook'>): void {
  http.addHook('onRequest', async ({ routeOptions, headers }) => {
    if (isEpcis(routeOptions.config)) checkSpoken(headers as SentHeaders);
  });
  // Also what other hooks and the framework answer: a body too large, a media type no one reads.
  http.addHook('onSend', async ({ routeOptions }, reply, payload) => {
    if (!isEpcis(routeOptions.config)) return payload;
    void reply.headers({ ...EPCIS_HEADERS, ...(reply.statusCode === 413 && LIMIT_HEADERS) });
    const isProblem = String(reply.getHeader('content-type')).startsWith(PROBLEM_MEDIA_TYPE);
    return isProblem && typeof payload === 'string' ? renamed(payload) : payload;
  });
}

const ROUTES = new Set<Route>(Object.values(EPCIS));

function isEpcis({ contract }: { readonly contract?: Route }): boolean {
  return contract !== undefined && ROUTES.has(contract);
}

function renamed(payload: string): string {
  const problem = JSON.parse(payload) as ProblemDetails;
  if (!problem.type.startsWith(OWN_TYPE)) return payload;
  return JSON.stringify({ ...problem, type: epcisProblemType(problem.status, problem.code) });
}
