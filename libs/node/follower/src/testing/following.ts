import { memoryLanes, type LaneStart, type LaneSubscription, type MemoryBroker } from '@custos/shell-lanes';
import type { Postgres, Sql } from '@custos/shell-postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NETWORK, type BuiltRun } from './chain.js';
import { createFollower, type Follower } from '../follower.js';
import type { PinnedNetwork } from '../pinned-network.js';
import type { ProjectedBlock, Projection } from '../rows/projection.js';

// A follower on real tables, with a validator that answers pulls and a projection that shows every call.

const LANE = 'followed.final.4012345000009';
/** Runs in one answer to a pull; few, so that catching up takes several pulls. */
const RUNS_PER_ANSWER = 1;

/** No key on purpose: a block that is projected twice stands there twice. */
export class ShownTables1764080000000 implements MigrationInterface {
  readonly name = 'ShownTables1764080000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE readmodel.shown (
        projection text NOT NULL, version integer NOT NULL, height integer NOT NULL, hash text NOT NULL,
        outcomes text NOT NULL, above integer NOT NULL, certified text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readmodel.shown');
  }
}

interface ShownRow {
  readonly version: number;
  readonly height: number;
  readonly hash: string;
  readonly outcomes: string;
  readonly above: number;
  readonly certified: string;
}

export interface ShownProjection extends Projection {
  /** Heights of the calls of project(), rolled back ones included. */
  readonly calls: readonly number[];
}

/** `after` runs behind the projection's own rows, in the same transaction. */
export function shownProjection(
  name: string,
  version = 1,
  after: (sql: Sql, block: ProjectedBlock) => Promise<void> = async () => undefined,
): ShownProjection {
  const calls: number[] = [];
  const insert = (sql: Sql, { height, hash, outcomes, above, certified }: Omit<ShownRow, 'version'>) =>
    sql.query('INSERT INTO readmodel.shown VALUES ($1, $2, $3, $4, $5, $6, $7)', [
      name,
      version,
      height,
      hash,
      outcomes,
      above,
      certified,
    ]);
  return {
    name,
    version,
    calls,
    async clear(sql) {
      await sql.query('DELETE FROM readmodel.shown WHERE projection = $1', [name]);
    },
    async genesis(sql, { networkId, entries }) {
      await insert(sql, { height: 0, hash: networkId, outcomes: String(entries.size), above: 0, certified: '' });
    },
    async project(sql, block) {
      calls.push(block.block.header.height);
      await insert(sql, shownRow(block));
      await after(sql, block);
    },
  };
}

function shownRow({ block, receipts, above, record }: ProjectedBlock): Omit<ShownRow, 'version'> {
  return {
    height: block.header.height,
    hash: block.header.ownHash,
    outcomes: receipts.map(({ outcome }) => outcome).join(' '),
    above: above.length,
    certified: record.finalize.hash,
  };
}

/** The rows of a projection that has genesis and these runs, once each. */
export function rowsAfter(runs: readonly BuiltRun[], version = 1, { genesis } = NETWORK): readonly ShownRow[] {
  const { networkId, entries } = genesis;
  const rows = runs.flatMap(({ blocks, record }) =>
    blocks.map((block, i) => {
      const above = blocks.slice(i + 1).map(({ block: { header } }) => header);
      return shownRow({ ...block, record, above });
    }),
  );
  const first = { height: 0, hash: networkId, outcomes: String(entries.size), above: 0, certified: '' };
  return [first, ...rows].map((row) => ({ version, ...row }));
}

export async function rowsOf(sql: Sql, projection: string): Promise<readonly ShownRow[]> {
  const { rows } = await sql.query<ShownRow>(
    'SELECT version, height, hash, outcomes, above, certified FROM readmodel.shown WHERE projection = $1 ORDER BY height',
    [projection],
  );
  return rows;
}

export async function heightsOf(sql: Sql): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql.query<{ name: string; height: string }>('SELECT name, height FROM readmodel.projection');
  return Object.fromEntries(rows.map(({ name, height }) => [name, Number(height)]));
}

export interface Scene {
  readonly postgres: Postgres;
  readonly projections: readonly Projection[];
  /** Final runs that the validator has; a test may add some. */
  readonly validator?: readonly BuiltRun[];
  /** Called at each pull before it is answered: a place to let things happen, or to throw. */
  readonly onPull?: (fromHeight: number) => Promise<void>;
  readonly broker?: MemoryBroker;
  readonly network?: PinnedNetwork;
}

export interface Following {
  readonly follower: Follower;
  /** Starts the follower on the lane of its broker. */
  start(): Promise<void>;
  /** Heights of which a listener was called. */
  readonly heard: readonly number[];
  /** Codes of refused runs, and `pull failed`. */
  readonly warnings: readonly string[];
  readonly pulls: readonly number[];
  /** Positions from which lanes were read. */
  readonly starts: readonly LaneStart[];
  publish(messages: readonly Uint8Array[]): Promise<void>;
  /** Resolves when all that was published here is handled. */
  settled(): Promise<void>;
  /** Resolves when it holds; looked at after everything that happens here. */
  until(holds: () => boolean): Promise<void>;
  look(): void;
  close(): Promise<void>;
}

export function following({
  postgres,
  projections,
  validator = [],
  onPull,
  network = NETWORK,
  ...scene
}: Scene): Following {
  const heard: number[] = [];
  const warnings: string[] = [];
  const pulls: number[] = [];
  const starts: LaneStart[] = [];
  const waiting = new Set<() => void>();
  let published = 0;
  let handled = 0;
  const look = (): void => waiting.forEach((each) => each());
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const each = (): void => {
        if (holds() && waiting.delete(each)) resolve();
      };
      waiting.add(each);
      each();
    });

  const memory = memoryLanes(scene.broker);
  let subscription: LaneSubscription | undefined;
  async function read(from: LaneStart): Promise<void> {
    starts.push(from);
    subscription = await memory.subscribe('final', [{ lane: LANE, from }], async (batch) => {
      await follower.take(batch);
      handled += batch.length;
      look();
    });
  }
  const follower = createFollower({
    trust: network.trust,
    genesis: network.genesis,
    genesisHeader: network.header,
    postgres,
    lane: LANE,
    projections,
    async pull(fromHeight) {
      pulls.push(fromHeight);
      await onPull?.(fromHeight);
      return answerOf(validator, fromHeight);
    },
    log: {
      info: look,
      warn(event, facts) {
        warnings.push(typeof facts?.['code'] === 'string' ? facts['code'] : event);
        look();
      },
    },
  });
  follower.onBlock(({ block }) => {
    heard.push(block.header.height);
    look();
  });
  return {
    follower,
    heard,
    warnings,
    pulls,
    starts,
    until,
    look,
    settled: () => until(() => handled >= published),
    async publish(messages) {
      published += messages.length;
      await memory.publish(LANE, messages);
    },
    start: () => follower.start(read),
    async close() {
      await subscription?.close();
      await follower.stop();
      await memory.close();
    },
  };
}

/** Returns the answer of a validator: from the height on to the end of its run, never less than a run. */
export function answerOf(validator: readonly BuiltRun[], fromHeight: number): readonly Uint8Array[] {
  return validator
    .filter(({ blocks }) => blocks.at(-1)!.block.header.height >= fromHeight)
    .slice(0, RUNS_PER_ANSWER)
    .flatMap(({ blocks, messages }) => messages.slice(2 * Math.max(0, fromHeight - blocks[0]!.block.header.height)));
}
