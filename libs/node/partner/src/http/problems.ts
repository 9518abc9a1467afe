import type { Malformed } from '@custos/core-bytes';
import { receiptJson, type Receipt } from '@custos/core-chain';
import { NothingProjected } from '@custos/node-epcis-repository';
import { away, Problem } from '@custos/shell-process';
import { DraftTooLarge, type RejectedEvent } from '../capture/drafts.js';
import { type IdempotencyKeyReused } from '../promises/idempotency.js';
import type { Settled } from '../promises/outbox.js';
import { refusalOf } from './refusals.js';
import { OutboxFull, PromiseUncertain } from '../promises/submission.js';

/** What is well formed and still cannot be taken, or is too much; everything else is 400. */
const STATUS: Readonly<Record<string, number>> = {
  PERSONAL_DATA: 422,
  EVENT_IN_FUTURE: 422,
  PARTY_UNKNOWN: 422,
  LOCATION_UNKNOWN: 422,
  GTIN_UNKNOWN: 422,
  TOO_LARGE: 413,
  DUPLICATE_EVENT: 409,
};

export function rejectionStatus(code: string): number {
  return STATUS[code] ?? 400;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  409: 'The request is about something that is there already',
  413: 'The request is over a limit',
  422: 'The request names something that cannot be taken',
};

/** Faults of single events that are listed with the first one. */
const MAX_LISTED = 50;

/** Returns the problem of a write that was declined before signing; `rejected` are all events that are wrong. */
export function declinedProblem(malformed: Malformed, rejected: readonly RejectedEvent[] = []): Problem {
  const status = rejectionStatus(malformed.code);
  const others = rejected.length > 1 && { errors: rejected.slice(0, MAX_LISTED), count: rejected.length };
  return new Problem({ status, title: TITLES[status]!, ...malformed, ...others });
}

/** A "no" of the law stands on the chain: the problem says what, by which facts, and where. */
export function refusalProblem(receipt: Receipt, { height, txId }: Settled): Problem {
  const code = receipt.code!;
  const where = { receipt: receiptJson(receipt), height, transaction: txId };
  return new Problem({ ...refusalOf(code), code, facts: receipt.facts, ...where });
}

/** Names the chain in a refusal while this service reads it: an answer from half of it would be wrong. */
export const UNREAD_CHAIN = 'The chain (this service is reading it to its end)';

/** Every reason for which a promise is not given. */
export type PromiseError = OutboxFull | DraftTooLarge | PromiseUncertain | NothingProjected | IdempotencyKeyReused;

/** Returns the problem of a promise that was not given. */
export function promiseProblem(error: PromiseError): Problem {
  if (error instanceof OutboxFull) return away('the network (the outbox is full)');
  if (error instanceof DraftTooLarge) return declinedProblem({ code: 'TOO_LARGE', field: '', fix: error.message });
  if (error instanceof PromiseUncertain) return uncertainProblem();
  if (error instanceof NothingProjected) return away(UNREAD_CHAIN);
  const fix = 'send another key, or the same body';
  const title = 'This Idempotency-Key was used for another body';
  return new Problem({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED', title, field: 'Idempotency-Key', fix });
}

function uncertainProblem(): Problem {
  const title = 'Postgres went away: whether the request was kept is not known';
  const fix = 'send it again with the same Idempotency-Key; without one, look first whether it was done';
  return new Problem({ status: 503, code: 'AWAY', title, away: 'Postgres', fix }, { 'retry-after': '2' });
}
