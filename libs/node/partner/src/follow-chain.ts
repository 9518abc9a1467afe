import type { Follower } from '@custos/node-follower';
import { finalLane, type FinalLane } from '@custos/node-member-service';
import type { Lanes } from '@custos/shell-lanes';

const RETENTION_7_DAYS_MS = 7 * 24 * 3_600_000;

/** The names of the lanes of a partner service. */
export interface PartnerLanes {
  /** Final blocks of the organisation's validator. */
  readonly final: string;
  /** Transactions of the organisation. */
  readonly tx: string;
}

/** The following of the chain in the background: the broker may be away for long. */
export interface Following {
  /** Delivers the final lane to the module of the service, once it is started. */
  readonly strategy: FinalLane['strategy'];
  /** Starts to follow. No one waits for it: without its tables the process ends, and begins anew. */
  start(startMicroservices: () => Promise<void>): void;
  /** Returns true once all that the validator had at the start is projected here, or it was away then. */
  isThere(): boolean;
  stop(): void;
}

/** Prepares the following of a final lane; the service's own lane is created beside it. */
export function followChain(follower: Follower, lanes: Lanes, names: PartnerLanes): Following {
  const final = finalLane(follower, lanes, names.final);
  let isThere = false;
  let isStopped = false;
  async function begin(startMicroservices: () => Promise<void>): Promise<void> {
    const own = lanes.ensure([{ lane: names.tx, retentionMs: RETENTION_7_DAYS_MS }]);
    // Genesis is projected before the follower asks for the broker: promises need the registry.
    await Promise.all([own, final.start(startMicroservices)]);
    isThere = true;
  }
  return {
    strategy: final.strategy,
    start(startMicroservices) {
      void begin(startMicroservices).catch((error: unknown) => {
        if (!isStopped) throw error;
      });
    },
    isThere: () => isThere,
    stop() {
      isStopped = true;
    },
  };
}
