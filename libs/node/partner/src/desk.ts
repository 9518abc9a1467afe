import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Repository } from 'typeorm';
import { malformed, type Json, type Malformed } from '@custos/core-bytes';
import type { Hasher } from '@custos/core-crypto';
import type { TaskName } from '@custos/formats-api';
import { findEntries, NothingProjected, withSnapshot } from '@custos/node-epcis-repository';
import type { Postgres } from '@custos/shell-postgres';
import { outcomeOf, type Outcome } from './promises/outcome.js';
import { planCapture, readDocument, type CapturePlan, type ReadDocument } from './capture/capture-plan.js';
import type { Idempotency } from './promises/idempotency.js';
import { checkNamed, entriesFinder, findUnknownReceivers, type FindEntries } from './tasks/registry-check.js';
import type { SubmissionRequest, Submissions, Submitted } from './promises/submission.js';
import type { SealedEventEntity } from './promises/own.rows.js';
import { TASK_TABLE } from './tasks/task-table.js';
import { recallSealed } from './capture/vault.js';
import type { OnError, RejectedEvent } from './capture/drafts.js';

export interface DeskOptions {
  /** GLN of the organisation. */
  readonly party: string;
  readonly hasher: Hasher;
  readonly postgres: Postgres;
  readonly sealedEvents: Repository<SealedEventEntity>;
  readonly submissions: Submissions;
  /** All that the validator is known to have is projected here. */
  readonly isCurrent: () => boolean;
  /** Longest wait of a request for finality. */
  readonly waitMs: number;
  readonly now: () => number;
}

/** A write as it came in. */
export interface Write {
  /** The body as the contract of the route reads it. */
  readonly input: unknown;
  /** The body as it was sent. */
  readonly body: unknown;
  /** Its Idempotency-Key, which no earlier write has used. */
  readonly idempotency: Idempotency | undefined;
}

/** The job of a write, or why nothing was signed; `rejected` are all events that are wrong, if there are several. */
export type Decision =
  | { readonly ok: true; readonly value: Submitted }
  | { readonly ok: false; readonly malformed: Malformed; readonly rejected?: readonly RejectedEvent[] };

/**
 * Takes writes in, a use case a method. @throws NothingProjected while the registry is being read, and what
 * `Submissions` throws: OutboxFull, IdempotencyKeyReused, PromiseUncertain, DraftTooLarge.
 */
export interface Desk {
  task(name: TaskName, write: Write): Promise<Decision>;
  capture(onError: OnError, write: Write): Promise<Decision>;
  /** Takes in one event. */
  event(write: Write): Promise<Decision>;
  /** Finds the job that an earlier write with this key began. @throws IdempotencyKeyReused for another body. */
  earlier(idempotency: Idempotency): Promise<Submitted | undefined>;
  /** Waits for what becomes of a job of one transaction, at most as long as a request may. */
  outcome(job: Submitted): Promise<Outcome>;
}

const REGISTRY_READS = ['registry'];
const SALT_BYTES = 32;
const salt = (): string => randomBytes(SALT_BYTES).toString('hex');

export function createDesk(options: DeskOptions): Desk {
  const { party, hasher, sealedEvents, submissions, waitMs, now } = options;
  const askRegistry = registryAsker(options);

  const submit = async ({ idempotency }: Write, request: SubmissionRequest): Promise<Decision> => ({
    ok: true,
    value: await submissions.submit(idempotency, request),
  });

  async function planned(body: unknown, onError: OnError): Promise<Planned> {
    const parsed = await readDocument({ hasher, salt, now: now() }, body as Json, () => setImmediate());
    if (!parsed.ok) return parsed;
    const read = await recallSealed(sealedEvents, parsed.value);
    const faults = await askRegistry(
      (find) => findUnknownReceivers(find, read.ready),
      ({ size }) => size > 0,
    );
    const document = faults.size === 0 ? read : without(read, faults);
    const plan = planCapture(document, onError, salt);
    return plan.ok ? plan : { ...plan, rejected: document.rejected };
  }

  return {
    async task(name, write) {
      const plan = TASK_TABLE[name].plan(write.input, write.body, { party, now: now(), hasher, salt });
      if (!plan.ok) return plan;
      const { named } = plan.value;
      const known = await askRegistry(
        (find) => checkNamed(find, named),
        ({ ok }) => !ok,
      );
      return known.ok ? submit(write, { kind: 'task', onError: 'rollback', drafts: [plan.value] }) : known;
    },
    async capture(onError, write) {
      const plan = await planned(write.body, onError);
      return plan.ok ? submit(write, { kind: 'capture', onError, ...plan.value }) : plan;
    },
    async event(write) {
      const plan = await planned(write.body, 'rollback');
      if (!plan.ok) return plan;
      const events = plan.value.drafts.flatMap((draft) => draft.events);
      if (events.length !== 1) return malformed('NOT_ONE_EVENT', '/epcisBody/eventList', ONE_EVENT);
      return submit(write, { kind: 'event', onError: 'rollback', ...plan.value });
    },
    earlier: submissions.earlier,
    outcome: async (job) => outcomeOf(job, await submissions.settled(job, waitMs)),
  };
}

const ONE_EVENT = 'send one event; a document goes to /capture';

type Planned = { readonly ok: true; readonly value: CapturePlan } | Extract<Decision, { readonly ok: false }>;

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

/** The document without the events that cannot be taken; they are reported instead. */
function without(document: ReadDocument, faults: ReadonlyMap<{ readonly at: string }, Malformed>): ReadDocument {
  const ready = document.ready.filter((event) => !faults.has(event));
  const rejected: RejectedEvent[] = [...faults].map(([{ at }, fault]) => ({ at, ...fault }));
  return { ...document, ready, rejected: [...document.rejected, ...rejected] };
}
