import type { FastifyReply } from 'fastify';
import { allows, type Access, type Caller } from '@custos/formats-api';
import { Problem } from '@custos/shell-process';
import { finalJson, pendingJson, type Outcome } from '../promises/outcome.js';
import type { Incoming } from '../promises/idempotency.js';
import { refusalProblem } from './problems.js';

export type Sent = Readonly<Record<string, string | undefined>>;

/** Finds the caller behind an `Authorization` header. */
export interface Doorkeeper {
  callerOf(authorization: string | undefined): Caller | undefined;
}

/** The caller behind the token, if it may do that: 401 without a known token, 403 without the access. */
export function callerFor(door: Doorkeeper, access: Access, headers: Sent): Caller {
  const caller = door.callerOf(headers.authorization);
  const field = 'Authorization';
  if (!caller) {
    const details = { status: 401, code: 'UNAUTHENTICATED', title: 'No token, or none that is known here', field };
    throw new Problem({ ...details, fix: 'send Authorization: Bearer <token>' }, { 'www-authenticate': 'Bearer' });
  }
  if (allows(access, caller)) return caller;
  const title = `This token may not ${access}`;
  throw new Problem({ status: 403, code: 'ACCESS_MISSING', title, field, fix: `send a token that may ${access}` });
}

/** A write, by a caller who may. */
export function incomingOf(door: Doorkeeper, route: string, headers: Sent, body: unknown): Incoming {
  const caller = callerFor(door, 'operate', headers);
  return { caller: caller.name, route, idempotencyKey: headers['idempotency-key'], body };
}

/** 201 with the receipt and its proof, 202 with the job; a refusal is a problem, on its way through the filter. */
export function sendOutcome(reply: FastifyReply, outcome: Outcome, location?: string): void {
  switch (outcome.kind) {
    case 'pending':
      void reply.status(202).header('location', `/jobs/${outcome.job}`).send(pendingJson(outcome));
      return;
    case 'final':
      if (location !== undefined) void reply.header('location', location);
      void reply.status(201).send(finalJson(outcome));
      return;
    case 'refused':
      throw refusalProblem(outcome.receipt, outcome.settled);
  }
}
