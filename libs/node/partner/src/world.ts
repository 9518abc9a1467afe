import { askerOf, type Asker } from '@custos/core-access';
import type { Party } from '@custos/core-registry';
import { callerBook, type Caller } from '@custos/formats-api';
import type { AskLeaves } from '@custos/node-epcis-repository';
import { createFollower, OwnProgress1764300100000, type Follower, type PinnedNetwork } from '@custos/node-follower';
import { finalLane, REPOSITORY, type FinalLane, type Identity, type MemberPorts } from '@custos/node-member-service';
import { countedLanes, laneName, type Lanes } from '@custos/shell-lanes';
import type { MigrateOptions, Postgres } from '@custos/shell-postgres';
import { observeLanes, openMetrics, repeat, type Log, type Metrics } from '@custos/shell-process';
import { createDesk, type Desk, type DeskOptions } from './desk.js';
import { createPen } from './capture/drafts.js';
import type { JobSource } from './promises/jobs.js';
import { forgetOld } from './promises/forgetting.js';

import {
  JobAge1764300400000,
  PartnerTables1764070400000,
  PartnerVault1764300300000,
  SettlementProgress1764300200000,
} from './promises/own-migrations.js';
import { observePartner } from './metrics.js';
import { createRelay } from './promises/relay.js';
import { MAX_PENDING } from './promises/relay-queue.js';
import { settlementOf, settlementProjection } from './promises/settlement.js';
import { createSubmissions } from './promises/submission.js';
import { createWaiting } from './promises/waiting.js';

const HOUR_MS = 3_600_000;
const RETENTION_7_DAYS_MS = 7 * 24 * HOUR_MS;

/** Tables of a partner's database, oldest first. */
export const PARTNER_MIGRATIONS: MigrateOptions['migrations'] = {
  readmodel: REPOSITORY.migrations,
  own: [
    PartnerTables1764070400000,
    OwnProgress1764300100000,
    SettlementProgress1764300200000,
    PartnerVault1764300300000,
    JobAge1764300400000,
  ],
};

export interface PartnerSettings {
  /** GLN of the validator whose final lane is followed. */
  readonly validatorName: string;
  /** Longest wait of a request for finality, milliseconds. */
  readonly waitMs: number;
  /** Transactions that may wait for their block; {@link MAX_PENDING} unless said. */
  readonly outboxLimit?: number;
}

/** A partner service that runs; what HTTP needs of it. */
export interface PartnerWorld {
  /** Finds the caller behind an `Authorization` header. */
  callerOf(authorization: string | undefined): Caller | undefined;
  readonly party: Party;
  readonly asker: Asker;
  readonly network: PinnedNetwork;
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  readonly log: Log;
  readonly follower: Follower;
  readonly askLeaves: AskLeaves;
  /** Creates the desk over the rows that repositories read. */
  openDesk(jobs: JobSource, sealedEvents: DeskOptions['sealedEvents']): Desk;
  readonly metrics: Metrics;
  /** Delivers the final lane to the module of the service, once {@link follow} is called. */
  readonly finalLane: FinalLane['strategy'];
  /** Follows in the background: the broker may be away for long. */
  follow(startMicroservices: () => Promise<void>): void;
  /** True once all that the validator had at the start is projected here, or it was away then. */
  isFollowing(): boolean;
  /** Answers these callers from the next request on; requests under way are not looked at again. */
  replaceCallers(callers: readonly Caller[]): void;
  /** Lets waiting requests be answered with what is known: no one waits for finality from now on. */
  drain(): void;
  /** Publishes and projects nothing more. What was promised is in the outbox, and goes on at the next start. */
  close(): Promise<void>;
}

/**
 * Opens in the order of trust: what was promised is loaded before a block can settle it. Resolves before the broker or
 * the validator answer: promises can be given without them.
 */
export async function openPartner(
  { network, party, signer, callers }: Identity,
  { validatorName, waitMs, outboxLimit = MAX_PENDING }: PartnerSettings,
  ports: MemberPorts,
): Promise<PartnerWorld> {
  const { postgres, clock, log } = ports;
  const metrics = openMetrics('partner');
  const lanes = countedLanes(ports.lanes, observeLanes(metrics));
  const { hasher, networkId, validators } = network.trust;
  const { now } = clock;
  let book = callerBook(hasher, callers);
  const pen = createPen({ hasher, networkId, signer, verify: network.trust.verify, now });
  const settlement = settlementOf(hasher, validators.size, signer.keyId);
  const waiting = createWaiting();
  const finalName = laneName(network.name, 'final', validatorName);
  const follower = createFollower({
    trust: network.trust,
    genesis: network.genesis,
    genesisHeader: network.header,
    postgres,
    lane: finalName,
    pull: ports.pull,
    projections: [...REPOSITORY.projections, settlementProjection(settlement)],
    log,
  });
  const lane = laneName(network.name, 'tx', party.gln);
  const finalTime = () => follower.head().timestamp;
  const relay = createRelay({ postgres, lanes, lane, pen, finalTime, clock, outboxLimit, log });
  const watch = observePartner({ postgres, follower, relay, now }, metrics);
  follower.onBlock((block) => {
    const settled = settlement(block);
    // What is settled leaves the relay, so it is looked at before.
    watch.settled(settled, block.block.header.view, log);
    relay.settled(settled.map(({ txId }) => txId));
    settled.forEach(waiting.settled);
  });
  await relay.start();
  const following = follow(finalLane(follower, lanes, finalName), lanes, lane);
  const forgetting = repeat(clock, HOUR_MS, () => {
    forgetOld(postgres, now()).catch((error: Error) => log.warn('old promises stay', { error: error.message }));
  });
  return {
    ...{ party, network, postgres, lanes, log, follower },
    askLeaves: ports.askLeaves,
    asker: askerOf(party),
    metrics,
    openDesk: (jobs, sealedEvents) =>
      createDesk({
        ...{ party: party.gln, hasher, postgres, sealedEvents, waitMs, now },
        isCurrent: () => follower.standing().isCurrent,
        submissions: createSubmissions({ postgres, jobs, relay, waiting, pen, now, onPromise: watch.promised(log) }),
      }),
    callerOf: (authorization) => book(authorization),
    replaceCallers(known) {
      book = callerBook(hasher, known);
    },
    finalLane: following.strategy,
    follow: following.start,
    isFollowing: following.isThere,
    drain: waiting.close,
    async close() {
      waiting.close();
      forgetting();
      await relay.stop();
      following.stop();
      await follower.stop();
    },
  };
}

function follow({ strategy, start }: FinalLane, lanes: Lanes, lane: string) {
  let there = false;
  let stopped = false;
  async function begin(startMicroservices: () => Promise<void>): Promise<void> {
    // Genesis is projected before the follower asks for the broker: promises need the registry.
    await Promise.all([lanes.ensure([{ lane, retentionMs: RETENTION_7_DAYS_MS }]), start(startMicroservices)]);
    there = true;
  }
  return {
    strategy,
    start(startMicroservices: () => Promise<void>) {
      // Without its tables it can do nothing: no one catches this, and the process begins anew.
      void begin(startMicroservices).catch((error: unknown) => {
        if (!stopped) throw error;
      });
    },
    isThere: () => there,
    stop() {
      stopped = true;
    },
  };
}
