import type { FastifyInstance, FastifyRequest } from 'fastify';
import { allows, type Access, type Caller, type Route, type RouteAccess } from '@custos/formats-api';
import { Problem } from './problem.js';
import { statusProblem } from './problem-filter.js';
import { isWatching } from '../watching/watch-listener.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The contract that the route is mounted at. */
    readonly contract?: Route;
  }
  interface FastifyRequest {
    /** The known caller whose token came with the request. */
    caller: Caller | undefined;
  }
}

/** How a service knows who calls. */
export interface DoorOptions {
  /** Returns the known caller behind an `Authorization` header. */
  readonly callerOf?: (authorization: string | undefined) => Caller | undefined;
  /** Verifies that a member signed the request. @throws Problem when no member did. */
  readonly checkMember?: (request: FastifyRequest) => Promise<unknown>;
  /** The access that an address without a route needs; `public` unless stated. */
  readonly elsewhere?: 'public' | 'read';
}

/** Finds the caller of each request once, for the rates and the door. */
export function identifyCallers(http: FastifyInstance, { callerOf }: DoorOptions): void {
  http.decorateRequest('caller', undefined);
  if (!callerOf) return;
  http.addHook('onRequest', (request, _reply, done) => {
    request.caller = callerOf(request.headers.authorization);
    done();
  });
}

/** The accesses of routes that the watch listener serves, to everyone who reaches it. */
const WATCHED: readonly RouteAccess[] = ['public', 'watch', 'member or watch'];

/**
 * Checks the access that the contract of the route states, before the body is read. What the watch listener does not
 * serve is 404 there, and what it alone serves is 404 at the public one.
 */
export function guardRoutes(http: FastifyInstance, { checkMember, elsewhere = 'public' }: DoorOptions): void {
  const check = (access: RouteAccess, request: FastifyRequest): Problem | undefined => {
    const { caller, headers } = request;
    switch (access) {
      case 'watch':
        return statusProblem(404);
      case 'open':
        return caller || headers.authorization === undefined ? undefined : unauthenticated();
      case 'member':
      case 'member or watch':
        return checkMember ? undefined : statusProblem(401);
      default:
        return tokenProblem(access, caller);
    }
  };
  http.addHook('onRequest', (request, _reply, done) => {
    const access = request.routeOptions.config.contract?.access ?? elsewhere;
    if (isWatching(request)) return done(WATCHED.includes(access) ? undefined : statusProblem(404));
    const problem = check(access, request);
    const isMembers = access === 'member' || access === 'member or watch';
    if (problem || !isMembers) return done(problem);
    void checkMember!(request).then(() => done(), done);
  });
}

function tokenProblem(access: Access, caller: Caller | undefined): Problem | undefined {
  if (allows(access, caller)) return undefined;
  if (!caller) return unauthenticated();
  const title = `This token may not ${access}`;
  const fix = `send a token that may ${access}`;
  return new Problem({ status: 403, code: 'ACCESS_MISSING', title, field: 'Authorization', fix });
}

function unauthenticated(): Problem {
  const title = 'No token, or none that is known here';
  const fix = 'send Authorization: Bearer <token>';
  const details = { status: 401, code: 'UNAUTHENTICATED', title, field: 'Authorization', fix };
  return new Problem(details, { 'www-authenticate': 'Bearer' });
}
