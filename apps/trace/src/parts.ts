import type { Caller } from '@custos/formats-api';
import type { PinnedNetwork } from '@custos/node-follower';
import {
  callerRegister,
  openMemberPorts,
  readCallers,
  readNetwork,
  type MemberPorts,
} from '@custos/node-member-service';
import { fileSigner, nodeHasher } from '@custos/shell-node-crypto';
import type { MigrateOptions } from '@custos/shell-postgres';
import type { Log, Running } from '@custos/shell-process';
import type { TraceConfig } from './config.js';
import { TOPICS } from './topics.js';

/** What a trace service rests on; tests bring twins of some. */
export interface TraceParts extends Omit<MemberPorts, 'clock'> {
  readonly network: PinnedNetwork;
  readonly callerOf: (authorization: string | undefined) => Caller | undefined;
}

export const TRACE_MIGRATIONS: MigrateOptions['migrations'] = { readmodel: TOPICS.migrations };

/** Opens the real parts by the configuration. @throws ConfigError naming the setting that is wrong. */
export async function openParts(
  config: TraceConfig,
  log: Log,
): Promise<TraceParts & Pick<Required<Running>, 'reload'>> {
  const network = readNetwork(config);
  const callers = callerRegister(nodeHasher, readCallers(config));
  const ports = await openMemberPorts({
    ...{ settings: config, network, signer: await fileSigner(config.keyFile), migrations: TRACE_MIGRATIONS, log },
    ...{ applicationName: 'custos-trace', clientId: `trace-${config.party}` },
  });
  return {
    ...ports,
    network,
    callerOf: callers.callerOf,
    reload: () => callers.replace(readCallers(config)),
  };
}
