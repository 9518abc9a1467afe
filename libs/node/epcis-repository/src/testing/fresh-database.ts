import { FOLLOWER_MIGRATIONS } from '@custos/node-follower';
import { freshDatabase, type FreshDatabase } from '@custos/shell-postgres/testing';
import { EPCIS_MIGRATIONS } from '../projections/migrations.js';

/** Returns a database with the tables of follower and repository. */
export function freshReadModel(): Promise<FreshDatabase> {
  return freshDatabase('epcis_spec', { readmodel: [...FOLLOWER_MIGRATIONS, ...EPCIS_MIGRATIONS] });
}
