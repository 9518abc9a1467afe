import { randomBytes } from 'node:crypto';
import { migrate, openPostgres, type Postgres } from '@custos/shell-postgres';
import { Client } from 'pg';
import { PARTNER_MIGRATIONS } from '../world.js';

/** A database of its own, with the tables of a partner service. */
export interface FreshDatabase {
  readonly postgres: Postgres;
  readonly url: string;
  drop(): Promise<void>;
}

export async function freshDatabase(): Promise<FreshDatabase> {
  const admin = process.env['CUSTOS_POSTGRES'] as string;
  const name = `partner_spec_${randomBytes(4).toString('hex')}`;
  const url = new URL(admin);
  url.pathname = `/${name}`;
  await asAdmin(admin, `CREATE DATABASE ${name}`);
  await migrate({ url: url.href, migrations: PARTNER_MIGRATIONS });
  const postgres = openPostgres({ url: url.href, applicationName: 'partner spec' });
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

/** Resolves when it holds, looked at after every turn of the event loop; fails after the limit. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, limitMs = 150_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
