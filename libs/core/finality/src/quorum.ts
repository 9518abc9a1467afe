/** Returns f, the number of Byzantine validators that a set of `n` tolerates: the largest f with n > 3f. */
export function faultsOf(n: number): number {
  return Math.floor((n - 1) / 3);
}

/**
 * Returns the number of votes that decide among `n` validators: ceil((n + f + 1) / 2). Any two quorums share more than
 * f validators, so at least one honest one. A plain majority is not enough: of n = 7, two groups of 4 may share only
 * one validator, which may be faulty.
 */
export function quorumOf(n: number): number {
  return Math.ceil((n + faultsOf(n) + 1) / 2);
}
