import type { Asker } from '@custos/core-access';
import type { Hasher } from '@custos/core-crypto';
import type { Caller } from '@custos/formats-api';
import { noAnswer, NothingProjected, withSnapshot, type Answer, type Snapshot } from '@custos/node-epcis-repository';
import type { Postgres } from '@custos/shell-postgres';

/** The ground of one answer: the asker, and rows of one moment. */
interface Question {
  readonly asker: Asker;
  readonly snapshot: Snapshot;
}

/** Answers questions from rows of one moment. */
export interface SnapshotReader {
  /**
   * Runs `ask` on the rows of these projections. No answer while one of them is being built, nor when the caller's party
   * is not of this network.
   */
  answer<T>(
    caller: Caller | undefined,
    reads: readonly string[],
    ask: (question: Question) => Promise<Answer<T>>,
  ): Promise<Answer<T>>;
}

/** The parts that a {@link SnapshotReader} answers from. */
export interface SnapshotReaderOptions {
  readonly postgres: Postgres;
  readonly hasher: Hasher;
  /** Decides who asks, by the rows that the answer comes from; undefined when the party is not of this network. */
  readonly askerOf: (caller: Caller | undefined, snapshot: Snapshot) => Asker | Promise<Asker | undefined>;
  /** How a refusal names the chain while it is being read. */
  readonly unreadName: string;
}

/** Creates the reader of a service. */
export function snapshotReader({ postgres, hasher, askerOf, unreadName }: SnapshotReaderOptions): SnapshotReader {
  return {
    async answer(caller, reads, ask) {
      try {
        return await withSnapshot(postgres, hasher, reads, async (snapshot) => {
          const asker = await askerOf(caller, snapshot);
          return asker ? ask({ asker, snapshot }) : noAnswer({ kind: 'stranger' });
        });
      } catch (error) {
        if (error instanceof NothingProjected) return noAnswer({ kind: 'away', what: unreadName });
        throw error;
      }
    },
  };
}
