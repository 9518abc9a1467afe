/** Allows `burst` at once and `perSecond` in the long run; time comes from the caller. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly limits: { readonly perSecond: number; readonly burst: number },
    now: number,
  ) {
    this.tokens = limits.burst;
    this.filledAt = now;
  }

  /** Takes so many tokens if there are, else none. A clock that jumps back adds nothing. */
  take(now: number, count = 1): boolean {
    const passed = Math.max(0, now - this.filledAt) / 1_000;
    this.tokens = Math.min(this.limits.burst, this.tokens + passed * this.limits.perSecond);
    this.filledAt = now;
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }
}
