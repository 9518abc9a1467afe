/** Causes of an error that are logged. */
const MAX_CAUSES = 8;

/** An error as a log states it: texts and its code alone. Other members may hold the values of a query, or an address. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
}

/** Returns an error as its texts, without secrets, and its causes; any other value as text. */
export function loggedError(error: unknown, depth = 0): LoggedError | string {
  if (!isErrorLike(error)) return scrubbed(typeof error === 'object' ? JSON.stringify(error) : String(error));
  const { name, message, stack, cause, code } = error;
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    message: scrubbed(message),
    ...(stack !== undefined && { stack: scrubbed(stack) }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: loggedError(cause, depth + 1) }),
  };
}

// Not `instanceof`: an error of another realm is one too.
function isErrorLike(value: unknown): value is Error & { readonly code?: unknown } {
  const { name, message } = (value ?? {}) as Partial<Error>;
  return typeof name === 'string' && typeof message === 'string';
}

const NOT_LOGGED = '(not logged)';
/** Up to the last @ before a slash: a password that was not percent-encoded may hold any of the others. */
const USER_IN_ADDRESS = /(\w:\/\/)[^/\n]*@/g;
const TOKEN = /\b(bearer|basic)\s+\S+/gi;
const PRIVATE_KEY = /-----BEGIN[^-]*PRIVATE KEY-----[\s\S]*?(-----END[^-]*-----|$)/g;

/** Removes the passwords of addresses, tokens and keys in PEM from a text. */
export function scrubbed(text: string): string {
  return text
    .replace(USER_IN_ADDRESS, `$1${NOT_LOGGED}@`)
    .replace(TOKEN, `$1 ${NOT_LOGGED}`)
    .replace(PRIVATE_KEY, NOT_LOGGED);
}
