import type { BlockHeader } from '@custos/core-chain';
import type { RawRun } from './assemble.js';
import { checkRun } from './check-run.js';
import type { BlockListener, FollowerOptions } from './follower.js';
import { loadLanePosition, openProgress, projectOnce, saveLanePosition, type Progress } from './progress.js';
import type { ProjectedBlock } from './projection.js';
import type { FollowedRun } from './run.js';

/** What became of a run: its rows stand, it said nothing new, or what comes before it is missing. */
export type ProjectedRun = 'done' | 'stale' | 'gap';

/** Brings proven runs into every projection; the caller gives one run at a time. */
export interface Projector {
  /** Reads how far the tables are; returns where the lane was left. */
  open(): Promise<string | undefined>;
  /** The last block that every projection has. */
  head(): BlockHeader;
  /** `position`: where the lane stands behind this run. */
  project(raw: RawRun, position: string | undefined): Promise<ProjectedRun>;
  /** Blocks since the start. */
  count(): number;
  onBlock(listener: BlockListener): () => void;
}

export function createProjector(options: FollowerOptions): Projector {
  const { trust, postgres, lane, log } = options;
  const listeners = new Set<BlockListener>();
  let progress: readonly Progress[] = [];
  let blocksSinceStart = 0;

  const lowest = (): Progress => progress.reduce((low, next) => (next.header.height < low.header.height ? next : low));
  const head = (): BlockHeader => (progress.length > 0 ? lowest().header : options.genesisHeader);

  function advance(block: ProjectedBlock): void {
    const { header } = block.block;
    progress = progress.map((each) => (each.header.height === header.height - 1 ? { ...each, header } : each));
    blocksSinceStart++;
    for (const listener of listeners) listener(block);
  }

  return {
    head,
    count: () => blocksSinceStart,
    open: () =>
      postgres.transaction(async (sql) => {
        progress = await openProgress(sql, trust.hasher, options.projections, options.genesis, options.genesisHeader);
        return loadLanePosition(sql, lane);
      }),
    async project(raw, position) {
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
