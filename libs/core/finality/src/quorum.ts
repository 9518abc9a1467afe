/** Byzantine validators that `n` can bear: the largest f with n > 3f. */
export function faultsOf(n: number): number {
  return Math.floor((n - 1) / 3);
}

/**
 * Votes that decide among `n`: ceil((n + f + 1) / 2). Any two quorums share more than f validators, so at least
 * one honest one. A plain majority does not: of n = 7 two groups of 4 may share just one, who can be a liar.
 */
export function quorumOf(n: number): number {
  return Math.ceil((n + faultsOf(n) + 1) / 2);
}
