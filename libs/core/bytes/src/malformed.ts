/**
 * A "no" to input, as a value: which rule it breaks, where, and what to send instead.
 * `field` is a JSON pointer, a byte offset (`@17`), or the name of an element of a code.
 */
export interface Malformed {
  readonly code: string;
  readonly field: string;
  readonly fix: string;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly malformed: Malformed };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function malformed(code: string, field: string, fix: string): Parsed<never> {
  return { ok: false, malformed: { code, field, fix } };
}

/** Carries a {@link Malformed} up to the decoder's own door, {@link attempt}; it never leaves a room. */
export class MalformedError extends Error {
  constructor(readonly malformed: Malformed) {
    super(`${malformed.code} at ${malformed.field}: ${malformed.fix}`);
  }
}

export function reject(code: string, field: string, fix: string): never {
  throw new MalformedError({ code, field, fix });
}

/** Runs a decoder written with {@link reject}: a refusal becomes a value, a bug still crashes. */
export function attempt<T>(decode: () => T): Parsed<T> {
  try {
    return parsed(decode());
  } catch (error) {
    if (error instanceof MalformedError) return { ok: false, malformed: error.malformed };
    throw error;
  }
}

/** Unwraps inside a decoder that is itself run by {@link attempt}. */
export function orReject<T>(result: Parsed<T>): T {
  if (result.ok) return result.value;
  throw new MalformedError(result.malformed);
}
