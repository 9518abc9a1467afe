import { PostgresAway, type Postgres } from '@custos/shell-postgres';
import { insertJobs, type Promised } from './outbox.js';

/** Promises in one statement: a few times as many gain little, and when one fails all are tried one by one. */
const MAX_JOBS_PER_STATEMENT = 64;
/** Transactions of one statement, bytes: several of them must fit the memory of both ends. */
const MAX_BYTES_PER_STATEMENT = 4 * 1024 * 1024;

const UNIQUE_VIOLATION = '23505';

/** Stores a promise. Resolves when it is durable; rejects when it is not, or when that is unknown. */
export type WriteJob = (promised: Promised) => Promise<void>;

interface Waiting {
  readonly promised: Promised;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Returns a writer that stores promises which come together in one statement: one message and one flush for all. */
export function createJobWriter(postgres: Postgres): WriteJob {
  const waiting: Waiting[] = [];
  let isWriting = false;

  async function write(together: readonly Waiting[]): Promise<void> {
    try {
      await insertJobs(
        postgres,
        together.map(({ promised }) => promised),
      );
      for (const { resolve } of together) resolve();
    } catch (error) {
      const isAway = error instanceof PostgresAway;
      // What the server refuses, a key that is taken for one, is one request's concern.
      if (together.length > 1 && !isAway) for (const each of together) await write([each]);
      else for (const { reject } of together) reject(error);
      // Those behind would wait as long for the same answer; of them nothing was sent.
      if (isAway) for (const { reject } of waiting.splice(0)) reject(new PostgresAway(error.cause));
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) await write(waiting.splice(0, countThatFits(waiting)));
    isWriting = false;
  }

  return (promised) =>
    new Promise((resolve, reject) => {
      waiting.push({ promised, resolve, reject });
      if (!isWriting) void writeAll();
    });
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && (error as { readonly code?: unknown }).code === UNIQUE_VIOLATION;
}

/** As many from the front as one statement takes; a single one always goes. */
function countThatFits(waiting: readonly Waiting[]): number {
  let bytes = 0;
  let count = 0;
  for (const { promised } of waiting) {
    bytes += promised.parts.reduce((sum, part) => sum + part.bytes.length, 0);
    if (count > 0 && (count === MAX_JOBS_PER_STATEMENT || bytes > MAX_BYTES_PER_STATEMENT)) break;
    count++;
  }
  return count;
}
