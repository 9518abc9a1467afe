import type { FastifyReply } from 'fastify';
import { allows, PROBLEM_MEDIA_TYPE, type Access, type Caller } from '@custos/formats-api';
import { Problem } from '@custos/shell-process';
import type { Outcome } from './answers.js';
import type { PartnerWorld } from './world.js';

/** The caller behind the token, if it may do that: 401 without a known token, 403 without the access. */
export function callerFor(
  world: Pick<PartnerWorld, 'callerOf'>,
  access: Access,
  headers: Readonly<Record<string, string | undefined>>,
): Caller {
  const caller = world.callerOf(headers.authorization);
  if (!caller) {
    const fix = 'send Authorization: Bearer <token>';
    const details = { status: 401, code: 'UNAUTHENTICATED', title: 'No token, or none that is known here', fix };
    throw new Problem({ ...details, field: 'Authorization' }, { 'www-authenticate': 'Bearer' });
  }
  if (allows(access, caller)) return caller;
  throw new Problem({
    status: 403,
    code: 'ACCESS_MISSING',
    title: `This token may not ${access}`,
    field: 'Authorization',
  });
}

/** An outcome with its status, media type and Location. */
export function send(reply: FastifyReply, outcome: Outcome): void {
  if ('problem' in outcome) {
    void reply.status(outcome.status).header('content-type', PROBLEM_MEDIA_TYPE).send(JSON.stringify(outcome.problem));
    return;
  }
  if (outcome.location !== undefined) void reply.header('location', outcome.location);
  void reply.status(outcome.status).send(outcome.body);
}
