import { observeFollower, type Follower } from '@custos/node-follower';
import type { Postgres } from '@custos/shell-postgres';
import { observePostgres, type Log, type Metrics } from '@custos/shell-process';
import type { JobKind, Settled } from './promises/outbox.js';
import type { Relay } from './promises/relay.js';
import type { Submitted } from './promises/submission.js';

/** What a partner service rests on, as far as it is watched. */
export interface Watched {
  readonly postgres: Postgres;
  readonly follower: Follower;
  readonly relay: Relay;
  readonly now: () => number;
}

/** Hears of promises and of what became of them: counted, and one line each. */
export interface PartnerWatch {
  promised(log: Log): (kind: JobKind, submitted: Submitted) => void;
  /** Call it before the relay forgets them. */
  settled(settled: readonly Settled[], view: number, log: Log): void;
}

export function observePartner({ postgres, follower, relay, now }: Watched, metrics: Metrics): PartnerWatch {
  observePostgres(postgres, metrics);
  observeFollower(follower, metrics);
  const { status: standing } = relay;
  const age = (): number => Math.max(0, now() - (standing().oldest ?? now())) / 1_000;
  metrics.gauge('custos_outbox_transactions', relay.size);
  metrics.gauge('custos_outbox_bytes', () => standing().bytes);
  metrics.gauge('custos_outbox_oldest_age_seconds', age);
  metrics.counterOf('custos_relay_published_total', () => standing().published);
  metrics.counterOf('custos_relay_failures_total', () => standing().failures);
  metrics.counterOf('custos_relay_renewed_total', () => standing().renewed);
  const promises = metrics.counter('custos_promises_total');
  const outcomes = metrics.counter('custos_settled_total');
  const seconds = metrics.histogram('custos_settlement_seconds');
  return {
    promised:
      (log) =>
      (kind, { job, parts }) => {
        promises.inc({ kind });
        log.info('promised', { job, kind, transactions: parts.length, txId: parts[0]?.txId });
      },
    settled(settled, view, log) {
      for (const { txId, height, receipts } of settled) {
        const promisedAt = relay.promisedAt(txId);
        if (promisedAt !== undefined) seconds.observe(Math.max(0, now() - promisedAt) / 1_000);
        const refused = receipts.find(({ outcome }) => outcome !== 'accepted');
        const outcome = refused ? 'refused' : 'accepted';
        outcomes.inc({ outcome });
        log.info('settled', { txId, height, view, outcome });
      }
    },
  };
}
