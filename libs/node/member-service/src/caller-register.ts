import type { Hasher } from '@custos/core-crypto';
import { callerBook, type Caller } from '@custos/formats-api';

/** The callers of a service, which may be replaced while it runs. */
export interface CallerRegister {
  /** Finds the caller behind an `Authorization` header. */
  callerOf(authorization: string | undefined): Caller | undefined;
  /** Answers these callers from the next request on; requests under way are not looked at again. */
  replace(callers: readonly Caller[]): void;
}

/** Creates a register of these callers. */
export function callerRegister(hasher: Hasher, callers: readonly Caller[]): CallerRegister {
  let book = callerBook(hasher, callers);
  return {
    callerOf: (authorization) => book(authorization),
    replace(known) {
      book = callerBook(hasher, known);
    },
  };
}
