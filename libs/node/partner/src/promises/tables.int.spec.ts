import { EPCIS_ENTITIES } from '@custos/node-epcis-repository';
import { FOLLOWER_ENTITIES, OwnProjectionEntity } from '@custos/node-follower';
import { driftOf, freshDatabase } from '@custos/shell-postgres/testing';
import { PARTNER_MIGRATIONS } from '../partner-migrations.js';
import { PARTNER_ENTITIES } from './own.rows.js';

it('the entities describe each table as the migrations make it', async () => {
  const database = await freshDatabase('partner_tables', PARTNER_MIGRATIONS);
  try {
    const entities = [...FOLLOWER_ENTITIES, ...EPCIS_ENTITIES, OwnProjectionEntity, ...PARTNER_ENTITIES];
    expect(await driftOf(database.url, entities)).toEqual([]);
  } finally {
    await database.drop();
  }
});
