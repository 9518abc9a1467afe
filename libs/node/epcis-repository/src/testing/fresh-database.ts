import { randomBytes } from 'node:crypto';
import { FOLLOWER_MIGRATIONS } from '@custos/node-follower';
import { migrate, openPostgres, type Postgres } from '@custos/shell-postgres';
import { Client } from 'pg';
import { EPCIS_MIGRATIONS } from '../projections/migrations.js';

/** A database of its own for one suite, with the tables of follower and repository. */
export interface FreshDatabase {
  readonly postgres: Postgres;
  drop(): Promise<void>;
}

export async function freshDatabase(): Promise<FreshDatabase> {
  const admin = process.env['CUSTOS_POSTGRES'] as string;
  const name = `epcis_spec_${randomBytes(4).toString('hex')}`;
  const url = new URL(admin);
  url.pathname = `/${name}`;
  await asAdmin(admin, `CREATE DATABASE ${name}`);
  await migrate({ url: url.href, migrations: { readmodel: [...FOLLOWER_MIGRATIONS, ...EPCIS_MIGRATIONS] } });
  const postgres = openPostgres({ url: url.href, applicationName: 'epcis-repository spec' });
  return {
    postgres,
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
