import type { Malformed } from '@custos/core-bytes';
import { receiptJson, type Receipt } from '@custos/core-chain';
import { NothingProjected } from '@custos/node-epcis-repository';
import { away, Problem } from '@custos/shell-process';
import type { RejectedEvent } from '../capture/capture-plan.js';
import { DraftTooLarge } from '../capture/drafts.js';
import { IdempotencyKeyReused } from '../promises/idempotency.js';
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

/** A "no" to a task: nothing was signed. */
export function taskProblem(malformed: Malformed): Problem {
  const status = rejectionStatus(malformed.code);
  return new Problem({ status, title: TITLES[status]!, ...malformed });
}

/** Faults of single events that are told with the first one. */
const MAX_TOLD = 50;

/** A "no" to EPCIS: nothing was signed. `rejected` are all events that are wrong, the first one included. */
export function epcisProblem(malformed: Malformed, rejected: readonly RejectedEvent[] = []): Problem {
  const status = rejectionStatus(malformed.code);
  const others = rejected.length > 1 && { errors: rejected.slice(0, MAX_TOLD), count: rejected.length };
  return new Problem({ status, title: TITLES[status]!, ...malformed, ...others });
}

/** A "no" of the law stands on the chain: the problem says what, by which facts, and where. */
export function refusalProblem(receipt: Receipt, { height, txId }: Settled): Problem {
  const code = receipt.code!;
  const where = { receipt: receiptJson(receipt), height, transaction: txId };
  return new Problem({ ...refusalOf(code), code, facts: receipt.facts, ...where });
}

/** Why a promise was not given, in words of HTTP; errors of others pass as they are. */
export function promiseProblem(error: unknown): unknown {
  if (error instanceof OutboxFull) return away('the network (the outbox is full)');
  if (error instanceof DraftTooLarge) return epcisProblem({ code: 'TOO_LARGE', field: '', fix: error.message });
  if (error instanceof PromiseUncertain) return uncertainProblem();
  if (error instanceof NothingProjected) return unreadProblem();
  if (!(error instanceof IdempotencyKeyReused)) return error;
  const fix = 'send another key, or the same body';
  const title = 'This Idempotency-Key was used for another body';
  return new Problem({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED', title, field: 'Idempotency-Key', fix });
}

/** Of questions as well: an answer from half of the chain would be wrong. */
export function unreadProblem(): Problem {
  return away('The chain (this service is reading it to its end)');
}

function uncertainProblem(): Problem {
  const title = 'Postgres went away: whether the request was kept is not known';
  const fix = 'send it again with the same Idempotency-Key; without one, look first whether it was done';
  return new Problem({ status: 503, code: 'AWAY', title, away: 'Postgres', fix }, { 'retry-after': '2' });
}
