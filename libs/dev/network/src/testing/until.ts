import { pause } from '../child.js';
import { Unreachable } from '../http.js';

const POLL_MS = 50;
/** Above what a busy machine of two cores ever took: a condition that does not come is a defect. */
export const LIMIT_MS = 300_000;

/**
 * Resolves with the first answer that is not undefined or false; fails with `what` after the limit. A connection that
 * breaks is no answer: what was asked may have been killed a moment ago.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = LIMIT_MS,
): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; await pause(POLL_MS)) {
    const found = await reached(look);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1000} s`);
  }
}

/** Undefined: no one listened, or the connection broke. */
export async function reached<T>(look: () => T): Promise<Awaited<T> | undefined> {
  try {
    return await look();
  } catch (error) {
    // What fetch throws when no one listens or the connection breaks; jest has a TypeError of its own.
    const { name, cause } = error as Error;
    if (error instanceof Unreachable || (name === 'TypeError' && cause !== undefined)) return undefined;
    throw error;
  }
}
