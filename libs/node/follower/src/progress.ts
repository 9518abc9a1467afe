import { decodeHeader, encodeHeader, type BlockHeader } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import type { Sql } from '@custos/shell-postgres';
import type { GenesisState, ProjectedBlock, Projection } from './projection.js';

interface ProgressRow {
  readonly name: string;
  readonly version: number;
  readonly height: string;
  readonly header: Uint8Array;
}

/** How far one projection is. */
export interface Progress {
  readonly projection: Projection;
  readonly header: BlockHeader;
}

/**
 * Reads how far each projection is; a new one, or one with a new version, begins at block 0. Call it inside a
 * transaction: a crash leaves the projection as it was, or cleared and at block 0.
 */
export async function openProgress(
  sql: Sql,
  hasher: Hasher,
  projections: readonly Projection[],
  genesis: GenesisState,
  genesisHeader: BlockHeader,
): Promise<readonly Progress[]> {
  // Two processes that start at once: the second sees what the first began, and no block is projected meanwhile.
  await sql.query('LOCK TABLE readmodel.projection IN SHARE ROW EXCLUSIVE MODE');
  const { rows } = await sql.query<ProgressRow>('SELECT name, version, height, header FROM readmodel.projection');
  const progress: Progress[] = [];
  for (const projection of projections) {
    const row = rows.find(({ name }) => name === projection.name);
    const header = row && decodeHeader(hasher, new Uint8Array(row.header));
    // Another network's rows (a reset chain) are no better than an old version's.
    const usable = header?.ok && row?.version === projection.version && header.value.networkId === genesis.networkId;
    if (usable) progress.push({ projection, header: header.value });
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
  await projection.clear(sql);
  await projection.genesis(sql, genesis);
  await sql.query(
    `INSERT INTO readmodel.projection (name, version, height, header) VALUES ($1, $2, 0, $3)
     ON CONFLICT (name) DO UPDATE SET version = excluded.version, height = 0, header = excluded.header`,
    [projection.name, projection.version, Buffer.from(encodeHeader(header))],
  );
  return { projection, header };
}

/**
 * One block into one projection, exactly once: its height moves on only from the height below, in the same
 * transaction as its rows. False: it has this block already, or another process builds a newer version.
 */
export async function projectOnce(sql: Sql, projection: Projection, block: ProjectedBlock): Promise<boolean> {
  const { header } = block.block;
  const moved = await sql.query(
    `UPDATE readmodel.projection SET height = $2, header = $3
     WHERE name = $1 AND height = $2 - 1 AND version = $4`,
    [projection.name, header.height, Buffer.from(encodeHeader(header)), projection.version],
  );
  if (moved.rowCount === 0) return false;
  await projection.project(sql, block);
  return true;
}

export async function loadLanePosition(sql: Sql, lane: string): Promise<string | undefined> {
  const { rows } = await sql.query<{ position: string }>(
    'SELECT position FROM readmodel.lane_position WHERE lane = $1',
    [lane],
  );
  return rows[0]?.position;
}

export async function saveLanePosition(sql: Sql, lane: string, position: string): Promise<void> {
  await sql.query(
    `INSERT INTO readmodel.lane_position (lane, position) VALUES ($1, $2)
     ON CONFLICT (lane) DO UPDATE SET position = excluded.position`,
    [lane, position],
  );
}
