/** The command was called wrongly; the message says how, the usage line follows it. */
export class UsageError extends Error {}

/** What Node's own parser says of wrong arguments is a usage error. */
export function orUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `name` given, or a usage error. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing`);
  return value;
}

/** The one positional argument, or a usage error: a second one would be passed over in silence. */
export function only(positionals: readonly string[], name: string): string {
  if (positionals.length > 1) throw new UsageError(`${positionals[1]} is one ${name} too many`);
  return required(positionals[0], name);
}

const MAX_PORT = 65_535;

export function portOf(text: string, name: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT)
    throw new UsageError(`${name} ${text}: a number from 1 to ${MAX_PORT}`);
  return port;
}
