import { randomBytes } from 'node:crypto';
import { canonicalBytes, type Json } from '@custos/core-bytes';
import { digestOf, type Hasher } from '@custos/core-crypto';
import type { Caller, TaskName } from '@custos/formats-api';
import { away, malformedProblem, Problem } from '@custos/shell-process';
import type { Postgres } from '@custos/shell-postgres';
import { outcomeOf, type Outcome } from './answers.js';
import { parseBody } from './bodies.js';
import { planCapture, type CapturePlan, type OnError } from './capture.js';
import { DraftTooLarge } from './drafts.js';
import { checkNamed } from './registry-check.js';
import { IdempotencyKeyReused, OutboxFull, type Idempotency, type Submissions, type Submitted } from './submission.js';
import { TASK_TABLE } from './task-drafts.js';

/** A write as it came in: who, to which route, with what. */
export interface Incoming {
  readonly caller: Caller;
  readonly route: string;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

export interface DeskOptions {
  /** GLN of the organisation. */
  readonly party: string;
  readonly hasher: Hasher;
  readonly postgres: Postgres;
  readonly submissions: Submissions;
  readonly waitMs: number;
  readonly now: () => number;
}

/** Where writes are taken in: a use case a method, each ends as an answer or throws a Problem. */
export interface Desk {
  task(name: TaskName, incoming: Incoming): Promise<Outcome>;
  /** Always answered by its job (EPCIS 2.0.1, 12.6.1). */
  capture(onError: OnError, incoming: Incoming): Promise<Submitted>;
  /** One event, waited for. */
  event(incoming: Incoming): Promise<Outcome>;
}

const MAX_KEY = 200;
const SALT_BYTES = 32;
const salt = (): string => randomBytes(SALT_BYTES).toString('hex');

export function createDesk(options: DeskOptions): Desk {
  const { hasher, postgres, submissions, now } = options;

  async function settledOutcome(submitted: Submitted): Promise<Outcome> {
    return outcomeOf(submitted, await submissions.settled(submitted.parts[0]!.txId, options.waitMs));
  }

  /** The job of an earlier request with this key, or that of this one. */
  async function submitted(
    incoming: Incoming,
    plan: () => Promise<Omit<Parameters<Submissions['submit']>[0], 'idempotency'>>,
  ): Promise<Submitted> {
    const idempotency = idempotencyOf(hasher, incoming);
    try {
      const earlier = await submissions.earlier(idempotency);
      return earlier ?? (await submissions.submit({ ...(await plan()), idempotency }));
    } catch (error) {
      throw problemFor(error);
    }
  }

  return {
    async task(name, incoming) {
      const task = TASK_TABLE[name];
      const body = parseBody(task.contract.input, incoming.body) as never;
      const job = await submitted(incoming, async () => {
        const context = { party: options.party, now: now(), hasher, salt };
        const named = task.named(body, context);
        if (!named.ok) throw malformedProblem(named.malformed);
        const known = await checkNamed(postgres, named.value);
        if (!known.ok)
          throw new Problem({ status: 422, title: 'The request names something unknown', ...known.malformed });
        const draft = task.draft(body, context);
        if (!draft.ok) throw malformedProblem(draft.malformed);
        return { kind: 'task', onError: 'rollback', drafts: [draft.value] };
      });
      return settledOutcome(job);
    },
    capture: (onError, incoming) =>
      submitted(incoming, async () => ({ kind: 'capture', onError, ...planned(hasher, incoming.body, onError) })),
    async event(incoming) {
      const job = await submitted(incoming, async () => {
        const plan = planned(hasher, incoming.body, 'rollback');
        if (plan.drafts.length !== 1 || plan.drafts[0]!.parts.length !== 2) {
          throw validation({ code: 'NOT_ONE_EVENT', field: '', fix: 'send one event; a document goes to /capture' });
        }
        return { kind: 'capture', onError: 'rollback', ...plan };
      });
      return settledOutcome(job);
    },
  };
}

function planned(hasher: Hasher, body: unknown, onError: OnError): Extract<CapturePlan, { drafts: unknown }> {
  const plan = planCapture(hasher, body as Json, onError, salt);
  if ('malformed' in plan) throw validation(plan.malformed);
  if ('tooLarge' in plan) throw tooLarge(plan.tooLarge);
  if (plan.drafts.length === 0 && plan.rejected.length === 0) {
    throw validation({ code: 'NO_EVENT', field: '/epcisBody/eventList', fix: 'send at least one event' });
  }
  return plan;
}

/** GS1's own problem type, with our code, place and remedy. */
function validation(malformed: { readonly code: string; readonly field: string; readonly fix: string }): Problem {
  const title = 'The document is not valid EPCIS 2.0';
  return new Problem({ type: 'epcisException:ValidationException', status: 400, title, ...malformed });
}

function tooLarge(limit: string): Problem {
  const title = 'The document is over the limit of one transaction';
  return new Problem({
    type: 'epcisException:CaptureLimitExceededException',
    status: 413,
    title,
    code: 'TOO_LARGE',
    fix: limit,
  });
}

function problemFor(error: unknown): unknown {
  if (error instanceof OutboxFull) return away('the network (the outbox is full)');
  if (error instanceof DraftTooLarge) return tooLarge(error.message);
  if (!(error instanceof IdempotencyKeyReused)) return error;
  const fix = 'send another key, or the same body';
  const title = 'This Idempotency-Key was used for another body';
  return new Problem({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED', title, field: 'Idempotency-Key', fix });
}

function idempotencyOf(
  hasher: Hasher,
  { caller, route, idempotencyKey: key, body }: Incoming,
): Idempotency | undefined {
  if (key === undefined) return undefined;
  if (key.length === 0 || key.length > MAX_KEY) {
    throw malformedProblem({ code: 'KEY_INVALID', field: 'Idempotency-Key', fix: `1 to ${MAX_KEY} characters` });
  }
  const bodyHash = digestOf(hasher.digest(canonicalBytes((body ?? null) as Json)));
  return { caller: caller.name, route, key, bodyHash };
}
