import { TRACE } from '@custos/formats-api';
import { eventsProjection, registryProjection, unitsProjection } from '@custos/node-epcis-repository';
import { createFollower, observeFollower } from '@custos/node-follower';
import { countedLanes, laneName } from '@custos/shell-lanes';
import {
  observeLanes,
  observePostgres,
  observeReadiness,
  openMetrics,
  serve,
  type Readiness,
  type Running,
} from '@custos/shell-process';
import { blocksProjection } from './blocks/blocks-projection.js';
import type { TraceConfig } from './config.js';
import type { TraceParts } from './parts.js';
import { traceModule } from './trace.module.js';
import type { TraceWorld } from './world.js';

/** What trace keeps of the chain, in this order. */
export const PROJECTIONS = [registryProjection, eventsProjection, unitsProjection, blocksProjection];

export interface Trace extends Running {
  readonly port: number;
  /** Resolves when the follower has caught up once. */
  readonly caughtUp: Promise<void>;
}

/** Listens at once and follows meanwhile: an answer says as of which block, readiness that this was caught up with. */
export async function startTrace(
  parts: TraceParts,
  { validatorName, ...address }: Pick<TraceConfig, 'host' | 'port' | 'validatorName'> & Partial<TraceConfig>,
): Promise<Trace> {
  const { network, postgres, pull, log } = parts;
  const metrics = openMetrics('trace');
  const lanes = countedLanes(parts.lanes, observeLanes(metrics));
  const follower = createFollower({
    trust: network.trust,
    genesis: network.genesis,
    genesisHeader: network.header,
    postgres,
    lanes,
    lane: laneName(network.name, 'final', validatorName),
    pull,
    projections: PROJECTIONS,
    log,
  });
  observePostgres(postgres, metrics);
  observeFollower(follower, metrics);
  let following = false;
  const needs: readonly Readiness[] = [
    { name: 'Postgres', check: () => postgres.health().then(() => true) },
    { name: 'Kafka', check: () => lanes.health().then(() => true) },
    { name: 'the chain', check: () => following && follower.standing().isCurrent },
  ];
  observeReadiness(needs, metrics);
  const world: TraceWorld = { ...parts, needs, metrics };
  const served = await serve({
    ...address,
    module: traceModule(world),
    log,
    metrics,
    callerOf: parts.callerOf,
    open: [TRACE.verify.path],
  });
  const caughtUp = follower.start().then(() => {
    following = true;
  });
  return {
    port: served.port,
    caughtUp,
    ...(parts.reloadCallers && { reload: parts.reloadCallers }),
    // Questions end first, then projecting, then what both rest on.
    async close() {
      await served.close();
      await follower.stop();
      await lanes.close();
      await postgres.close();
    },
  };
}
