import { addressSettings, readConfig, secret, text, type ServeAddress } from '@custos/shell-process';

/** Where a trace service stands, whose it is, and which validator it follows. */
export interface TraceConfig extends ServeAddress {
  readonly genesisFile: string;
  /** GLN of the organisation that runs it. */
  readonly party: string;
  /** Signs what is asked of the validator; no transactions. */
  readonly keyFile: string;
  /** `host:port`, comma separated. */
  readonly kafka: string;
  readonly postgres: string;
  readonly validator: string;
  /** GLN of the validator whose final lane is followed. */
  readonly validatorName: string;
  readonly tokensFile: string;
}

export function traceConfig(environment: Readonly<Record<string, string | undefined>>): TraceConfig {
  return readConfig<TraceConfig>(
    {
      genesisFile: text('CUSTOS_GENESIS', 'the genesis document of the network'),
      party: text('CUSTOS_PARTY', 'GLN of the organisation that runs it'),
      keyFile: text('CUSTOS_KEY_FILE', 'key file that signs its questions to the validator'),
      kafka: text('CUSTOS_KAFKA', 'brokers, host:port'),
      postgres: secret('CUSTOS_POSTGRES', 'postgres:// address of its own database'),
      validator: text('CUSTOS_VALIDATOR', 'http:// address of its validator'),
      validatorName: text('CUSTOS_VALIDATOR_NAME', 'GLN of that validator'),
      tokensFile: text('CUSTOS_TOKENS', 'file of the callers and the hashes of their tokens'),
      ...addressSettings(),
    },
    environment,
  );
}
