import type { FastifyReply } from 'fastify';
import type { JsonObject } from '@custos/core-bytes';
import { EPCIS, type Route } from '@custos/formats-api';
import { Problem, type Asked, type SentHeaders } from '@custos/shell-process';
import type { Decision, Desk, Write } from '../desk.js';
import type { Idempotency } from '../promises/idempotency.js';
import { finalJson, isRepeated, pendingJson, type Outcome } from '../promises/outcome.js';
import type { Submitted } from '../promises/submission.js';
import { captureHeaders, onErrorOf } from './epcis/epcis-binding.js';
import { declinedProblem, refusalProblem } from './problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The Idempotency-Key of a write, bound to its body; the promise's statement stores it. */
    idempotency?: Idempotency;
    /** The job that an earlier write with this key began. */
    earlier?: Submitted;
  }
}

/** Returns the name that keys of a route are kept under; a capture has keys for each way to treat errors. */
export function keyRouteOf({ name }: Route, headers: SentHeaders): string {
  switch (name) {
    case EPCIS.capture.name:
      return `capture ${onErrorOf(headers)}`;
    case EPCIS.captureEvent.name:
      return 'events';
    default:
      return name;
  }
}

/**
 * Takes a write in and answers it; one whose key was used before is answered with what became of the first one.
 * @throws Problem when it was declined, or refused by the law
 */
export async function answerWrite(
  desk: Desk,
  { headers, input, reply, request }: Pick<Asked, 'headers' | 'reply' | 'request'> & { readonly input: unknown },
  take: (write: Write) => Promise<Decision>,
): Promise<JsonObject | undefined> {
  const { body, idempotency, earlier } = request;
  const decision = earlier ? ({ ok: true, value: earlier } as const) : await take({ input, body, idempotency });
  if (!decision.ok) throw declinedProblem(decision.malformed, decision.rejected);
  const { name } = request.routeOptions.config.contract!;
  if (name === EPCIS.capture.name) return answerCaptured(reply, headers, decision.value);
  return answerOutcome(reply, await desk.outcome(decision.value), name === EPCIS.captureEvent.name);
}

/** EPCIS 2.0.1, 12.6.1: a capture is always answered by its job. */
function answerCaptured(reply: FastifyReply, headers: SentHeaders, { job }: Submitted): undefined {
  void reply.headers(captureHeaders(onErrorOf(headers))).header('location', `/capture/${job}`);
  return undefined;
}

/** 201 with the receipt and its proof, 202 with the job; a refusal is a problem. */
function answerOutcome(reply: FastifyReply, outcome: Outcome, isEvent: boolean): JsonObject {
  switch (outcome.kind) {
    case 'pending':
      void reply.status(202).header('location', `/jobs/${outcome.job}`);
      return pendingJson(outcome);
    case 'final':
      if (isEvent) void reply.header('location', eventLocation(outcome));
      return finalJson(outcome);
    case 'refused':
      throw refusalProblem(outcome.receipt, outcome.settled);
  }
}

/** S9: an event that was there already is 409, though the law accepts it. */
function eventLocation({ events, settled }: Extract<Outcome, { kind: 'final' }>): string {
  const eventID = events[0]!;
  const location = `/events/${encodeURIComponent(eventID)}`;
  if (!isRepeated(settled)) return location;
  const type = 'epcisException:ResourceAlreadyExistsException';
  const title = 'This event is captured already';
  const fix = `read it at ${location}, or send a new event with an eventID of its own`;
  throw new Problem({ type, status: 409, code: 'REPEATED', title, field: '/eventID', fix, event: eventID });
}
