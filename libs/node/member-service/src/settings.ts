import { addressSettings, lanesSetting, secret, text, type ServeAddress, type Settings } from '@custos/shell-process';

/** The settings of a service of a member: its address, the party that it works for, the validator that it follows. */
export interface MemberSettings extends ServeAddress {
  readonly genesisFile: string;
  /** GLN of the organisation. */
  readonly party: string;
  /** Signs what is asked of the validator, and the transactions of a partner. */
  readonly keyFile: string;
  /** The address of its lanes: brokers as `host:port`, comma separated, or `file:/folder`. */
  readonly lanes: string;
  readonly postgres: string;
  /** Address of the organisation's own validator. */
  readonly validator: string;
  /** GLN of the validator whose final lane is followed. */
  readonly validatorName: string;
  readonly tokensFile: string;
}

/** Settings that every service of a member reads; `about` are the words for two of them. */
export function memberSettings(
  about: { readonly party: string; readonly key: string },
  environment: Readonly<Record<string, string | undefined>>,
): Settings<MemberSettings> {
  return {
    genesisFile: text('CUSTOS_GENESIS', 'the genesis document of the network'),
    party: text('CUSTOS_PARTY', about.party),
    keyFile: text('CUSTOS_KEY_FILE', about.key),
    lanes: lanesSetting(environment),
    postgres: secret('CUSTOS_POSTGRES', 'postgres:// address of its own database'),
    validator: text('CUSTOS_VALIDATOR', 'http:// address of its validator'),
    validatorName: text('CUSTOS_VALIDATOR_NAME', 'GLN of that validator'),
    tokensFile: text('CUSTOS_TOKENS', 'file of the callers and the hashes of their tokens'),
    ...addressSettings(environment),
  };
}
