import type { BlockHeader } from '@custos/core-chain';
import type { LaneMessage, LaneStart } from '@custos/shell-lanes';
import { createIntake, type Pull } from './runs/intake.js';
import { createProjector, type BlockListener, type ProjectorOptions } from './rows/projector.js';
import { watchSilence } from './runs/silence.js';
import type { FollowerStatus } from './follower-status.js';

/** Milliseconds between two tries to pull while the validator is away. */
const PULL_RETRY_MS = 500;

/** The parts and settings of a {@link Follower}. */
export interface FollowerOptions extends ProjectorOptions {
  /** Name of the final lane of this organisation's validator. */
  readonly lane: string;
  /** Asks that validator over HTTP. */
  readonly pull: Pull;
}

/**
 * Follows one final lane (push) and its validator (pull). It believes certificates only; a message that proves nothing
 * costs a pull, never a wrong row. Who delivers the lane is the caller's choice: a Nest microservice, or a subscription.
 */
export interface Follower {
  /**
   * Opens the rows, calls `read` with the position from which the lane is to be read on, then pulls what is missing.
   * Resolves when all that the validator had at this moment is projected, or it could not be reached once.
   */
  start(read: (from: LaneStart) => Promise<unknown>): Promise<void>;
  /** Projects a batch of the lane, in its order. Rejects when nothing of it may be lost: deliver it again. */
  take(batch: readonly LaneMessage[]): Promise<void>;
  /** Ends what is under way. The delivery of the lane ends before. */
  stop(): Promise<void>;
  /** Returns the header of the last block that every projection has. */
  head(): BlockHeader;
  standing(): FollowerStatus;
  /** Calls the listener for every later block once, in order. Returns how to unsubscribe. */
  onBlock(listener: BlockListener): () => void;
}

/** Creates a {@link Follower}; it does nothing before its start. */
export function createFollower(options: FollowerOptions): Follower {
  const { trust, lane, log } = options;
  const projector = createProjector(options);
  const intake = createIntake(projector, trust.hasher, log);
  const { head } = projector;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;
  // One thing at a time: lane batches and pulls change the same rows.
  let queue: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const silence = watchSilence(() => void inOrder(pullAll));

  async function takeBatch(batch: readonly LaneMessage[]): Promise<void> {
    silence.heard();
    for (const { value, position } of batch)
      if ((await intake.takeFromLane(value, { lane, position })) === 'gap') await pullAll();
  }

  /** Pulls until the validator has no more; a validator that is away is asked again later. */
  async function pullAll(): Promise<void> {
    try {
      await intake.pullAll(options.pull, () => stopped);
    } catch (error) {
      intake.pullFailed(error as Error);
      clearTimeout(retry);
      if (!stopped) retry = setTimeout(() => void inOrder(pullAll), PULL_RETRY_MS);
    }
  }

  return {
    head,
    onBlock: projector.onBlock,
    standing: intake.standing,
    take: (batch) => inOrder(() => takeBatch(batch)),
    async start(read) {
      await projector.open();
      // The lane first, so that nothing falls between the last pull and the first message.
      await read((await projector.leftAt(lane)) ?? 'end');
      silence.heard();
      await inOrder(pullAll);
      log.info('following', { lane, height: head().height });
    },
    async stop() {
      stopped = true;
      silence.stop();
      clearTimeout(retry);
      await queue;
    },
  };
}
