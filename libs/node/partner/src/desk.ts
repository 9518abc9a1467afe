import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Json, Malformed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import type { TaskName } from '@custos/formats-api';
import { findEntries, NothingProjected, withSnapshot } from '@custos/node-epcis-repository';
import type { Postgres } from '@custos/shell-postgres';
import { outcomeOf, type Outcome } from './promises/outcome.js';
import {
  planCapture,
  readDocument,
  type CapturePlan,
  type ReadDocument,
  type RejectedEvent,
} from './capture/capture-plan.js';
import { idempotencyOf, type Incoming } from './promises/idempotency.js';
import type { OnError } from './promises/outbox.js';
import { epcisProblem, promiseProblem, taskProblem } from './http/problems.js';
import { checkNamed, entriesFinder, findUnknownReceivers, type FindEntries } from './tasks/registry-check.js';
import type { SubmissionRequest, Submissions, Submitted } from './promises/submission.js';
import { TASK_TABLE } from './tasks/task-table.js';
import { recallSealed } from './capture/vault.js';

export interface DeskOptions {
  /** GLN of the organisation. */
  readonly party: string;
  readonly hasher: Hasher;
  readonly postgres: Postgres;
  readonly submissions: Submissions;
  /** All that the validator is known to have is projected here. */
  readonly isCurrent: () => boolean;
  /** Longest wait of a request for finality. */
  readonly waitMs: number;
  readonly now: () => number;
}

/** Where writes are taken in: a use case a method, each ends as an outcome or throws a Problem. */
export interface Desk {
  task(name: TaskName, incoming: Incoming): Promise<Outcome>;
  /** Always answered by its job (EPCIS 2.0.1, 12.6.1). */
  capture(onError: OnError, incoming: Incoming): Promise<Submitted>;
  /** One event, waited for. */
  event(incoming: Incoming): Promise<Outcome>;
}

const REGISTRY_READS = ['registry'];
const SALT_BYTES = 32;
const salt = (): string => randomBytes(SALT_BYTES).toString('hex');

export function createDesk(options: DeskOptions): Desk {
  const { party, hasher, postgres, submissions, waitMs, now } = options;
  const askRegistry = registryAsker(options);

  async function submitted(incoming: Incoming, plan: () => Promise<SubmissionRequest>): Promise<Submitted> {
    const idempotency = idempotencyOf(hasher, incoming);
    try {
      return await submissions.submit(idempotency, plan);
    } catch (error) {
      throw promiseProblem(error);
    }
  }

  async function awaited(job: Submitted): Promise<Outcome> {
    return outcomeOf(job, await submissions.settled(job, waitMs));
  }

  /** Throws a Problem: nothing is signed then. */
  async function planned(body: unknown, onError: OnError): Promise<CapturePlan> {
    const parsed = await readDocument({ hasher, salt, now: now() }, body as Json, () => setImmediate());
    if (!parsed.ok) throw epcisProblem(parsed.malformed);
    const read = await recallSealed(postgres, parsed.value);
    const faults = await askRegistry(
      (find) => findUnknownReceivers(find, read.ready),
      ({ size }) => size > 0,
    );
    const document = faults.size === 0 ? read : without(read, faults);
    const plan = planCapture(document, onError, salt);
    if (plan.ok) return plan.value;
    throw epcisProblem(plan.malformed, document.rejected);
  }

  return {
    async task(name, incoming) {
      const job = await submitted(incoming, async () => {
        const plan = TASK_TABLE[name].plan(incoming.body, { party, now: now(), hasher, salt });
        if (!plan.ok) throw taskProblem(plan.malformed);
        const { named } = plan.value;
        const known = await askRegistry(
          (find) => checkNamed(find, named),
          ({ ok }) => !ok,
        );
        if (!known.ok) throw taskProblem(known.malformed);
        return { kind: 'task', onError: 'rollback', drafts: [plan.value] };
      });
      return awaited(job);
    },
    capture: (onError, incoming) =>
      submitted(incoming, async () => ({ kind: 'capture', onError, ...(await planned(incoming.body, onError)) })),
    async event(incoming) {
      const job = await submitted(incoming, async () => {
        const plan = onlyOne(await planned(incoming.body, 'rollback'));
        return { kind: 'event', onError: 'rollback', ...plan };
      });
      return awaited(job);
    },
  };
}

/**
 * A "no" comes from rows that are whole and current alone: while they are built anew, or blocks are missing after a
 * restart, much is unknown here that is registered.
 */
function registryAsker({ postgres, hasher, isCurrent }: Pick<DeskOptions, 'postgres' | 'hasher' | 'isCurrent'>) {
  const findTogether = entriesFinder(postgres);
  return async <T>(ask: (find: FindEntries) => Promise<T>, isNo: (answer: T) => boolean): Promise<T> => {
    const answer = await ask(findTogether);
    if (!isNo(answer)) return answer;
    const current = isCurrent();
    const certain = await withSnapshot(postgres, hasher, REGISTRY_READS, (sql) =>
      ask((keys) => findEntries(sql, keys)),
    );
    if (current || !isNo(certain)) return certain;
    throw new NothingProjected('blocks are missing');
  };
}

function onlyOne(plan: CapturePlan): CapturePlan {
  const events = plan.drafts.flatMap((draft) => draft.events);
  if (events.length === 1) return plan;
  const fix = 'send one event; a document goes to /capture';
  throw epcisProblem({ code: 'NOT_ONE_EVENT', field: '/epcisBody/eventList', fix });
}

/** The document without the events that cannot be taken; they are told instead. */
function without(document: ReadDocument, faults: ReadonlyMap<{ readonly at: string }, Malformed>): ReadDocument {
  const ready = document.ready.filter((event) => !faults.has(event));
  const rejected: RejectedEvent[] = [...faults].map(([{ at }, fault]) => ({ at, ...fault }));
  return { ...document, ready, rejected: [...document.rejected, ...rejected] };
}
