import type { Metrics } from '@custos/shell-process';
import type { Validator } from './create-validator.js';
import type { Clock } from './ports.js';

/** Seconds from a block's timestamp to its finality here. */
const FINALITY_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** What an operator watches. */
export function observeValidator(validator: Validator, metrics: Metrics, clock: Clock): void {
  const finality = metrics.histogram('custos_finality_seconds', 'From timestamp to finality', FINALITY_BUCKETS);
  const blocks = metrics.counter('custos_blocks_total', 'Blocks that became final here');
  validator.onFinal((final) => {
    blocks.inc(final.length);
    for (const { timestamp } of final) finality.observe(Math.max(0, clock.now() - timestamp) / 1_000);
  });
  const gauge = (name: string, help: string, read: (status: ReturnType<Validator['status']>) => number): void =>
    void metrics.gauge(`custos_${name}`, help, () => read(validator.status()));
  gauge('height', 'Height of the last final block', ({ final }) => final.height);
  gauge('view', 'Current view', ({ view }) => view);
  gauge('views_behind', 'Views final elsewhere and not here', ({ finalizedView, final }) => finalizedView - final.view);
  gauge('speaking', '1 while this validator votes', ({ speaking }) => Number(speaking));
  gauge('halted', '1 when consensus stopped for people to look', ({ halted }) => Number(halted !== undefined));
  gauge('pool_transactions', 'Verified transactions that wait', ({ pool }) => pool.transactions);
  gauge('pool_bytes', 'Their bytes', ({ pool }) => pool.bytes);
  gauge('messages_dropped', 'Lane messages that were worth nothing', ({ dropped }) => dropped);
  gauge('transactions_dropped', 'Transactions that were not admitted', ({ intake }) => intake.dropped + intake.full);
}
