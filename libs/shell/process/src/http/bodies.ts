import { parseJson } from '@custos/core-bytes';
import type { FastifyInstance } from 'fastify';
import type { Route as Contract } from '@custos/formats-api';
import { statusProblem } from './problem-filter.js';
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

/** Lets routes take what their contracts state beside JSON, as bytes. */
export function readOtherBodies(http: FastifyInstance, contracts: readonly Contract[]): void {
  const stated = new Set(contracts.flatMap(({ bodyMedia = [] }) => bodyMedia));
  for (const type of JSON_TYPES) stated.delete(type);
  if (stated.size === 0) return;
  for (const type of stated)
    http.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-type': sent } = request.headers;
    const { bodyMedia = JSON_TYPES } = request.routeOptions.config.contract ?? {};
    const [type = ''] = (sent ?? '').split(';');
    const fits = sent === undefined || bodyMedia.includes(type.trim().toLowerCase());
    done(fits ? null : statusProblem(415), payload);
  });
}

/** Applies the limits that contracts state, before the general one; call it before routes are registered. */
export function limitBodies(http: FastifyInstance): void {
  http.addHook('onRoute', (route) => {
    const limit = route.config?.contract?.maxBytes;
    if (limit !== undefined) route.bodyLimit = limit;
  });
}
