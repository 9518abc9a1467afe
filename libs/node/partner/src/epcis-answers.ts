import type { FastifyReply } from 'fastify';
import { MAX_EVENTS } from '@custos/core-chain';
import type { Json } from '@custos/core-bytes';
import { EVENT_READS, findEvents, withSnapshot } from '@custos/node-epcis-repository';
import { malformedProblem, Problem } from '@custos/shell-process';
import type { Outcome } from './answers.js';
import type { OnError } from './capture.js';
import { send } from './requests.js';
import type { PartnerWorld } from './world.js';

/** Bytes of the largest document that is taken in (`proceed` documents are split). */
export const CAPTURE_LIMIT = 16 * 1024 * 1024;

/** EPCIS 2.0.1, 12.6: what the server takes, told with every capture. */
export function captureHeaders(onError: OnError): Record<string, string> {
  return {
    'GS1-EPCIS-Version': '2.0',
    'GS1-CBV-Version': '2.0',
    'GS1-EPCIS-Capture-Limit': String(MAX_EVENTS),
    'GS1-EPCIS-Capture-File-Size-Limit': String(CAPTURE_LIMIT),
    'GS1-Capture-Error-Behaviour': onError,
  };
}

export function onErrorOf(header: string | undefined): OnError {
  if (header === undefined || header === 'rollback') return 'rollback';
  if (header === 'proceed') return 'proceed';
  const fix = 'send rollback or proceed';
  throw malformedProblem({ code: 'WORD_UNKNOWN', field: 'GS1-Capture-Error-Behaviour', fix });
}

/** 201 with the event's own address; a repeated eventID is 409 (S9), whatever the law calls it. */
export function sendEvent(reply: FastifyReply, outcome: Outcome): void {
  if ('problem' in outcome || outcome.body.status !== 'final') return send(reply, outcome);
  const [eventId] = outcome.body.events as readonly string[];
  const repeated = JSON.stringify(outcome.body.receipts).includes('"REPEATED"');
  if (repeated) {
    const type = 'epcisException:ResourceAlreadyExistsException';
    throw new Problem({ type, status: 409, code: 'REPEATED', title: 'This event is captured already', event: eventId });
  }
  send(reply, { ...outcome, location: `/events/${encodeURIComponent(eventId!)}` });
}

/** The event as signed; an event of another party with the same id is not this one. */
export async function answerEvent(world: PartnerWorld, eventId: string): Promise<Json> {
  const found = await withSnapshot(world.postgres, world.network.trust.hasher, EVENT_READS, (snapshot) =>
    findEvents(world.asker, snapshot, eventId),
  );
  const own = found.find(({ party }) => party === world.party.gln) ?? found[0];
  if (own) return own.event;
  const type = 'epcisException:NoSuchResourceException';
  throw new Problem({ type, status: 404, code: 'EVENT_UNKNOWN', title: 'There is no such event', field: 'eventID' });
}
