import { port, readConfig, text } from '@custos/shell-process';

/** Where one validator stands. */
export interface ValidatorSettings {
  readonly genesisFile: string;
  readonly keyFile: string;
  /** Blocks, journal and lock of this validator alone. */
  readonly directory: string;
  /** `host:port`, comma separated. */
  readonly kafka: string;
  readonly host: string;
  readonly port: number;
}

export function validatorSettings(environment: Readonly<Record<string, string | undefined>>): ValidatorSettings {
  return readConfig<ValidatorSettings>(
    {
      genesisFile: text('CUSTOS_GENESIS', 'the genesis document of the network'),
      keyFile: text('CUSTOS_KEY_FILE', 'key file that signs its votes'),
      directory: text('CUSTOS_DIRECTORY', 'folder of its chain and its journal'),
      kafka: text('CUSTOS_KAFKA', 'brokers, host:port'),
      host: text('CUSTOS_HTTP_HOST', 'address to listen on', '127.0.0.1'),
      port: port('CUSTOS_HTTP_PORT', 'port to listen on'),
    },
    environment,
  );
}
