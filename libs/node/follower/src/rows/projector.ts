import type { BlockHeader } from '@custos/core-chain';
import type { Postgres } from '@custos/shell-postgres';
import type { Log } from '@custos/shell-process';
import type { RawRun } from '../runs/assemble.js';
import { checkRun, type Trust } from '../runs/check-run.js';
import {
  loadLanePosition,
  noteCaughtUp,
  openProgress,
  ProgressLost,
  projectOnce,
  saveLanePosition,
  type Progress,
} from './progress.js';
import type { GenesisState, ProjectedBlock, Projection } from './projection.js';
import type { FollowedRun } from '../runs/run.js';

/** The parts of a {@link Projector}. */
export interface ProjectorOptions {
  readonly trust: Trust;
  readonly genesis: GenesisState;
  readonly genesisHeader: BlockHeader;
  readonly postgres: Postgres;
  readonly projections: readonly Projection[];
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Called after the transaction that stored the block has committed. */
export type BlockListener = (block: ProjectedBlock) => void;

/** The result of a run: its rows are stored, it was known already, or the blocks before it are missing. */
export type ProjectedRun = 'done' | 'stale' | 'gap';

/** The position of a message on its lane. */
export interface LanePlace {
  readonly lane: string;
  readonly position: string;
}

/** Brings proven runs into every projection; the caller gives one run at a time. */
export interface Projector {
  /** Reads how far the tables are; with `anew` the read model is emptied and begins at block 0. */
  open(anew?: boolean): Promise<void>;
  /** Returns the position from which the lane is read on, if it was read here before. */
  leftAt(lane: string): Promise<string | undefined>;
  /** The last block that every projection has. */
  head(): BlockHeader;
  /** `place`: where the lane stands behind this run. */
  project(raw: RawRun, place?: LanePlace): Promise<ProjectedRun>;
  /** Notes that all blocks of the validator are projected: questions may be answered from these rows from now on. */
  caughtUp(): Promise<void>;
  /** Blocks since the start. */
  count(): number;
  /** Calls the listener for every later block once, in order. Returns how to unsubscribe. */
  onBlock(listener: BlockListener): () => void;
}

/** Creates a projector; it reads nothing before `open`. */
export function createProjector(options: ProjectorOptions): Projector {
  const { trust, postgres, genesis, genesisHeader, projections, log } = options;
  const listeners = new Set<BlockListener>();
  let progress: readonly Progress[] = [];
  let blocksSinceStart = 0;

  const lowest = (): Progress => progress.reduce((low, next) => (next.header.height < low.header.height ? next : low));
  const head = (): BlockHeader => (progress.length > 0 ? lowest().header : genesisHeader);

  async function open(anew = false): Promise<void> {
    const beginning = { hasher: trust.hasher, genesis, genesisHeader };
    progress = await postgres.transaction((sql) => openProgress(sql, projections, beginning, anew));
  }

  // Crash before the commit: the run is read or pulled again. After it: it is passed over.
  function store(blocks: readonly ProjectedBlock[], place: LanePlace | undefined): Promise<void> {
    return postgres.transaction(async (sql) => {
      for (const block of blocks) {
        for (const { projection, header } of progress)
          if (header.height < block.block.header.height) await projectOnce(sql, projection, block);
      }
      if (place) await saveLanePosition(sql, place.lane, place.position);
    });
  }

  function advance(block: ProjectedBlock): void {
    const { header } = block.block;
    progress = progress.map((each) => (each.header.height === header.height - 1 ? { ...each, header } : each));
    blocksSinceStart++;
    for (const listener of listeners) listener(block);
  }

  return {
    open,
    head,
    count: () => blocksSinceStart,
    leftAt: (lane) => postgres.transaction((sql) => loadLanePosition(sql, lane)),
    async project(raw, place) {
      const run = await checkRun(trust, head(), raw);
      if (!run.ok) {
        if (run.malformed.code === 'NOTHING_NEW') return 'stale';
        log.warn('run refused', { ...run.malformed, above: head().height });
        return 'gap';
      }
      const blocks = projectedBlocks(run.value);
      try {
        await store(blocks, place);
      } catch (error) {
        if (!(error instanceof ProgressLost)) throw error;
        log.warn('the tables were changed under us', { error: error.message });
        await open();
        return 'gap';
      }
      for (const block of blocks) advance(block);
      return 'done';
    },
    async caughtUp() {
      const behind = progress.filter((each) => !each.caughtUp).map(({ projection }) => projection);
      if (behind.length === 0) return;
      await postgres.transaction((sql) => noteCaughtUp(sql, behind));
      progress = progress.map((each) => ({ ...each, caughtUp: true }));
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
