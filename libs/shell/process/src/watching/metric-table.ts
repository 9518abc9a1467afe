// A table: every metric there is, its meaning, labels and who has it. docs/guides/metrics.md is printed from it, the
// dashboard and the alerts are held to it, and a service that counts something else does not compile.

/** Kinds of process, as the label `service` groups them: partners are called after their app. */
export type ProcessKind = 'validator' | 'partner' | 'trace';

/** One metric: type, labels and meaning. */
export interface MetricSpec {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly on: readonly ProcessKind[];
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram, in the unit of the name. */
  readonly buckets?: readonly number[];
}

const ALL = ['validator', 'partner', 'trace'] as const;
const FOLLOWERS = ['partner', 'trace'] as const;
const VALIDATOR = ['validator'] as const;
const PARTNER = ['partner'] as const;

/** Seconds of an answer: from a look into memory to the longest wait for finality. */
const ANSWER_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Seconds to finality, from a quick network at rest to one that has lost its broker for a while. */
const FINALITY_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 120];

const counter = (on: readonly ProcessKind[], help: string, labels: readonly string[] = []) =>
  ({ type: 'counter', help, on, labels }) as const;
const gauge = (on: readonly ProcessKind[], help: string, labels: readonly string[] = []) =>
  ({ type: 'gauge', help, on, labels }) as const;
const histogram = (
  on: readonly ProcessKind[],
  help: string,
  buckets: readonly number[],
  labels: readonly string[] = [],
) => ({ type: 'histogram', help, on, labels, buckets }) as const;

/** Every metric of every process. */
export const METRIC_TABLE = {
  custos_ready: gauge(ALL, '1 when /health/ready answers 200'),
  custos_http_request_seconds: histogram(ALL, 'From request to answer', ANSWER_BUCKETS, ['route', 'method', 'status']),
  custos_http_open_requests: gauge(ALL, 'Requests that wait for their answer'),
  custos_lanes_published_messages_total: counter(ALL, 'Messages that the broker has made durable', ['kind']),
  custos_lanes_published_bytes_total: counter(ALL, 'Their bytes', ['kind']),
  custos_lanes_read_messages_total: counter(ALL, 'Messages that were read and handled', ['kind']),
  custos_lanes_read_bytes_total: counter(ALL, 'Their bytes', ['kind']),
  custos_lanes_unacknowledged_messages: gauge(ALL, 'Messages handed over that the broker has not acknowledged'),

  custos_postgres_connections: gauge(FOLLOWERS, 'Connections of the pool, by state: idle or busy', ['state']),
  custos_postgres_waiting_requests: gauge(FOLLOWERS, 'Statements that wait for a connection'),
  custos_follower_height: gauge(FOLLOWERS, 'Last final block that is projected here'),
  custos_follower_lag_blocks: gauge(FOLLOWERS, 'Final blocks that were heard of and are not projected here'),
  custos_follower_current: gauge(FOLLOWERS, '1 when all that the validator is known to have is projected'),
  custos_follower_block_timestamp_seconds: gauge(FOLLOWERS, 'Timestamp of the last block projected, Unix time'),
  custos_follower_blocks_total: counter(FOLLOWERS, 'Blocks projected since the start'),
  custos_follower_pull_failures_total: counter(FOLLOWERS, 'Questions to the validator that got no answer'),

  custos_outbox_transactions: gauge(PARTNER, 'Transactions promised that are in no final block yet'),
  custos_outbox_bytes: gauge(PARTNER, 'Their bytes'),
  custos_outbox_oldest_age_seconds: gauge(PARTNER, 'Age of the oldest of them; 0 when there is none'),
  custos_promises_total: counter(PARTNER, 'Jobs taken into the outbox', ['kind']),
  custos_settled_total: counter(PARTNER, 'Transactions that a final block holds, by outcome', ['outcome']),
  custos_settlement_seconds: histogram(PARTNER, 'From promise to the final block projected here', FINALITY_BUCKETS),
  custos_relay_published_total: counter(PARTNER, 'Transactions handed to the lane, repetitions included'),
  custos_relay_failures_total: counter(PARTNER, 'Transactions that the lane did not take'),
  custos_relay_renewed_total: counter(PARTNER, 'Transactions signed anew after they had expired'),

  custos_validator_height: gauge(VALIDATOR, 'Height of the last final block'),
  custos_validator_view: gauge(VALIDATOR, 'Current view'),
  custos_validator_views_behind: gauge(VALIDATOR, 'Views final elsewhere and not here'),
  custos_validator_views_skipped_total: counter(VALIDATOR, 'Views that passed without a final block'),
  custos_validator_finality_seconds: histogram(VALIDATOR, 'From timestamp of a block to finality', FINALITY_BUCKETS),
  custos_validator_blocks_total: counter(VALIDATOR, 'Blocks that became final here'),
  custos_validator_speaking: gauge(VALIDATOR, '1 while this validator votes'),
  custos_validator_halted: gauge(VALIDATOR, '1 when consensus stopped for people to look'),
  custos_validator_lanes_open: gauge(VALIDATOR, '1 when its lanes are read'),
  custos_validator_final_lane_lag_blocks: gauge(VALIDATOR, 'Final blocks that are not on its final lane yet'),
  custos_validator_messages_dropped_total: counter(VALIDATOR, 'Lane messages that were worth nothing'),
  custos_pool_transactions: gauge(VALIDATOR, 'Verified transactions that wait for a block'),
  custos_pool_bytes: gauge(VALIDATOR, 'Their bytes'),
  custos_pool_admitted_total: counter(VALIDATOR, 'Transactions admitted to the pool'),
  custos_pool_dropped_total: counter(VALIDATOR, 'Transactions not admitted: invalid, or full', ['reason']),
} as const satisfies Readonly<Record<string, MetricSpec>>;

/** The name of a metric. */
export type MetricName = keyof typeof METRIC_TABLE;
type Of<T extends MetricSpec['type']> = {
  [K in MetricName]: (typeof METRIC_TABLE)[K]['type'] extends T ? K : never;
}[MetricName];
/** The name of a counter. */
export type CounterName = Of<'counter'>;
/** The name of a gauge. */
export type GaugeName = Of<'gauge'>;
/** The name of a histogram. */
export type HistogramName = Of<'histogram'>;
