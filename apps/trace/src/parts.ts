import { readFileSync } from 'node:fs';
import { parseGenesis } from '@custos/core-chain';
import { callerBook, callers, parseInput, type Caller } from '@custos/formats-api';
import { EPCIS_MIGRATIONS, type AskLeaves } from '@custos/node-epcis-repository';
import { FOLLOWER_MIGRATIONS, pinNetwork, type PinnedNetwork } from '@custos/node-follower';
import { kafkaLanes, type Lanes } from '@custos/shell-lanes';
import { ANSWER_TIMEOUT_MS, memberClient } from '@custos/shell-member-client';
import { fileSigner, nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { migrate, openPostgres, type MigrateOptions, type Postgres } from '@custos/shell-postgres';
import { ConfigError, type Log } from '@custos/shell-process';
import { BlockTables1764070500000 } from './blocks/block-tables.js';
import type { TraceConfig } from './config.js';

/** What a trace service rests on; tests bring twins of some. */
export interface TraceParts {
  readonly network: PinnedNetwork;
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  readonly pull: (fromHeight: number) => Promise<readonly Uint8Array[]>;
  readonly askLeaves: AskLeaves;
  readonly callerOf: (authorization: string | undefined) => Caller | undefined;
  /** Reads the callers again. @throws ConfigError when the file is wrong; the callers of before stay. */
  reloadCallers?(): void;
  readonly log: Log;
}

export const TRACE_MIGRATIONS: MigrateOptions['migrations'] = {
  readmodel: [...FOLLOWER_MIGRATIONS, ...EPCIS_MIGRATIONS, BlockTables1764070500000],
};

export async function openParts(config: TraceConfig, log: Log): Promise<TraceParts> {
  const network = openNetwork(config.genesisFile);
  const readBook = () => callerBook(nodeHasher, readCallers(config.tokensFile));
  let book = readBook();
  const signer = await fileSigner(config.keyFile);
  const member = { networkId: network.trust.networkId, signer, now: () => Date.now() };
  const validator = memberClient(config.validator, member, ANSWER_TIMEOUT_MS);
  await migrate({ url: config.postgres, migrations: TRACE_MIGRATIONS });
  return {
    network,
    postgres: openPostgres({ url: config.postgres, applicationName: 'custos-trace' }),
    lanes: kafkaLanes({
      brokers: config.kafka.split(','),
      clientId: `trace-${config.party}`,
      log: (line) => log.warn('lanes', { line }),
    }),
    pull: validator.runs,
    askLeaves: validator.leaves,
    callerOf: (authorization) => book(authorization),
    reloadCallers() {
      book = readBook();
    },
    log,
  };
}

function openNetwork(file: string): PinnedNetwork {
  const genesis = parseGenesis(readFileSync(file));
  const pinned = genesis.ok ? pinNetwork(genesis.value, nodeHasher, nodeVerify) : genesis;
  if (pinned.ok) return pinned.value;
  throw new ConfigError(`CUSTOS_GENESIS: ${pinned.malformed.field}: ${pinned.malformed.fix}`);
}

function readCallers(file: string): readonly Caller[] {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`CUSTOS_TOKENS: ${file} cannot be read (${(error as Error).message})`);
  }
  const known = parseInput(callers, document);
  if (known.ok) return known.value;
  throw new ConfigError(`CUSTOS_TOKENS: ${known.malformed.field}: ${known.malformed.fix}`);
}
