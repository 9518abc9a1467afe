import type { Asker } from '@custos/core-access';
import type { Hasher } from '@custos/core-crypto';
import type { Caller } from '@custos/formats-api';
import { NothingProjected, withSnapshot, type Snapshot } from '@custos/node-epcis-repository';
import type { Postgres } from '@custos/shell-postgres';
import { away } from '@custos/shell-process';

/** The ground of one answer: the asker, and rows of one moment. */
export interface Question {
  readonly asker: Asker;
  readonly snapshot: Snapshot;
}

/** Answers questions from rows of one moment. */
export interface SnapshotReader {
  /**
   * Runs `ask` on the rows of these projections. @throws Problem 503 while one of them is being built, and 403 when the
   * caller's party is not of this network.
   */
  answer<T>(caller: Caller | undefined, reads: readonly string[], ask: (question: Question) => Promise<T>): Promise<T>;
}

/** The parts that a {@link SnapshotReader} answers from. */
export interface SnapshotReaderOptions {
  readonly postgres: Postgres;
  readonly hasher: Hasher;
  /** Decides who asks, by the rows that the answer comes from. */
  readonly askerOf: (caller: Caller | undefined, snapshot: Snapshot) => Asker | Promise<Asker>;
  /** How a refusal names the chain while it is being read. */
  readonly unreadName: string;
}

/** Creates the reader of a service. */
export function snapshotReader({ postgres, hasher, askerOf, unreadName }: SnapshotReaderOptions): SnapshotReader {
  return {
    async answer(caller, reads, ask) {
      try {
        return await withSnapshot(postgres, hasher, reads, async (snapshot) =>
          ask({ asker: await askerOf(caller, snapshot), snapshot }),
        );
      } catch (error) {
        throw error instanceof NothingProjected ? away(unreadName) : error;
      }
    },
  };
}
