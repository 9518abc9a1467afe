import type { Digest } from '@custos/core-crypto';
import type { Lanes } from '@custos/shell-lanes';
import type { Postgres } from '@custos/shell-postgres';
import type { Draft, SignedTransaction } from './drafts.js';
import { MAX_PENDING, pendingRows, replaceExpired, type PendingRow } from './outbox.js';

/** A Kafka acknowledgement is not inclusion: what is not final after this time is published once more. */
const FIRST_REPEAT_MS = 2_000;
const LONGEST_REPEAT_MS = 30_000;
const TICK_MS = 500;

export interface RelayOptions {
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  /** The organisation's tx lane. */
  readonly lane: string;
  readonly sign: (draft: Draft) => Promise<SignedTransaction>;
  /** Timestamp of the last final block that is projected here, milliseconds since 1970. */
  readonly finalTime: () => number;
  readonly now: () => number;
  readonly warn: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

interface Waiting extends PendingRow {
  /** When it is due to leave (again). */
  due: number;
  repeats: number;
}

/**
 * Brings what the outbox holds to the lane, and again with back-off until a final block holds it. It signs anew
 * only when a final block is later than the expiry: then the old bytes can enter no block, so nothing is done
 * twice. A crash at any point loses nothing: the outbox is read again, and validators take an id once.
 */
export interface Relay {
  /** Loads what an earlier process left, and begins. */
  start(): Promise<void>;
  /** Takes rows that were just committed to the outbox. */
  take(rows: readonly PendingRow[]): void;
  settled(txIds: readonly Digest[]): void;
  /** False: too much waits already. */
  hasRoom(): boolean;
  /** Stops publishing; what waits stays in the outbox. */
  stop(): Promise<void>;
}

export function createRelay(options: RelayOptions): Relay {
  const waiting = new Map<Digest, Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let renewing: Promise<void> = Promise.resolve();
  let stopped = false;

  function publish(row: Waiting): void {
    row.due = options.now() + Math.min(FIRST_REPEAT_MS * 2 ** row.repeats++, LONGEST_REPEAT_MS);
    // Resolves when durable at the broker, waits while the broker is away; a full client says so and we come back.
    options.lanes.publish(options.lane, [row.bytes]).catch((error: Error) => {
      if (!stopped) options.warn('publish failed', { txId: row.txId, error: error.message });
    });
  }

  /** K17: parts of a split document leave one after another, each when the one before is final. */
  function isNext(row: Waiting): boolean {
    for (const other of waiting.values()) if (other.job === row.job && other.part < row.part) return false;
    return true;
  }

  function tick(): void {
    const now = options.now();
    const finalTime = options.finalTime();
    for (const row of waiting.values()) {
      if (row.expiresAt < finalTime) renewing = renewing.then(() => renew(row));
      else if (row.due <= now && (row.part === 0 || isNext(row))) publish(row);
    }
  }

  async function renew(row: Waiting): Promise<void> {
    if (stopped || !waiting.has(row.txId)) return;
    try {
      const signed = await options.sign(row.draft);
      // Committed before it leaves: a crash in between publishes it at the next start.
      if (!(await replaceExpired(options.postgres, row.txId, signed))) return;
      waiting.delete(row.txId);
      add({ ...row, txId: signed.id, bytes: signed.bytes, expiresAt: signed.expiresAt });
    } catch (error) {
      options.warn('signing anew failed', { txId: row.txId, error: (error as Error).message });
    }
  }

  function add(row: PendingRow): void {
    const entry = { ...row, due: 0, repeats: 0 };
    waiting.set(row.txId, entry);
    if (row.part === 0 || isNext(entry)) publish(entry);
  }

  return {
    async start() {
      for (const row of await pendingRows(options.postgres)) add(row);
      timer = setInterval(tick, TICK_MS);
    },
    take(rows) {
      for (const row of rows) add(row);
    },
    settled(txIds) {
      for (const txId of txIds) {
        const row = waiting.get(txId);
        if (!row || !waiting.delete(txId)) continue;
        for (const other of waiting.values()) if (other.job === row.job && isNext(other)) publish(other);
      }
    },
    hasRoom: () => waiting.size < MAX_PENDING,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await renewing;
    },
  };
}
