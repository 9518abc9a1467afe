import type { Follower } from '@custos/node-follower';
import { LaneServer, type Lanes, type LaneStart } from '@custos/shell-lanes';

/** Token of the follower that takes the final lane. */
export const FOLLOWER = Symbol('follower');

/** The final lane of an organisation's validator as a Nest microservice, followed in the background. */
export interface FinalLane {
  /** For `serve`: delivers batches to the handler of the pattern `final`. */
  readonly strategy: LaneServer;
  /**
   * Starts the follower, and once its rows are there `startMicroservices`, with which delivery begins. No one waits for
   * it: the broker may be away for long. What fails is no one's to catch, so the process ends and begins anew.
   */
  start(startMicroservices: () => Promise<void>): void;
  /** Returns true once all that the validator had at the start is projected here, or it was away then. */
  isFollowing(): boolean;
  /** Stops the follower; what fails after that is silent. */
  stop(): Promise<void>;
}

/** Creates the delivery of one final lane to a follower. The lanes stay the caller's to close. */
export function finalLane(follower: Follower, lanes: Lanes, lane: string): FinalLane {
  let from: LaneStart = 'end';
  let isFollowing = false;
  let isStopped = false;
  async function follow(startMicroservices: () => Promise<void>): Promise<void> {
    await follower.start(async (position) => {
      from = position;
      await startMicroservices();
    });
    isFollowing = true;
  }
  return {
    strategy: new LaneServer(lanes, async () => [{ lane, from }]),
    start(startMicroservices) {
      void follow(startMicroservices).catch((error: unknown) => {
        if (!isStopped) throw error;
      });
    },
    isFollowing: () => isFollowing,
    async stop() {
      isStopped = true;
      await follower.stop();
    },
  };
}
