import { memberSettings, type MemberSettings } from '@custos/node-member-service';
import { readConfig } from '@custos/shell-process';

/** Where a trace service stands, whose it is, and which validator it follows. */
export type TraceConfig = MemberSettings;

/** Reads the environment. @throws ConfigError naming every variable that is wrong. */
export function traceConfig(environment: Readonly<Record<string, string | undefined>>): TraceConfig {
  const party = 'GLN of the organisation that runs it';
  const key = 'key file that signs its questions to the validator';
  return readConfig<TraceConfig>(memberSettings({ party, key }, environment), environment);
}
