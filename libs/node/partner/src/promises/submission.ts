import { randomUUID } from 'node:crypto';
import type { Digest } from '@custos/core-crypto';
import { PostgresAway, type Postgres } from '@custos/shell-postgres';
import type { DraftedEvent, OnError, Pen, PlannedDraft, RejectedEvent } from '../capture/drafts.js';
import { keyFinder, type Idempotency } from './idempotency.js';
import { createJobWriter, isUniqueViolation } from './job-writer.js';
import type { JobSource } from './jobs.js';
import type { JobKind, JobRow, Promised, Settled } from './outbox.js';
import type { Relay } from './relay.js';
import type { SealedEvent, Secret } from '../capture/sealing.js';
import { keepSecrets } from '../capture/keep-secrets.js';
import type { Waiting } from './waiting.js';

export interface SubmissionRequest {
  readonly kind: JobKind;
  readonly onError: OnError;
  /** Events that are not even signed (`proceed`). */
  readonly rejected?: readonly RejectedEvent[];
  readonly drafts: readonly PlannedDraft[];
  /** For the vault (L2.8): kept before the promise. */
  readonly secrets?: readonly Secret[];
  readonly sealed?: readonly SealedEvent[];
}

export interface Submitted {
  readonly job: string;
  readonly parts: readonly { readonly txId: Digest; readonly events: readonly DraftedEvent[] }[];
  /** It was promised before this request came, and may be settled already. */
  readonly earlier: boolean;
}

/** The outbox is full: the caller comes back later, nothing was kept. */
export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

/** The connection broke during the commit: the request may have been kept, and is carried out if so. */
export class PromiseUncertain extends Error {
  override readonly name = 'PromiseUncertain';
}

export interface SubmissionOptions {
  readonly postgres: Postgres;
  readonly jobs: Pick<JobSource, 'job'>;
  readonly relay: Relay;
  readonly waiting: Waiting;
  readonly pen: Pen;
  readonly now: () => number;
  /** Hears of each job once it is committed. */
  readonly onPromise?: (kind: JobKind, submitted: Submitted) => void;
}

export interface Submissions {
  /** Finds the job that an earlier request with this key began. @throws IdempotencyKeyReused for another body. */
  earlier(idempotency: Idempotency): Promise<Submitted | undefined>;
  /**
   * Promises a new job. One statement writes transactions, job and key, so after it nothing is lost and before it
   * nothing was answered. When another request with the key was first meanwhile, its job is returned.
   * @throws OutboxFull, IdempotencyKeyReused, PromiseUncertain, DraftTooLarge
   */
  submit(idempotency: Idempotency | undefined, request: SubmissionRequest): Promise<Submitted>;
  /** Waits for the first transaction of a job; undefined when it is not final in time. */
  settled(submitted: Submitted, limitMs: number): Promise<Settled | undefined>;
}

/** Does a piece of work that ends with so many more transactions in the relay, if there is room for them. */
function roomOf(relay: Pick<Relay, 'hasRoom'>) {
  /** Transactions between the look whether there is room and the relay. */
  let coming = 0;
  return async <T>(transactions: number, work: () => Promise<T>): Promise<T> => {
    if (!relay.hasRoom(coming)) throw new OutboxFull();
    coming += transactions;
    try {
      return await work();
    } finally {
      coming -= transactions;
    }
  };
}

export function createSubmissions(options: SubmissionOptions): Submissions {
  const { postgres, jobs, relay, waiting, pen, now, onPromise = () => undefined } = options;
  const keepPromise = createJobWriter(postgres);
  const findKey = keyFinder(postgres);
  const withRoom = roomOf(relay);

  async function findEarlier(idempotency: Idempotency): Promise<Submitted | undefined> {
    const job = await findKey(idempotency);
    if (job === undefined) return undefined;
    const { parts } = (await jobs.job(job))!;
    return { job, parts, earlier: true };
  }

  async function keep(promise: Promised, request: SubmissionRequest): Promise<void> {
    try {
      await fillVault(postgres, request, promise.row.createdAt);
      await keepPromise(promise);
    } catch (error) {
      if (!(error instanceof PostgresAway) || !error.uncertain) throw error;
      // The answer to the commit was lost. If it happened, the relay finds the rows as soon as they can be read.
      relay.lookAgain();
      throw new PromiseUncertain();
    }
  }

  async function promise(request: SubmissionRequest, idempotency: Idempotency | undefined): Promise<Submitted> {
    const { kind, onError, rejected = [], drafts } = request;
    const row: JobRow = { job: randomUUID(), kind, createdAt: now(), onError, rejected };
    const parts = await Promise.all(drafts.map(async ({ draft, events }) => ({ ...(await pen.sign(draft)), events })));
    await keep({ row, parts, idempotency }, request);
    relay.take(
      parts.map(({ txId, bytes, expiresAt }, part) => {
        return { job: row.job, part, txId, bytes, expiresAt, promisedAt: row.createdAt };
      }),
    );
    const ids = parts.map(({ txId, events }) => ({ txId, events }));
    const submitted: Submitted = { job: row.job, parts: ids, earlier: false };
    onPromise(kind, submitted);
    return submitted;
  }

  return {
    earlier: findEarlier,
    async submit(idempotency, request) {
      try {
        return await withRoom(request.drafts.length, () => promise(request, idempotency));
      } catch (error) {
        // Two requests with one key at once: the other one was first, its job answers both.
        const first = idempotency && isUniqueViolation(error) && (await findEarlier(idempotency));
        if (first) return first;
        throw error;
      }
    },
    async settled({ job, parts, earlier }, limitMs) {
      const { txId } = parts[0]!;
      const coming = waiting.until(txId, limitMs);
      // A promise of this moment cannot have settled before anybody could wait for it; an earlier one can.
      const known = earlier ? (await jobs.job(job))?.parts[0]?.settled : undefined;
      if (known) waiting.settled(known);
      return known ?? coming;
    },
  };
}

/** Before the promise: a crash in between leaves secrets of what was never signed, which the next try uses. */
async function fillVault(postgres: Postgres, request: SubmissionRequest, now: number): Promise<void> {
  const { secrets = [], sealed = [] } = request;
  if (secrets.length + sealed.length > 0) await postgres.transaction((sql) => keepSecrets(sql, secrets, sealed, now));
}
