import { parseJson } from '@custos/core-bytes';
import type { FastifyInstance } from 'fastify';
import { malformedProblem } from './problem.js';

/** JSON-LD is what EPCIS calls its documents. */
const JSON_TYPES = ['application/json', 'application/ld+json'];

/** JSON by the parser of the whole house: bounded depth, well-formed text, a "no" that says where. */
export function readBodies(http: FastifyInstance): void {
  http.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const result = parseJson(body as Buffer);
    if (result.ok) done(null, result.value);
    else done(malformedProblem(result.malformed));
  });
}

/** Applies the limits that contracts state, before the general one; call it before routes are registered. */
export function limitBodies(http: FastifyInstance): void {
  http.addHook('onRoute', (route) => {
    const limit = route.config?.contract?.maxBytes;
    if (limit !== undefined) route.bodyLimit = limit;
  });
}
