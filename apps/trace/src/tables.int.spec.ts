import { EPCIS_ENTITIES } from '@custos/node-epcis-repository';
import { FOLLOWER_ENTITIES } from '@custos/node-follower';
import { driftOf, freshDatabase } from '@custos/shell-postgres/testing';
import { BlockEntity } from './blocks/block.rows.js';
import { TRACE_MIGRATIONS } from './parts.js';

const ENTITIES = [...FOLLOWER_ENTITIES, ...EPCIS_ENTITIES, BlockEntity];

it('the entities describe each table as the migrations make it', async () => {
  const database = await freshDatabase('trace_tables', TRACE_MIGRATIONS);
  try {
    expect(await driftOf(database.url, ENTITIES)).toEqual([]);
    const { postgres } = database;
    await postgres.query('ALTER TABLE readmodel.block ADD COLUMN size integer, ALTER COLUMN hash DROP NOT NULL');
    await postgres.query('CREATE TABLE readmodel.forgotten (key text PRIMARY KEY)');
    await postgres.query('DROP TABLE readmodel.lot');
    expect(await driftOf(database.url, ENTITIES)).toEqual([
      'readmodel.forgotten: no entity',
      'readmodel.lot: no table',
      'readmodel.block.hash: text, described as text not null',
      'readmodel.block.size: integer, described as absent',
    ]);
  } finally {
    await database.drop();
  }
});
