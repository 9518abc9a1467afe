import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { DataSourceOptions, MigrationInterface, MixedList } from 'typeorm';
import type { Sql } from './sql.js';

/**
 * `readmodel` follows from the chain alone and may be emptied at any time; `own` is what this service alone knows, and
 * is backed up.
 */
export const SCHEMAS = ['readmodel', 'own'] as const;

/** Any number, the same for all who migrate one database. */
const MIGRATION_LOCK = 7_203_114;

export interface TablesOptions {
  readonly url: string;
  /** Migrations as classes, never as paths: oldest first, the time in the name gives the order. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly entities?: readonly (new () => object)[];
}

/** For `TypeOrmModule.forRoot` and {@link openTypeOrm}: nothing is synchronised, migrations are the only way. */
export function typeOrmOptions({ url, migrations, entities = [] }: TablesOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    schema: 'own',
    entities: [...entities] as MixedList<new () => object>,
    migrations: [...migrations],
    migrationsTableName: 'migration',
    // Each in its own transaction: one that fails leaves those before it, and nothing of itself.
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
  };
}

/** Connects; run {@link migrate} first. */
export function openTypeOrm(options: TablesOptions): Promise<DataSource> {
  return new DataSource(typeOrmOptions(options)).initialize();
}

/**
 * Makes the two schemas and runs the migrations that have not run. Two processes that start at once wait for each
 * other. Returns the names of those that ran.
 */
export async function migrate(options: TablesOptions): Promise<readonly string[]> {
  const client = new Client(options.url);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    for (const schema of SCHEMAS) await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    const source = await openTypeOrm({ ...options, entities: [] });
    try {
      return (await source.runMigrations()).map(({ name }) => name);
    } finally {
      await source.destroy();
    }
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}

/** Empties every table of the read model, its progress included: followers begin again at genesis. */
export async function clearReadModel(sql: Sql): Promise<void> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'readmodel'`,
  );
  if (rows.length > 0) await sql.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} CASCADE`);
}
