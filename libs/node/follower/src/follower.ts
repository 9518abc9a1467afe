import type { BlockHeader } from '@custos/core-chain';
import type { LaneMessage, Lanes, LaneSubscription } from '@custos/shell-lanes';
import type { Postgres } from '@custos/shell-postgres';
import { RunAssembler, type RawRun } from './assemble.js';
import { checkRun, type Trust } from './check-run.js';
import { loadLanePosition, openProgress, projectOnce, saveLanePosition, type Progress } from './progress.js';
import type { GenesisState, ProjectedBlock, Projection } from './projection.js';
import type { FollowedRun } from './run.js';

/** Two heartbeats of the network (K11): silence for longer means that the lane is behind, not the chain. */
export const SILENCE_MS = 60_000;
/** Between two tries to pull while the validator is away. */
const PULL_RETRY_MS = 500;

export interface FollowerLog {
  say(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface FollowerOptions {
  readonly trust: Trust;
  readonly genesis: GenesisState;
  readonly genesisHeader: BlockHeader;
  readonly postgres: Postgres;
  readonly lanes: Lanes;
  /** The final lane of this organisation's validator. */
  readonly lane: string;
  /** Messages of that validator's final lane from this height on, over HTTP; none if it has no more (yet). */
  readonly pull: (fromHeight: number) => Promise<readonly Uint8Array[]>;
  readonly projections: readonly Projection[];
  readonly log: FollowerLog;
}

/** Called after the transaction that stored the block has committed. */
export type BlockListener = (block: ProjectedBlock) => void;

export interface Follower {
  /** Resolves when all that the validator had at this moment is projected, or it could not be reached once. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The last block that every projection has. */
  head(): BlockHeader;
  /** The listener hears of every later block once, in order. Returns how to unsubscribe. */
  onBlock(listener: BlockListener): () => void;
}

/**
 * Follows one final lane (push) and its validator (pull). It believes certificates only; a message that proves
 * nothing costs a pull, never a wrong row.
 */
export function createFollower(options: FollowerOptions): Follower {
  const { trust, postgres, lanes, lane, log } = options;
  const assembler = new RunAssembler(trust.hasher);
  const listeners = new Set<BlockListener>();
  let progress: readonly Progress[] = [];
  let subscription: LaneSubscription | undefined;
  let silence: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;
  // One thing at a time: lane batches and pulls change the same rows.
  let queue: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const lowest = (): Progress => progress.reduce((low, next) => (next.header.height < low.header.height ? next : low));

  const head = (): BlockHeader => (progress.length > 0 ? lowest().header : options.genesisHeader);

  async function projectRun(raw: RawRun, position: string | undefined): Promise<'done' | 'stale' | 'gap'> {
    const run = await checkRun(trust, head(), raw);
    if (!run.ok) {
      if (run.malformed.code === 'NOTHING_NEW') return 'stale';
      log.warn('run refused', { ...run.malformed, above: head().height });
      return 'gap';
    }
    const blocks: readonly ProjectedBlock[] = projectedBlocks(run.value);
    // Crash before the commit: the run is read or pulled again. After it: it is passed over.
    await postgres.transaction(async (sql) => {
      for (const block of blocks) {
        for (const { projection } of progress) await projectOnce(sql, projection, block);
      }
      if (position !== undefined) await saveLanePosition(sql, lane, position);
    });
    for (const block of blocks) advance(block);
    return 'done';
  }

  function advance(block: ProjectedBlock): void {
    const { header } = block.block;
    progress = progress.map((each) => (each.header.height === header.height - 1 ? { ...each, header } : each));
    for (const listener of listeners) listener(block);
  }

  async function takeBatch(batch: readonly LaneMessage[]): Promise<void> {
    watchSilence();
    for (const { value, position } of batch) {
      const raw = assembler.take(value);
      if (raw && (await projectRun(raw, position)) === 'gap') await pullAll();
    }
  }

  /** Until the validator has no more; a validator that is away is asked again later. */
  async function pullAll(): Promise<void> {
    const pulled = new RunAssembler(trust.hasher);
    try {
      for (;;) {
        const before = head().height;
        for (const message of await options.pull(before + 1)) {
          const raw = pulled.take(message);
          if (raw) await projectRun(raw, undefined);
        }
        if (stopped || head().height === before) return;
      }
    } catch (error) {
      log.warn('pull failed', { error: (error as Error).message, from: head().height + 1 });
      clearTimeout(retry);
      if (!stopped) retry = setTimeout(() => void inOrder(pullAll), PULL_RETRY_MS);
    }
  }

  function watchSilence(): void {
    clearTimeout(silence);
    if (stopped) return;
    silence = setTimeout(() => {
      watchSilence();
      void inOrder(pullAll);
    }, SILENCE_MS);
  }

  return {
    head,
    async start() {
      const from = await postgres.transaction(async (sql) => {
        progress = await openProgress(sql, trust.hasher, options.projections, options.genesis, options.genesisHeader);
        return loadLanePosition(sql, lane);
      });
      // The lane first, so that nothing falls between the last pull and the first message.
      subscription = await lanes.subscribe('final', [{ lane, from: from ?? 'end' }], (batch) =>
        inOrder(() => takeBatch(batch)),
      );
      watchSilence();
      await inOrder(pullAll);
      log.say('following', { lane, height: head().height });
    },
    async stop() {
      stopped = true;
      clearTimeout(silence);
      clearTimeout(retry);
      await subscription?.close();
      await queue;
    },
    onBlock(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function projectedBlocks({ blocks, record }: FollowedRun): readonly ProjectedBlock[] {
  const headers = blocks.map(({ block }) => block.header);
  return blocks.map((block, i) => ({ ...block, record, above: headers.slice(i + 1) }));
}
