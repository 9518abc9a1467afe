import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate, type MigrateOptions } from '../migrate.js';
import { openPostgres } from '../pool.js';
import type { Postgres } from '../sql.js';

/** A database that one suite has to itself, on the server that the environment names. */
export interface FreshDatabase {
  readonly postgres: Postgres;
  readonly url: string;
  /** Closes the pool and removes the database. */
  drop(): Promise<void>;
}

/**
 * Creates a database and runs the migrations. `purpose` begins its name, in lower-case letters and `_`. The server is that
 * of CUSTOS_POSTGRES, which the runner of the suites sets.
 */
export async function freshDatabase(
  purpose: string,
  migrations: MigrateOptions['migrations'] = {},
): Promise<FreshDatabase> {
  const admin = process.env['CUSTOS_POSTGRES'] as string;
  const name = `${purpose}_${randomBytes(4).toString('hex')}`;
  const url = new URL(admin);
  url.pathname = `/${name}`;
  await asAdmin(admin, `CREATE DATABASE ${name}`);
  if (Object.keys(migrations).length > 0) await migrate({ url: url.href, migrations });
  const postgres = openPostgres({ url: url.href, applicationName: purpose });
  return {
    postgres,
    url: url.href,
    async drop() {
      await postgres.close();
      await asAdmin(admin, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function asAdmin(url: string, text: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(text).finally(() => client.end());
}
