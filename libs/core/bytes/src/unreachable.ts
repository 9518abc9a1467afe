/** Closes every switch over a union: a new arm does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
