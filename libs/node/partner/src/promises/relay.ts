import type { Digest } from '@custos/core-crypto';
import type { Lanes } from '@custos/shell-lanes';
import type { Postgres } from '@custos/shell-postgres';
import { repeat, type Log, type Clock } from '@custos/shell-process';
import type { Pen } from '../capture/drafts.js';
import { findPending, findPendingPart, replaceExpired, type PendingRow } from './outbox.js';
import { createPublisher } from './relay-publisher.js';
import { RelayQueue, type InFlight } from './relay-queue.js';

export const TICK_MS = 500;
export interface RelayOptions {
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  /** The organisation's tx lane. */
  readonly lane: string;
  readonly pen: Pen;
  /** Timestamp of the last final block that is projected here, milliseconds since 1970. */
  readonly finalTime: () => number;
  readonly clock: Clock;
  /** Transactions that may wait for their block. */
  readonly outboxLimit: number;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
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
  /** Reads the outbox at the next tick that can: it may hold what no one could tell us of. */
  lookAgain(): void;
  settled(txIds: readonly Digest[]): void;
  /** False: too much waits already, with those that are being promised at this moment. */
  hasRoom(coming: number): boolean;
  /** Transactions that wait for their block. */
  size(): number;
  status(): RelayStatus;
  /** When it was promised; undefined when it does not wait here. */
  promisedAt(txId: Digest): number | undefined;
  /** Publishes nothing new, and gives what is on its way the time to arrive; what waits stays in the outbox. */
  stop(): Promise<void>;
}

/** For whoever watches it; counts since the start. */
interface RelayStatus {
  readonly bytes: number;
  /** When the oldest of what waits was promised. */
  readonly oldest: number | undefined;
  readonly published: number;
  readonly failures: number;
  readonly renewed: number;
}

export function createRelay(options: RelayOptions): Relay {
  const { postgres, lanes, lane, finalTime, clock, outboxLimit, log } = options;
  const publisher = createPublisher(lanes, lane, clock, log);
  const queue = new RelayQueue(outboxLimit);
  let renewed = 0;
  let stopTicking = (): void => undefined;
  const slowly = slowWork(log);
  let shallLook = false;
  let stopped = false;

  function publishIfNext(inFlight: InFlight): void {
    if (stopped || inFlight.publishing || inFlight.due > clock.now()) return;
    // K17: parts of a split document leave one after another, each when the one before is final.
    if (queue.firstOf(inFlight.row.job) === inFlight) publisher.publish(inFlight);
  }

  function tick(): void {
    if (shallLook) slowly.later('outbox', 'the outbox cannot be read', look);
    const final = finalTime();
    for (const inFlight of queue.all()) {
      if (inFlight.row.expiresAt >= final) publishIfNext(inFlight);
      else slowly.later(inFlight, 'signing anew failed', () => renew(inFlight));
    }
  }

  async function renew(inFlight: InFlight): Promise<void> {
    if (await signAnew(options, queue, inFlight)) renewed++;
    publishNext(inFlight.row.job);
  }

  // Race: a row may be settled between this SELECT and queue.add. It then stays queued although it is done; signAnew()
  // finds no pending row and removes it.
  async function look(): Promise<void> {
    take(await ownRows(options, await findPending(postgres)));
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
      await look();
      stopTicking = repeat(clock, TICK_MS, tick);
    },
    take,
    lookAgain() {
      shallLook = true;
    },
    settled(txIds) {
      for (const job of queue.settle(txIds)) publishNext(job);
    },
    hasRoom: (coming) => queue.hasRoom(coming),
    size: () => queue.size,
    status: () => ({ ...publisher.counts(), renewed, bytes: queue.bytes, oldest: queue.oldest()?.row.promisedAt }),
    promisedAt: (txId) => queue.find(txId)?.row.promisedAt,
    async stop() {
      stopped = true;
      stopTicking();
      await slowly.stop();
      await publisher.stop();
    },
  };
}

/** Rows that this service signed. Another's row stays where it is, unpublished, and is reported: the table was changed. */
async function ownRows(
  { pen, log }: Pick<RelayOptions, 'pen' | 'log'>,
  rows: readonly PendingRow[],
): Promise<readonly PendingRow[]> {
  const own: PendingRow[] = [];
  for (const row of rows) {
    const { job, part, txId } = row;
    if (await pen.isOwn(row)) own.push(row);
    else log.error('the outbox holds a transaction that this service did not sign', { job, part, txId });
  }
  return own;
}

/** Puts a new signature in the place of one that can enter no block any more. True: it was we who did. */
async function signAnew(
  { postgres, pen, log }: Pick<RelayOptions, 'postgres' | 'pen' | 'log'>,
  queue: RelayQueue,
  inFlight: InFlight,
): Promise<boolean> {
  const { job, part, txId, promisedAt } = inFlight.row;
  if (queue.find(txId) !== inFlight) return false;
  const signed = await pen.renew(inFlight.row);
  // Committed before it leaves: a crash in between publishes it at the next start.
  if (await replaceExpired(postgres, txId, signed)) {
    queue.replace(inFlight, { ...signed, job, part, promisedAt });
    log.info('signed anew', { job, txId: signed.txId, expired: txId });
    return true;
  }
  // It is settled, or another process of this service has signed it anew.
  const found = await findPendingPart(postgres, job, part);
  const [row] = await ownRows({ pen, log }, found ? [found] : []);
  if (row) queue.replace(inFlight, row);
  else queue.remove(inFlight);
  return false;
}

/**
 * One thing at a time, and none that waits already: a thousand expired rows shall not take every connection. What fails
 * is tried at a later tick.
 */
function slowWork(log: Pick<Log, 'warn'>) {
  const waiting = new Set<unknown>();
  let last: Promise<void> = Promise.resolve();
  let stopped = false;
  return {
    later(what: unknown, failure: string, work: () => Promise<void>): void {
      if (waiting.has(what)) return;
      waiting.add(what);
      last = last.then(async () => {
        if (!stopped) await work().catch((error: Error) => log.warn(failure, { error: error.message }));
        waiting.delete(what);
      });
    },
    stop(): Promise<void> {
      stopped = true;
      return last;
    },
  };
}
