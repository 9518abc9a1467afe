import type { Hasher } from '@custos/core-crypto';
import { RunAssembler } from './assemble.js';
import type { FollowerLog, LanePlace, ProjectedRun, Projector } from './projector.js';
import type { Standing } from './standing.js';

/** Messages in, from lane and pulls, one at a time; it keeps how far we are behind what we have heard of. */
export interface Intake {
  /** A message of the lane; undefined while its run is not whole. */
  takeFromLane(message: Uint8Array, place: LanePlace): Promise<ProjectedRun | undefined>;
  /** Messages of one pull; false when a run does not stand on ours. */
  takePulled(messages: readonly Uint8Array[]): Promise<boolean>;
  /** The validator has no more than we have. */
  caughtUp(): Promise<void>;
  pullFailed(error: Error): void;
  standing(): Standing;
}

export function createIntake(projector: Projector, hasher: Hasher, log: FollowerLog): Intake {
  const { head } = projector;
  const lane = new RunAssembler(hasher);
  let heard = 0;
  let isCurrent = false;
  let isAway = false;
  let pullFailures = 0;

  async function take(from: RunAssembler, message: Uint8Array, place?: LanePlace): Promise<ProjectedRun | undefined> {
    const raw = from.take(message);
    if (!raw) return undefined;
    heard = Math.max(heard, from.top);
    try {
      const result = await projector.project(raw, place);
      // A run of the lane that stands on ours: nothing is between them. One of a pull may have others behind it.
      if (result === 'done' && from === lane) isCurrent = true;
      if (result === 'gap') isCurrent = false;
      return result;
    } catch (error) {
      isCurrent = false;
      throw error;
    }
  }

  return {
    takeFromLane: (message, place) => take(lane, message, place),
    async takePulled(messages) {
      const pulled = new RunAssembler(hasher);
      for (const message of messages) if ((await take(pulled, message)) === 'gap') return false;
      return true;
    },
    async caughtUp() {
      await projector.caughtUp();
      heard = head().height;
      isCurrent = true;
      if (isAway) log.say('pulling works again', { height: heard });
      isAway = false;
    },
    pullFailed(error) {
      isCurrent = false;
      pullFailures++;
      // Once, not at every try.
      if (!isAway) log.warn('pull failed', { error: error.message, height: head().height + 1 });
      isAway = true;
    },
    standing: () => ({
      ...{ height: head().height, heard, isCurrent, pullFailures },
      blocksSinceStart: projector.count(),
    }),
  };
}
