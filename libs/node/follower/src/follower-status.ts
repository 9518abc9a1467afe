/** Where a follower stands, for whoever watches it. */
export interface FollowerStatus {
  /** The last block that every projection has. */
  readonly height: number;
  /** The highest one that was heard of: a hint, since what announces it is not proven yet. */
  readonly heard: number;
  /**
   * True while all that the validator is known to have is projected here. False until that was so once, and from a
   * failed pull, a gap or a run that could not be stored until it is made good.
   */
  readonly isCurrent: boolean;
  readonly blocksSinceStart: number;
  readonly pullFailures: number;
}
