import type { Hasher } from '@custos/core-crypto';
import type { Log } from '@custos/shell-process';
import { RunAssembler } from './assemble.js';
import type { LanePlace, ProjectedRun, Projector } from '../rows/projector.js';
import type { FollowerStatus } from '../follower-status.js';

/** The intake of messages from lane and pulls, one at a time, with the count of announced blocks that are missing. */
export interface Intake {
  /** A message of the lane; undefined while its run is not whole. */
  takeFromLane(message: Uint8Array, place: LanePlace): Promise<ProjectedRun | undefined>;
  /**
   * Pulls until the validator has no more, and notes that. False: what it sends does not follow on ours, a lie or a
   * defect, and no answer to what it has; or `isOver`.
   */
  pullAll(pull: Pull, isOver?: () => boolean): Promise<boolean>;
  pullFailed(error: Error): void;
  standing(): FollowerStatus;
}

/** Messages of a validator's final lane from this height on; none if it has no more (yet). */
export type Pull = (fromHeight: number) => Promise<readonly Uint8Array[]>;

/** Creates an intake that gives whole runs to a projector. */
export function createIntake(projector: Projector, hasher: Hasher, log: Pick<Log, 'info' | 'warn'>): Intake {
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

  /** Messages of one pull; false when a run does not stand on ours. */
  async function takePulled(messages: readonly Uint8Array[]): Promise<boolean> {
    const pulled = new RunAssembler(hasher);
    for (const message of messages) if ((await take(pulled, message)) === 'gap') return false;
    return true;
  }

  async function caughtUp(): Promise<void> {
    await projector.caughtUp();
    heard = head().height;
    isCurrent = true;
    if (isAway) log.info('pulling works again', { height: heard });
    isAway = false;
  }

  return {
    takeFromLane: (message, place) => take(lane, message, place),
    async pullAll(pull, isOver = () => false) {
      for (;;) {
        const before = head().height;
        const isWhole = await takePulled(await pull(before + 1));
        if (isOver()) return false;
        if (head().height > before) continue;
        if (isWhole) await caughtUp();
        return isWhole;
      }
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
