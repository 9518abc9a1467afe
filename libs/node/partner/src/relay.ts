import type { Digest } from '@custos/core-crypto';
import type { Lanes } from '@custos/shell-lanes';
import type { Postgres } from '@custos/shell-postgres';
import type { Log } from '@custos/shell-process';
import type { Clock } from './clock.js';
import type { Pen } from './drafts.js';
import { findPending, findPendingPart, replaceExpired, type PendingRow } from './outbox.js';
import { RelayQueue, type Travelling } from './relay-queue.js';

/** A Kafka acknowledgement is not inclusion: what is not final after this time is published once more. */
export const FIRST_REPEAT_MS = 2_000;
export const LONGEST_REPEAT_MS = 30_000;
export const TICK_MS = 500;
/** What is on its way to the broker when the process stops may still arrive; the outbox has it in any case. */
const STOP_MS = 2_000;

export interface RelayOptions {
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  /** The organisation's tx lane. */
  readonly lane: string;
  readonly pen: Pen;
  /** Timestamp of the last final block that is projected here, milliseconds since 1970. */
  readonly finalTime: () => number;
  readonly clock: Clock;
  readonly log: Pick<Log, 'say' | 'warn'>;
}

/**
 * Brings what the outbox holds to the lane, and again with back-off until a final block holds it. It signs anew
 * only when a final block is later than the expiry: then the old bytes can enter no block, so nothing is done
 * twice. A crash at any point loses nothing: the outbox is read again, and validators take an id once.
 */
export interface Relay {
  /** Loads what an earlier process left, and begins. Before the follower does: so nothing settles unheard. */
  start(): Promise<void>;
  /** Takes rows that were just committed to the outbox. */
  take(rows: readonly PendingRow[]): void;
  /** Reads the outbox at the next tick that can: it may hold what nobody could tell us of. */
  lookAgain(): void;
  settled(txIds: readonly Digest[]): void;
  /** False: too much waits already. */
  hasRoom(): boolean;
  /** Transactions that wait for their block. */
  size(): number;
  standing(): RelayStanding;
  /** When it was promised; undefined when it does not wait here. */
  promisedAt(txId: Digest): number | undefined;
  /** Publishes nothing new, and gives what is on its way the time to arrive; what waits stays in the outbox. */
  stop(): Promise<void>;
}

/** For whoever watches it; counts since the start. */
export interface RelayStanding {
  readonly bytes: number;
  /** When the oldest of what waits was promised. */
  readonly oldest: number | undefined;
  readonly published: number;
  readonly failures: number;
  readonly renewed: number;
}

export function createRelay({ postgres, lanes, lane, pen, finalTime, clock, log }: RelayOptions): Relay {
  const counts = { published: 0, failures: 0, renewed: 0 };
  const onTheirWay = new Set<Promise<void>>();
  const queue = new RelayQueue();
  let stopTicking = (): void => undefined;
  // One thing at a time: a thousand expired rows shall not take every connection.
  let slowWork: Promise<void> = Promise.resolve();
  let shallLook = false;
  let looking = false;
  let stopped = false;

  function publish(travelling: Travelling): void {
    const { row } = travelling;
    travelling.publishing = true;
    // Waits while the broker is away; so nothing is handed to it twice meanwhile.
    const told = lanes.publish(lane, [row.bytes]).catch((error: Error) => {
      counts.failures++;
      if (!stopped) log.warn('publish failed', { txId: row.txId, error: error.message });
    });
    counts.published++;
    onTheirWay.add(told);
    void told.then(() => {
      onTheirWay.delete(told);
      travelling.publishing = false;
      if (travelling.row === row) travelling.due = clock.now() + backOff(travelling.times++);
    });
  }

  function publishIfNext(travelling: Travelling): void {
    if (stopped || travelling.publishing || travelling.due > clock.now()) return;
    // K17: parts of a split document leave one after another, each when the one before is final.
    if (queue.firstOf(travelling.row.job) === travelling) publish(travelling);
  }

  function tick(): void {
    if (shallLook && !looking) {
      looking = true;
      later('the outbox cannot be read', () => look().finally(() => (looking = false)));
    }
    const final = finalTime();
    for (const travelling of queue.all()) {
      if (travelling.row.expiresAt >= final) publishIfNext(travelling);
      else if (!travelling.renewing) {
        travelling.renewing = true;
        later('signing anew failed', () => renew(travelling).finally(() => (travelling.renewing = false)));
      }
    }
  }

  function later(failure: string, work: () => Promise<void>): void {
    slowWork = slowWork.then(async () => {
      if (stopped) return;
      await work().catch((error: Error) => log.warn(failure, { error: error.message }));
    });
  }

  async function renew(travelling: Travelling): Promise<void> {
    const { job, part, txId, bytes } = travelling.row;
    if (queue.find(txId) !== travelling) return;
    const signed = await pen.renew(bytes);
    // Committed before it leaves: a crash in between publishes it at the next start.
    if (await replaceExpired(postgres, txId, signed)) {
      const { id, bytes: renewed, expiresAt } = signed;
      const { promisedAt } = travelling.row;
      queue.replace(travelling, { job, part, txId: id, bytes: renewed, expiresAt, promisedAt });
      counts.renewed++;
      log.say('signed anew', { job, txId: id, expired: txId });
    } else {
      // It is settled, or another process of this service has signed it anew.
      const row = await findPendingPart(postgres, job, part);
      if (row) queue.replace(travelling, row);
      else queue.remove(travelling);
    }
    publishNext(job);
  }

  // A row that settles while it is read stays here as a ghost, which the next signing lays to rest.
  async function look(): Promise<void> {
    take(await findPending(postgres));
    shallLook = false;
  }

  function publishNext(job: string): void {
    const next = queue.firstOf(job);
    if (next) publishIfNext(next);
  }

  function take(rows: readonly PendingRow[]): void {
    for (const row of rows) if (!queue.has(row.job, row.part)) publishIfNext(queue.add(row));
  }

  return {
    async start() {
      take(await findPending(postgres));
      stopTicking = clock.every(TICK_MS, tick);
    },
    take,
    lookAgain() {
      shallLook = true;
    },
    settled(txIds) {
      for (const txId of txIds) {
        const travelling = queue.find(txId);
        if (!travelling) continue;
        queue.remove(travelling);
        publishNext(travelling.row.job);
      }
    },
    hasRoom: () => queue.hasRoom(),
    size: () => queue.size,
    standing: () => ({ ...counts, bytes: queue.bytes, oldest: queue.oldest()?.row.promisedAt }),
    promisedAt: (txId) => queue.find(txId)?.row.promisedAt,
    async stop() {
      stopped = true;
      stopTicking();
      await slowWork;
      await inTime(Promise.all(onTheirWay), STOP_MS);
    },
  };
}

function backOff(times: number): number {
  return Math.min(FIRST_REPEAT_MS * 2 ** times, LONGEST_REPEAT_MS);
}

async function inTime(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, limitMs)))]);
  clearTimeout(timer);
}
