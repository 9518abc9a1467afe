/**
 * The refusal of an input, as a value: the rule that it breaks, the place, and a correction to send instead.
 * `field` is a JSON pointer, a byte offset (`@17`), or the name of an element of a code.
 */
export interface Malformed {
  readonly code: string;
  readonly field: string;
  readonly fix: string;
}

/** The result of a parser: the value, or the refusal of the input. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly malformed: Malformed };

/** Returns the result of an input that was accepted. */
export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** Returns the result of an input that was refused; for decoders that do not run inside {@link attempt}. */
export function malformed(code: string, field: string, fix: string): Parsed<never> {
  return { ok: false, malformed: { code, field, fix } };
}

/**
 * The exception that carries a {@link Malformed} from inside a decoder to {@link attempt}; it never leaves a library.
 */
export class MalformedError extends Error {
  constructor(readonly malformed: Malformed) {
    super(`${malformed.code} at ${malformed.field}: ${malformed.fix}`);
  }
}

/** Refuses the input of a decoder that runs inside {@link attempt}. @throws MalformedError */
export function reject(code: string, field: string, fix: string): never {
  throw new MalformedError({ code, field, fix });
}

/** Runs a decoder and returns a refusal by {@link reject} as a value. Any other exception passes through. */
export function attempt<T>(decode: () => T): Parsed<T> {
  try {
    return parsed(decode());
  } catch (error) {
    if (error instanceof MalformedError) return { ok: false, malformed: error.malformed };
    throw error;
  }
}

/** Returns the value of a result, inside a decoder that {@link attempt} runs. @throws MalformedError for a refusal */
export function orReject<T>(result: Parsed<T>): T {
  if (result.ok) return result.value;
  throw new MalformedError(result.malformed);
}
