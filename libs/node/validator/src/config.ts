import {
  addressSettings,
  DEFAULT_RATES,
  lanesSetting,
  readConfig,
  text,
  type ServeAddress,
} from '@custos/shell-process';

/** The address, files and lanes of one validator. */
export interface ValidatorSettings extends ServeAddress {
  readonly genesisFile: string;
  readonly keyFile: string;
  /** Blocks, journal and lock of this validator alone. */
  readonly directory: string;
  /** The address of its lanes: brokers as `host:port`, comma separated, or `file:/folder`. */
  readonly lanes: string;
}

// Members show a signature, no token. 200 checks a second are 2 % of a core; the limit by key stands behind it.
const RATES = { ...DEFAULT_RATES, rateAddress: 12_000 };

/** The settings of a validator, from the environment. */
export function validatorSettings(environment: Readonly<Record<string, string | undefined>>): ValidatorSettings {
  return readConfig<ValidatorSettings>(
    {
      genesisFile: text('CUSTOS_GENESIS', 'the genesis document of the network'),
      keyFile: text('CUSTOS_KEY_FILE', 'key file that signs its votes'),
      directory: text('CUSTOS_DIRECTORY', 'folder of its chain and its journal'),
      lanes: lanesSetting(environment),
      ...addressSettings(environment, RATES),
    },
    environment,
  );
}
