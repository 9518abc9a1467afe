import type { BlockRef } from '@custos/core-consensus';
import type { Log, Metrics, Clock } from '@custos/shell-process';
import type { Validator } from '../create-validator.js';

/** Counts the work of a validator for operators, and logs a line for each final run. */
export function observeValidator(validator: Validator, metrics: Metrics, clock: Clock, log: Log): void {
  observeFinality(validator, metrics, clock, log);
  const { status } = validator;
  metrics.gauge('custos_validator_height', () => status().final.height);
  metrics.gauge('custos_validator_view', () => status().view);
  metrics.gauge('custos_validator_views_behind', () => Math.max(0, status().finalizedView - status().final.view));
  metrics.gauge('custos_validator_speaking', () => Number(status().speaking));
  metrics.gauge('custos_validator_halted', () => Number(status().halted !== undefined));
  metrics.gauge('custos_validator_lanes_open', () => Number(status().lanesOpen));
  metrics.gauge('custos_validator_final_lane_lag_blocks', () => {
    const { final, finalLane } = status();
    return finalLane === undefined ? final.height : Math.max(0, final.height + 1 - finalLane);
  });
  metrics.gauge('custos_pool_transactions', () => status().pool.transactions);
  metrics.gauge('custos_pool_bytes', () => status().pool.bytes);
  metrics.counterOf('custos_pool_admitted_total', () => status().intake.admitted);
  metrics.counterOf('custos_pool_dropped_total', () => {
    const { dropped, full } = status().intake;
    return { invalid: dropped, full };
  });
  metrics.counterOf('custos_validator_messages_dropped_total', () => status().dropped);
}

function observeFinality(validator: Validator, metrics: Metrics, clock: Clock, log: Log): void {
  const finality = metrics.histogram('custos_validator_finality_seconds');
  const blocks = metrics.counter('custos_validator_blocks_total');
  const skipped = metrics.counter('custos_validator_views_skipped_total');
  validator.onFinal((final) => {
    blocks.inc(final.length);
    const skippedHere = final.reduce((sum, block) => sum + skippedBefore(block), 0);
    skipped.inc(skippedHere);
    for (const { timestamp } of final) finality.observe(Math.max(0, clock.now() - timestamp) / 1_000);
    const { height, view } = final.at(-1)!;
    log.info('final', { height, view, blocks: final.length, ...(skippedHere > 0 && { skippedViews: skippedHere }) });
  });
}

/** Views between a block and the one below it. */
function skippedBefore({ view, parentView }: BlockRef): number {
  return Math.max(0, view - parentView - 1);
}
