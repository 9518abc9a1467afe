import { readFileSync } from 'node:fs';
import { genesisOf } from '@custos/core-chain';
import type { Json } from '@custos/core-bytes';
import { askerOf, may, type Asker, type Capability } from '@custos/core-custody';
import { mapView, registry, type Party } from '@custos/core-registry';
import { callerBook, callers, type Caller } from '@custos/formats-api';
import { EPCIS_MIGRATIONS, eventsProjection, registryProjection, unitsProjection } from '@custos/node-epcis-repository';
import {
  createFollower,
  FollowerTables1764070000000,
  httpPull,
  pinNetwork,
  type Follower,
  type PinnedNetwork,
} from '@custos/node-follower';
import { kafkaLanes, laneName, type Lanes } from '@custos/shell-lanes';
import { fileSigner, nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { migrate, openPostgres, type Postgres } from '@custos/shell-postgres';
import { ConfigError, openMetrics, type Log, type Metrics } from '@custos/shell-process';
import type { PartnerConfig } from './config.js';
import { createDesk, type Desk } from './desk.js';
import { signDraft, type Draft } from './drafts.js';
import { PartnerTables1764070400000 } from './own-migrations.js';
import { createRelay } from './relay.js';
import { settledBy, settlementProjection } from './settlement.js';
import { createSubmissions, type Submissions } from './submission.js';
import { createWaiting } from './waiting.js';

const RETENTION_7_DAYS_MS = 7 * 86_400_000;

/** Everything a partner service is made of, opened in order. */
export interface PartnerWorld {
  readonly config: PartnerConfig;
  readonly party: Party;
  readonly asker: Asker;
  readonly postgres: Postgres;
  readonly follower: Follower;
  readonly submissions: Submissions;
  readonly desk: Desk;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly network: PinnedNetwork;
  callerOf(authorization: string | undefined): Caller | undefined;
  may(capability: Capability): boolean;
  close(): Promise<void>;
}

export async function openPartner(config: PartnerConfig, log: Log): Promise<PartnerWorld> {
  const network = openNetwork(config.genesisFile);
  const { trust } = network;
  const party = partyOf(network, config.party);
  const signer = await fileSigner(config.keyFile);
  const postgres = openPostgres({ url: config.postgres, applicationName: `custos-${config.party}` });
  await migrate({
    url: config.postgres,
    migrations: [FollowerTables1764070000000, ...EPCIS_MIGRATIONS, PartnerTables1764070400000],
  });
  const lanes = kafkaLanes({ brokers: config.kafka.split(','), clientId: `partner-${config.party}` });
  const txLane = laneName(network.name, 'tx', config.party);
  const now = () => Date.now();
  const sign = (draft: Draft) =>
    signDraft(draft, { hasher: trust.hasher, networkId: trust.networkId, signer, now: now() });
  const waiting = createWaiting();
  const settled = (block: Parameters<typeof settledBy>[3]) =>
    settledBy(trust.hasher, trust.validators.size, signer.keyId, block);
  const follower = createFollower({
    trust,
    genesis: network.genesis,
    genesisHeader: network.header,
    postgres,
    lanes,
    lane: laneName(network.name, 'final', config.validatorName),
    pull: httpPull(config.validator, trust.networkId, signer, now),
    projections: [registryProjection, eventsProjection, unitsProjection, settlementProjection(settled)],
    log,
  });
  const relay = createRelay({
    postgres,
    lanes,
    lane: txLane,
    sign,
    now,
    finalTime: () => follower.head().timestamp,
    warn: log.warn,
  });
  follower.onBlock((block) => {
    const mine = settled(block);
    relay.settled(mine.map(({ txId }) => txId));
    for (const each of mine) waiting.settled(each);
  });
  const submissions = createSubmissions({ postgres, relay, waiting, sign, now });
  await lanes.ensure([{ lane: txLane, retentionMs: RETENTION_7_DAYS_MS }]);
  await follower.start();
  await relay.start();
  await submissions.forget();
  return {
    config,
    party,
    asker: askerOf(party),
    postgres,
    follower,
    submissions,
    network,
    log,
    metrics: partnerMetrics(follower),
    desk: createDesk({ party: config.party, hasher: trust.hasher, postgres, submissions, waitMs: config.waitMs, now }),
    callerOf: callerBook(trust.hasher, readCallers(config.tokensFile)),
    may: (capability) => may(party, capability),
    // Waiting requests are let go first; then nothing is published or projected any more; the database last.
    close: () => closeAll([waiting.close, relay.stop, follower.stop, () => lanes.close(), () => postgres.close()]),
  };
}

async function closeAll(steps: readonly (() => unknown)[]): Promise<void> {
  for (const step of steps) await step();
}

function openNetwork(file: string): PinnedNetwork {
  const genesis = genesisOf(JSON.parse(readFileSync(file, 'utf8')) as Json);
  const pinned = genesis.ok ? pinNetwork(genesis.value, nodeHasher, nodeVerify) : genesis;
  if (pinned.ok) return pinned.value;
  throw new ConfigError(`CUSTOS_GENESIS: ${pinned.malformed.field}: ${pinned.malformed.fix}`);
}

function partyOf({ genesis }: PinnedNetwork, gln: string): Party {
  const party = registry(mapView(genesis.entries)).party(gln);
  if (!party) throw new ConfigError(`CUSTOS_PARTY: ${gln} is no party of genesis`);
  return party;
}

function readCallers(file: string): readonly Caller[] {
  const parsed = callers.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new ConfigError(`CUSTOS_TOKENS: ${parsed.error.issues[0]!.message}`);
}

function partnerMetrics(follower: Follower): Metrics {
  const metrics = openMetrics('partner');
  metrics.gauge('custos_follower_height', 'Last final block that is projected here', () => follower.head().height);
  return metrics;
}
