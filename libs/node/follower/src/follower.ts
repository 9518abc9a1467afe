import type { BlockHeader } from '@custos/core-chain';
import type { LaneMessage, Lanes, LaneSubscription } from '@custos/shell-lanes';
import { createIntake, type Pull } from './runs/intake.js';
import { createProjector, type BlockListener, type ProjectorOptions } from './rows/projector.js';
import { watchSilence } from './runs/silence.js';
import type { FollowerStatus } from './follower-status.js';

/** Between two tries to pull while the validator is away. */
const PULL_RETRY_MS = 500;

export interface FollowerOptions extends ProjectorOptions {
  readonly lanes: Lanes;
  /** The final lane of this organisation's validator. */
  readonly lane: string;
  /** From that validator, over HTTP. */
  readonly pull: Pull;
}

export interface Follower {
  /** Resolves when all that the validator had at this moment is projected, or it could not be reached once. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The last block that every projection has. */
  head(): BlockHeader;
  standing(): FollowerStatus;
  /** The listener hears of every later block once, in order. Returns how to unsubscribe. */
  onBlock(listener: BlockListener): () => void;
}

/**
 * Follows one final lane (push) and its validator (pull). It believes certificates only; a message that proves
 * nothing costs a pull, never a wrong row.
 */
export function createFollower(options: FollowerOptions): Follower {
  const { trust, lanes, lane, log } = options;
  const projector = createProjector(options);
  const intake = createIntake(projector, trust.hasher, log);
  const { head } = projector;
  let subscription: LaneSubscription | undefined;
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

  /** Until the validator has no more; a validator that is away is asked again later. */
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
    async start() {
      await projector.open();
      const from = await projector.leftAt(lane);
      // The lane first, so that nothing falls between the last pull and the first message.
      subscription = await lanes.subscribe('final', [{ lane, from: from ?? 'end' }], (batch) =>
        inOrder(() => takeBatch(batch)),
      );
      silence.heard();
      await inOrder(pullAll);
      log.say('following', { lane, height: head().height });
    },
    async stop() {
      stopped = true;
      silence.stop();
      clearTimeout(retry);
      await subscription?.close();
      await queue;
    },
  };
}
