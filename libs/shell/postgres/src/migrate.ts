import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { MigrationInterface } from 'typeorm';
import type { Sql } from './sql.js';

/**
 * `readmodel` follows from the chain alone and may be emptied at any time; `own` is what this service alone knows, and
 * is backed up.
 */
export const SCHEMAS = ['readmodel', 'own'] as const;
/** The name of one of the two schemas. */
export type Schema = (typeof SCHEMAS)[number];

/** Migrations as classes, never as paths; oldest first, the time in the name gives the order. */
export type Migrations = readonly (new () => MigrationInterface)[];

/** Any number, the same for all who migrate one database. */
const MIGRATION_LOCK = 7_203_114;

/** The migrations of one schema. */
export interface SchemaMigrations {
  readonly url: string;
  /** The schema of the tables, and of the notes of its migrations, so that each schema can be dropped or put back alone. */
  readonly schema: Schema;
  readonly migrations: Migrations;
}

/** Connects TypeORM to one schema for its migrations. Nothing is synchronised: migrations are the only way. */
export function openMigrations({ url, schema, migrations }: SchemaMigrations): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations: [...migrations],
    migrationsTableName: 'migration',
    // Each in its own transaction: one that fails leaves those before it, and nothing of itself.
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
  }).initialize();
}

/** The database and the migrations of {@link migrate}. */
export interface MigrateOptions {
  readonly url: string;
  /** Migrations by schema; those of `readmodel` run first. */
  readonly migrations: Readonly<Partial<Record<Schema, Migrations>>>;
}

/**
 * Makes the two schemas and runs the migrations that have not run. Two processes that start at once wait for each
 * other. Returns the names of those that ran.
 */
export async function migrate({ url, migrations }: MigrateOptions): Promise<readonly string[]> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    for (const schema of SCHEMAS) await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await moveNotes(client, migrations.readmodel ?? []);
    const ran: string[] = [];
    for (const schema of SCHEMAS) {
      const source = await openMigrations({ url, schema, migrations: migrations[schema] ?? [] });
      try {
        ran.push(...(await source.runMigrations()).map(({ name }) => name));
      } finally {
        await source.destroy();
      }
    }
    return ran;
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}

/** Databases of before the schemas kept notes of their own have all of them in `own`. */
async function moveNotes(client: Client, readmodel: Migrations): Promise<void> {
  const { rows } = await client.query(`SELECT to_regclass('own.migration') IS NOT NULL AS kept`);
  if (!(rows as readonly { readonly kept: boolean }[])[0]!.kept) return;
  await client.query('CREATE TABLE IF NOT EXISTS readmodel.migration (LIKE own.migration INCLUDING ALL)');
  const names = readmodel.map(({ name }) => name);
  await client.query(
    `WITH moved AS (DELETE FROM own.migration WHERE name = ANY($1) RETURNING *)
     INSERT INTO readmodel.migration SELECT * FROM moved`,
    [names],
  );
}

/** Empties every table of the read model, its progress included: followers begin again at genesis. */
export async function clearReadModel(sql: Sql): Promise<void> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname = 'readmodel' AND tablename <> 'migration'`,
  );
  if (rows.length > 0) await sql.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} CASCADE`);
}
