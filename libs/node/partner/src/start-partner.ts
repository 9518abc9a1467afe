import type { BlockHeader } from '@custos/core-chain';
import type { Caller } from '@custos/formats-api';
import { createFollower, type Follower } from '@custos/node-follower';
import {
  callerRegister,
  finalLane,
  REPOSITORY,
  type FinalLane,
  type Identity,
  type MemberPorts,
} from '@custos/node-member-service';
import { countedLanes, laneName, type Lanes } from '@custos/shell-lanes';
import {
  observeLanes,
  openMetrics,
  repeat,
  type ListenAddress,
  type Log,
  type Readiness,
  type Running,
} from '@custos/shell-process';
import { createPen } from './capture/drafts.js';
import { servePartner } from './http/serve-partner.js';
import { observePartner, type PartnerWatch } from './metrics.js';
import { forgetOld } from './promises/forgetting.js';
import { createRelay, type Relay } from './promises/relay.js';
import { MAX_PENDING } from './promises/relay-queue.js';
import { settlementOf, settlementProjection, type Settlement } from './promises/settlement.js';
import { createWaiting, type Waiting } from './promises/waiting.js';

const HOUR_MS = 3_600_000;
/** How long the broker keeps transactions on the lane of the organisation. */
const RETENTION_MS = 7 * 24 * HOUR_MS;

/** The settings of a partner service. */
export interface PartnerSettings extends ListenAddress {
  /** GLN of the validator whose final lane is followed. */
  readonly validatorName: string;
  /** Longest wait of a request for finality, milliseconds. */
  readonly waitMs: number;
  /** Transactions that may wait for their block; {@link MAX_PENDING} unless stated. */
  readonly outboxLimit?: number;
}

/** A partner service that runs. */
export interface Partner extends Running {
  readonly port: number;
  /** Port of its watch listener. */
  readonly watchPort: number;
  /** Returns the header of the last block that is projected here. */
  head(): BlockHeader;
  /** Returns true once all that the validator had at the start is projected here, or it was away then. */
  isFollowing(): boolean;
  /** Answers these callers from the next request on; requests under way are not looked at again. */
  replaceCallers(callers: readonly Caller[]): void;
  /**
   * Stops as SIGTERM does: the door is shut first; requests that wait for finality are answered with their job, else
   * nothing new could end in time; then relay and follower. What was promised is in the outbox, and goes on at the next
   * start. The ports stay the caller's to close.
   */
  close(): Promise<void>;
}

/**
 * Starts a partner service in the order of trust: what was promised is loaded before a block can settle it. Resolves
 * before the broker or the validator answer: promises can be given without them.
 */
export async function startPartner(
  identity: Identity,
  settings: PartnerSettings,
  ports: MemberPorts,
): Promise<Partner> {
  const { network, party, signer } = identity;
  const { trust } = network;
  const { postgres, clock, log } = ports;
  const metrics = openMetrics('partner');
  const lanes = countedLanes(ports.lanes, observeLanes(metrics));
  const own = laneName(network.name, 'tx', party.gln);
  const finalName = laneName(network.name, 'final', settings.validatorName);
  const settlement = settlementOf(trust.hasher, trust.validators.size, signer.keyId);
  const follower = openFollower(identity, ports, finalName, settlement);
  const pen = createPen({ ...trust, signer, now: clock.now });
  const relay = createRelay({
    ...{ postgres, lanes, lane: own, pen, clock, log, outboxLimit: settings.outboxLimit ?? MAX_PENDING },
    finalTime: () => follower.head().timestamp,
  });
  const waiting = createWaiting();
  const watch = observePartner({ postgres, follower, relay, now: clock.now }, metrics);
  settleBlocks(follower, settlement, { watch, relay, waiting, log });
  await relay.start();
  const stopForgetting = repeat(clock, HOUR_MS, () => {
    forgetOld(postgres, clock.now()).catch((error: Error) => log.warn('old promises stay', { error: error.message }));
  });
  const callers = callerRegister(trust.hasher, identity.callers);
  const final = finalLane(follower, lanes, finalName);
  const served = await servePartner(
    {
      ...{ network, party, postgres, askLeaves: ports.askLeaves, follower, metrics, log },
      needs: needsOf(ports, lanes, follower, final),
      promises: { relay, waiting, pen, now: clock.now, onPromise: watch.promised(log), waitMs: settings.waitMs },
    },
    { callerOf: callers.callerOf, strategy: final.strategy },
    settings,
  ).catch(async (error: unknown) => {
    stopForgetting();
    await relay.stop();
    throw error;
  });
  // Genesis is projected before anything asks for the broker: promises need the registry.
  final.start(async () => {
    await Promise.all([lanes.ensure([{ lane: own, retentionMs: RETENTION_MS }]), served.startMicroservices()]);
  });
  return {
    ...{ port: served.port, watchPort: served.watchPort, head: follower.head },
    ...{ isFollowing: final.isFollowing, replaceCallers: callers.replace },
    async close() {
      const intakeOver = served.close();
      waiting.close();
      await intakeOver;
      stopForgetting();
      await relay.stop();
      await final.stop();
    },
  };
}

function openFollower(
  { network }: Pick<Identity, 'network'>,
  { postgres, pull, log }: Pick<MemberPorts, 'postgres' | 'pull' | 'log'>,
  lane: string,
  settlement: Settlement,
): Follower {
  return createFollower({
    ...{ trust: network.trust, genesis: network.genesis, genesisHeader: network.header, postgres, lane, pull, log },
    projections: [...REPOSITORY.projections, settlementProjection(settlement)],
  });
}

interface Settling {
  readonly watch: PartnerWatch;
  readonly relay: Pick<Relay, 'settled'>;
  readonly waiting: Pick<Waiting, 'settled'>;
  readonly log: Log;
}

/** Reports what each block settles to the watch, the relay and the requests that wait for it. */
function settleBlocks(follower: Follower, settlement: Settlement, { watch, relay, waiting, log }: Settling): void {
  follower.onBlock((block) => {
    const settled = settlement(block);
    // What is settled leaves the relay, so it is looked at before.
    watch.settled(settled, block.block.header.view, log);
    relay.settled(settled.map(({ txId }) => txId));
    settled.forEach(waiting.settled);
  });
}

function needsOf(
  { postgres }: Pick<MemberPorts, 'postgres'>,
  lanes: Pick<Lanes, 'carrier' | 'health'>,
  follower: Pick<Follower, 'standing'>,
  final: Pick<FinalLane, 'isFollowing'>,
): readonly Readiness[] {
  return [
    { name: 'Postgres', check: () => postgres.health().then(() => true) },
    { name: lanes.carrier, check: () => lanes.health().then(() => true) },
    { name: 'network', check: () => final.isFollowing() && follower.standing().isCurrent },
  ];
}
