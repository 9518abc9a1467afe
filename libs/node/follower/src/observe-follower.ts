import type { Metrics } from '@custos/shell-process';
import type { Follower } from './follower.js';

/** Adds the metrics of a follower: heights, lag, pulls. */
export function observeFollower(follower: Follower, metrics: Metrics): void {
  const { standing, head } = follower;
  metrics.gauge('custos_follower_height', () => standing().height);
  metrics.gauge('custos_follower_lag_blocks', () => Math.max(0, standing().heard - standing().height));
  metrics.gauge('custos_follower_current', () => Number(standing().isCurrent));
  metrics.gauge('custos_follower_block_timestamp_seconds', () => head().timestamp / 1_000);
  metrics.counterOf('custos_follower_blocks_total', () => standing().blocksSinceStart);
  metrics.counterOf('custos_follower_pull_failures_total', () => standing().pullFailures);
}
