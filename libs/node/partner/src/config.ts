import {
  addressSettings,
  count,
  milliseconds,
  readConfig,
  secret,
  text,
  type ServeAddress,
} from '@custos/shell-process';
import { MAX_PENDING } from './promises/relay-queue.js';

/** Where one partner service stands, and on whose behalf. */
export interface PartnerConfig extends ServeAddress {
  readonly genesisFile: string;
  /** GLN of the organisation. */
  readonly party: string;
  readonly keyFile: string;
  /** `host:port`, comma separated. */
  readonly kafka: string;
  readonly postgres: string;
  /** Address of the organisation's own validator. */
  readonly validator: string;
  /** GLN of the validator whose final lane is followed. */
  readonly validatorName: string;
  readonly tokensFile: string;
  /** How long a request waits for its transaction to become final before it is answered 202. */
  readonly waitMs: number;
  /** Transactions that may wait for their block before new requests are answered 503. */
  readonly outboxLimit: number;
}

export function partnerConfig(environment: Readonly<Record<string, string | undefined>>): PartnerConfig {
  return readConfig<PartnerConfig>(
    {
      genesisFile: text('CUSTOS_GENESIS', 'the genesis document of the network'),
      party: text('CUSTOS_PARTY', 'GLN of this organisation'),
      keyFile: text('CUSTOS_KEY_FILE', 'key file that signs its transactions'),
      kafka: text('CUSTOS_KAFKA', 'brokers, host:port'),
      postgres: secret('CUSTOS_POSTGRES', 'postgres:// address of its own database'),
      validator: text('CUSTOS_VALIDATOR', 'http:// address of its validator'),
      validatorName: text('CUSTOS_VALIDATOR_NAME', 'GLN of that validator'),
      tokensFile: text('CUSTOS_TOKENS', 'file of the callers and the hashes of their tokens'),
      ...addressSettings(),
      waitMs: milliseconds('CUSTOS_WAIT_MS', 'longest wait of a request', 8_000),
      outboxLimit: count(
        'CUSTOS_OUTBOX_LIMIT',
        'transactions that may wait for their block',
        1,
        MAX_PENDING,
        MAX_PENDING,
      ),
    },
    environment,
  );
}
