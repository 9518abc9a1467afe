/** The progress of a follower, for operators. */
export interface FollowerStatus {
  /** The last block that every projection has. */
  readonly height: number;
  /** The highest block that was announced: a hint, since an announcement is not proven yet. */
  readonly heard: number;
  /**
   * True while all that the validator is known to have is projected here. False until that was so once, and from a
   * failed pull, a gap or a run that could not be stored until it is made good.
   */
  readonly isCurrent: boolean;
  readonly blocksSinceStart: number;
  readonly pullFailures: number;
}
