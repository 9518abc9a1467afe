import type { Follower } from '@custos/node-follower';
import { LaneServer, type Lanes, type LaneStart } from '@custos/shell-lanes';

/** Token of the follower that takes the final lane. */
export const FOLLOWER = Symbol('follower');

/** The final lane of an organisation's validator as a Nest microservice. */
export interface FinalLane {
  /** For `serve`: delivers batches to the handler of the pattern `final`. */
  readonly strategy: LaneServer;
  /** Starts the follower, and with it the delivery. Resolves as {@link Follower.start} does. */
  start(startMicroservices: () => Promise<void>): Promise<void>;
}

/** Creates the delivery of one final lane to a follower. The lanes stay the caller's to close. */
export function finalLane(follower: Follower, lanes: Lanes, lane: string): FinalLane {
  let from: LaneStart = 'end';
  return {
    strategy: new LaneServer(lanes, async () => [{ lane, from }]),
    start: (startMicroservices) =>
      follower.start(async (position) => {
        from = position;
        await startMicroservices();
      }),
  };
}
