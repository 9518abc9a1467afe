import { Client, escapeIdentifier } from 'pg';

/** Two sessions that make the same role or database at once: one gets one of these, and that is fine. */
const ALREADY_THERE = new Set(['42710', '42P04', '23505']);

/**
 * Makes a database and a role that owns it, both called `name`, unless they are there; no one else may connect to it.
 * Returns the url for the role.
 *
 * @param postgresUrl a url of somebody who may create databases and roles
 */
export async function database(postgresUrl: string, name: string): Promise<string> {
  const quoted = escapeIdentifier(name);
  await withClient(postgresUrl, async (client) => {
    for (const statement of [
      // The password lets a server that asks for one be used as well; it guards nothing outside a developer's machine.
      `CREATE ROLE ${quoted} LOGIN PASSWORD 'custos'`,
      `GRANT ${quoted} TO CURRENT_USER`,
      `CREATE DATABASE ${quoted} OWNER ${quoted}`,
      `REVOKE CONNECT ON DATABASE ${quoted} FROM PUBLIC`,
    ]) {
      await client.query(statement).catch((error: { code?: string }) => {
        if (!ALREADY_THERE.has(error.code ?? '')) throw error;
      });
    }
  });
  const url = new URL(postgresUrl);
  url.username = name;
  url.password = 'custos';
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops the database and its role, and whoever is connected. */
export async function dropDatabase(postgresUrl: string, name: string): Promise<void> {
  const quoted = escapeIdentifier(name);
  await withClient(postgresUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${quoted}`);
  });
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
