import { decodeHeader, encodeHeader, type BlockHeader } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import type { Sql, Statement } from '@custos/shell-postgres';
import type { GenesisState, ProjectedBlock, Projection } from './projection.js';

interface ProgressRow {
  readonly name: string;
  readonly version: number;
  readonly header: Uint8Array;
  readonly caught_up: boolean;
}

/** How far one projection is. */
export interface Progress {
  readonly projection: Projection;
  readonly header: BlockHeader;
  /** It has had all that the validator had, once since it was begun. */
  readonly caughtUp: boolean;
}

/** The state that projections begin with. */
export interface Beginning {
  readonly hasher: Hasher;
  readonly genesis: GenesisState;
  readonly genesisHeader: BlockHeader;
}

/** Somebody emptied the tables under us, or put back older ones: what was projected has to be looked up again. */
export class ProgressLost extends Error {
  override readonly name = 'ProgressLost';
}

/**
 * Reads how far each projection is; a new one, or one with a new version, begins at block 0, and with `anew` each one
 * whose rows are the read model's. Call it inside a transaction: a crash leaves the projection as it was, or cleared
 * and at block 0.
 */
export async function openProgress(
  sql: Sql,
  projections: readonly Projection[],
  { hasher, genesis, genesisHeader }: Beginning,
  anew = false,
): Promise<readonly Progress[]> {
  const known = new Map<Projection, ProgressRow>();
  for (const table of new Set(projections.map(tableOf))) {
    // Two processes that start at once: the second sees what the first began, and no block is projected meanwhile.
    await sql.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
    const { rows } = await sql.query<ProgressRow>(`SELECT name, version, header, caught_up FROM ${table}`);
    for (const projection of projections) {
      const row = rows.find(({ name }) => name === projection.name);
      if (row && tableOf(projection) === table) known.set(projection, row);
    }
  }
  const progress: Progress[] = [];
  for (const projection of projections) {
    const row = known.get(projection);
    const header = row && decodeHeader(hasher, new Uint8Array(row.header));
    // Another network's rows (a reset chain) are no better than an old version's.
    const usable = header?.ok && row?.version === projection.version && header.value.networkId === genesis.networkId;
    if (usable && !(anew && isReadModel(projection)))
      progress.push({ projection, header: header.value, caughtUp: row?.caught_up ?? false });
    else progress.push(await beginProjection(sql, projection, genesis, genesisHeader));
  }
  return progress;
}

async function beginProjection(
  sql: Sql,
  projection: Projection,
  genesis: GenesisState,
  header: BlockHeader,
): Promise<Progress> {
  const table = tableOf(projection);
  // Questions under way end first, and the next ones see that the rows are gone: emptying a table is seen by everybody
  // at once, whatever their snapshot.
  await sql.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  await projection.clear(sql);
  await projection.genesis(sql, genesis);
  await sql.query(
    `INSERT INTO ${table} (name, version, height, header) VALUES ($1, $2, 0, $3)
     ON CONFLICT (name) DO UPDATE
     SET version = excluded.version, height = 0, header = excluded.header, caught_up = false`,
    [projection.name, projection.version, Buffer.from(encodeHeader(header))],
  );
  return { projection, header, caughtUp: false };
}

/**
 * One block into one projection, exactly once: its height moves on only from the height below, in the same
 * transaction as its rows. False: it has this block already, or another process builds a newer version.
 *
 * @throws ProgressLost when the projection lacks blocks below this one
 */
export async function projectOnce(sql: Sql, projection: Projection, block: ProjectedBlock): Promise<boolean> {
  const { header } = block.block;
  const { name, version } = projection;
  const table = tableOf(projection);
  const moved = await sql.query(MOVE_ON[table], [name, header.height, Buffer.from(encodeHeader(header)), version]);
  if (moved.rowCount === 1) {
    await projection.project(sql, block);
    return true;
  }
  const { rowCount } = await sql.query(`SELECT 1 FROM ${table} WHERE name = $1 AND (version <> $3 OR height >= $2)`, [
    name,
    header.height,
    version,
  ]);
  if (rowCount === 0) throw new ProgressLost(`${name} lacks blocks below ${header.height}`);
  return false;
}

const MOVE_ON = { 'readmodel.projection': moveOn('readmodel'), 'own.projection': moveOn('own') };

function moveOn(schema: 'readmodel' | 'own'): Statement {
  const text = `UPDATE ${schema}.projection SET height = $2, header = $3
    WHERE name = $1 AND height = $2 - 1 AND version = $4`;
  return { name: `move_on_${schema}`, text };
}

/** Notes that all blocks of the validator are projected: questions may be answered from these rows. */
export async function noteCaughtUp(sql: Sql, projections: readonly Projection[]): Promise<void> {
  for (const projection of projections) {
    await sql.query(`UPDATE ${tableOf(projection)} SET caught_up = true WHERE name = $1 AND version = $2`, [
      projection.name,
      projection.version,
    ]);
  }
}

function tableOf({ schema = 'readmodel' }: Projection): keyof typeof MOVE_ON {
  return `${schema}.projection`;
}

function isReadModel({ schema = 'readmodel' }: Projection): boolean {
  return schema === 'readmodel';
}

/** Returns the position from which a lane is read on; undefined when it was never read here. */
export async function loadLanePosition(sql: Sql, lane: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ position: string }>(
    'SELECT position FROM readmodel.lane_position WHERE lane = $1',
    [lane],
  );
  return rows[0]?.position;
}

const SAVE_POSITION: Statement = {
  name: 'save_position',
  text: `INSERT INTO readmodel.lane_position (lane, position) VALUES ($1, $2)
    ON CONFLICT (lane) DO UPDATE SET position = excluded.position`,
};

/** Stores the position from which a lane is read on. */
export async function saveLanePosition(sql: Sql, lane: string, position: string): Promise<void> {
  await sql.query(SAVE_POSITION, [lane, position]);
}
