/** Ends a switch over a union: a member without a case does not compile. @throws Error when it is reached. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
