import { memberSettings, type MemberSettings } from '@custos/node-member-service';
import { count, milliseconds, readConfig } from '@custos/shell-process';
import { MAX_PENDING } from './promises/relay-queue.js';

/** Where one partner service stands, and on whose behalf. */
export interface PartnerConfig extends MemberSettings {
  /** How long a request waits for its transaction to become final before it is answered 202. */
  readonly waitMs: number;
  /** Transactions that may wait for their block before new requests are answered 503. */
  readonly outboxLimit: number;
}

/** Reads the environment. @throws ConfigError naming every variable that is wrong. */
export function partnerConfig(environment: Readonly<Record<string, string | undefined>>): PartnerConfig {
  const about = { party: 'GLN of this organisation', key: 'key file that signs its transactions' };
  const limitAbout = 'transactions that may wait for their block';
  return readConfig<PartnerConfig>(
    {
      ...memberSettings(about, environment),
      waitMs: milliseconds('CUSTOS_WAIT_MS', 'longest wait of a request', 8_000),
      outboxLimit: count('CUSTOS_OUTBOX_LIMIT', limitAbout, 1, MAX_PENDING, MAX_PENDING),
    },
    environment,
  );
}
