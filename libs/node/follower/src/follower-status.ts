import type { Metrics } from '@custos/shell-process';
import type { Follower } from './follower.js';

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

export function observeFollower(follower: Follower, metrics: Metrics): void {
  const { standing, head } = follower;
  metrics.gauge('custos_follower_height', () => standing().height);
  metrics.gauge('custos_follower_lag_blocks', () => Math.max(0, standing().heard - standing().height));
  metrics.gauge('custos_follower_current', () => Number(standing().isCurrent));
  metrics.gauge('custos_follower_block_timestamp_seconds', () => head().timestamp / 1_000);
  metrics.counterOf('custos_follower_blocks_total', () => standing().blocksSinceStart);
  metrics.counterOf('custos_follower_pull_failures_total', () => standing().pullFailures);
}
