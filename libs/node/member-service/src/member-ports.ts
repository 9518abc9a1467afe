import type { Signer } from '@custos/core-crypto';
import type { AskLeaves } from '@custos/node-epcis-repository';
import type { FollowerOptions, PinnedNetwork } from '@custos/node-follower';
import { openLanes, type Lanes } from '@custos/shell-lanes';
import { ANSWER_TIMEOUT_MS, memberClient } from '@custos/shell-member-client';
import { migrate, openPostgres, type MigrateOptions, type Postgres } from '@custos/shell-postgres';
import { systemClock, type Clock, type Log } from '@custos/shell-process';
import type { MemberSettings } from './settings.js';

/** Milliseconds of one pull: no user waits for it, and a catch-up moves megabytes. */
const PULL_TIMEOUT_MS = 10_000;

/** The parts that a service of a member rests on. Whoever opened them closes them. */
export interface MemberPorts {
  /** With its tables. */
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  /** Asks the organisation's validator for final blocks. */
  readonly pull: FollowerOptions['pull'];
  /** Asks it for leaves with their proofs. */
  readonly askLeaves: AskLeaves;
  readonly clock: Clock;
  readonly log: Log;
}

/** The settings of {@link openMemberPorts}. */
export interface MemberPortOptions {
  readonly settings: Pick<MemberSettings, 'lanes' | 'postgres' | 'validator'>;
  readonly network: PinnedNetwork;
  readonly signer: Signer;
  readonly migrations: MigrateOptions['migrations'];
  /** Name of its connections to Postgres. */
  readonly applicationName: string;
  /** Name of its connections to Kafka. */
  readonly clientId: string;
  readonly log: Log;
}

/** Opens the real parts; brings the tables to their newest form first. */
export async function openMemberPorts(options: MemberPortOptions): Promise<MemberPorts> {
  const { settings, network, signer, migrations, applicationName, clientId, log } = options;
  const { networkId } = network.trust;
  const { now } = systemClock;
  const clientWith = (timeoutMs: number) => memberClient(settings.validator, { networkId, signer, now }, timeoutMs);
  await migrate({ url: settings.postgres, migrations });
  const trouble = (line: string): void => log.warn('lanes', { line });
  return {
    postgres: openPostgres({ url: settings.postgres, applicationName }),
    lanes: openLanes(settings.lanes, { clientId, log: trouble }),
    pull: clientWith(PULL_TIMEOUT_MS).runs,
    askLeaves: clientWith(ANSWER_TIMEOUT_MS).leaves,
    clock: systemClock,
    log,
  };
}
