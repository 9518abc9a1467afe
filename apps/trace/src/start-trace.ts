import { createFollower, observeFollower } from '@custos/node-follower';
import { finalLane, memberModule, snapshotReader } from '@custos/node-member-service';
import { countedLanes, laneName } from '@custos/shell-lanes';
import { observeLanes, observePostgres, openMetrics, serve, type Readiness, type Running } from '@custos/shell-process';
import { askerBehind } from './asker.js';
import type { TraceConfig } from './config.js';
import type { TraceParts } from './parts.js';
import { TOPICS } from './topics.js';
import { TRACE_CONTRACTS, traceDocument } from './trace-document.js';

export interface Trace extends Running {
  readonly port: number;
  /** Port of its watch listener. */
  readonly watchPort: number;
  /** Returns true once all that the validator had at the start is projected here, or it was away then. */
  isFollowing(): boolean;
}

/**
 * Listens at once and follows meanwhile: an answer says as of which block, readiness that this was caught up with. The
 * parts stay the caller's to close.
 */
export async function startTrace(
  parts: TraceParts,
  { validatorName, ...address }: Pick<TraceConfig, 'host' | 'port' | 'validatorName'> & Partial<TraceConfig>,
): Promise<Trace> {
  const { network, postgres, pull, log } = parts;
  const metrics = openMetrics('trace');
  const lanes = countedLanes(parts.lanes, observeLanes(metrics));
  const lane = laneName(network.name, 'final', validatorName);
  const follower = createFollower({
    trust: network.trust,
    genesis: network.genesis,
    genesisHeader: network.header,
    postgres,
    lane,
    pull,
    projections: TOPICS.projections,
    log,
  });
  const final = finalLane(follower, lanes, lane);
  observePostgres(postgres, metrics);
  observeFollower(follower, metrics);
  const needs: readonly Readiness[] = [
    { name: 'Postgres', check: () => postgres.health().then(() => true) },
    { name: lanes.carrier, check: () => lanes.health().then(() => true) },
    { name: 'the chain', check: () => final.isFollowing() && follower.standing().isCurrent },
  ];
  const { trust } = network;
  const reader = { postgres, hasher: trust.hasher, askerOf: askerBehind, unreadName: 'The chain' };
  const served = await serve({
    ...{ ...address, log, metrics, callerOf: parts.callerOf, contracts: TRACE_CONTRACTS, strategy: final.strategy },
    module: memberModule({
      ...{ controllers: TOPICS.controllers, needs, metrics, document: traceDocument() },
      reader: snapshotReader(reader),
      ...{ prover: { trust, askLeaves: parts.askLeaves, log }, follower },
    }),
  });
  final.start(served.startMicroservices);
  return {
    port: served.port,
    watchPort: served.watchPort,
    isFollowing: final.isFollowing,
    // Questions end first, then projecting.
    async close() {
      await served.close();
      await final.stop();
    },
  };
}
