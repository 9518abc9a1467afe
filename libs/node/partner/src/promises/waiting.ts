import type { Digest } from '@custos/core-crypto';
import type { Settled } from './outbox.js';

/** Requests that wait for their transaction to become final. */
export interface Waiting {
  /** The settled transaction, or undefined when the time is over (0: at once); a caller that comes too late reads the outbox. */
  until(txId: Digest, limitMs: number): Promise<Settled | undefined>;
  settled(settled: Settled): void;
  /** Lets every request go on with undefined, and those that come later at once. */
  close(): void;
}

type Done = (settled: Settled | undefined) => void;

export function createWaiting(): Waiting {
  // A request and its repetition may wait for the same transaction.
  const waiters = new Map<Digest, Set<Done>>();
  let closed = false;
  return {
    until(txId, limitMs) {
      if (closed || limitMs <= 0) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const others = waiters.get(txId) ?? new Set<Done>();
        waiters.set(txId, others);
        const timer = setTimeout(() => done(undefined), limitMs);
        const done: Done = (settled) => {
          clearTimeout(timer);
          others.delete(done);
          if (others.size === 0) waiters.delete(txId);
          resolve(settled);
        };
        others.add(done);
      });
    },
    settled(settled) {
      for (const done of [...(waiters.get(settled.txId) ?? [])]) done(settled);
    },
    close() {
      closed = true;
      for (const done of [...waiters.values()].flatMap((others) => [...others])) done(undefined);
    },
  };
}
