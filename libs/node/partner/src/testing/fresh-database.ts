import { freshDatabase, type FreshDatabase } from '@custos/shell-postgres/testing';
import { PARTNER_MIGRATIONS } from '../partner-migrations.js';

/** Returns a database with the tables of a partner service. */
export function freshTables(): Promise<FreshDatabase> {
  return freshDatabase('partner_spec', PARTNER_MIGRATIONS);
}
