import type { JsonObject } from '@custos/core-bytes';
import type { Entry } from '@custos/core-state';
import { type Projection, judgedParts } from '@custos/node-follower';
import type { Sql, Statement } from '@custos/shell-postgres';
import { entryAfter, isRegistryKey, levelStatements } from './registry-entries.js';
import { storableJson } from './storable.js';

const SAVE: Statement = {
  name: 'save_registry',
  text: `  INSERT INTO readmodel.registry (key, value, beside)
  SELECT * FROM unnest($1::text[], $2::jsonb[], $3::jsonb[])
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, beside = excluded.beside`,
};

/** The projection of the registry: genesis, and receipts of parties, keys and products. It runs before those that name parties. */
export const registryProjection: Projection = {
  name: 'registry',
  version: 1,
  async clear(sql) {
    await sql.query('TRUNCATE readmodel.registry');
  },
  async genesis(sql, { entries }) {
    const registered = [...entries].filter(([key]) => isRegistryKey(key));
    await save(sql, new Map(registered.map(([key, entry]) => [key, entryAfter(key, entry, {})])));
  },
  async project(sql, block) {
    const stated = judgedParts(block).flatMap(({ receipt }) =>
      receipt.changes.flatMap(({ keys, set }) => keys.flatMap((key) => statementsOf(key, set))),
    );
    if (stated.length === 0) return;
    const entries = new Map<string, Entry | undefined>(
      await findEntries(
        sql,
        stated.map(({ key }) => key),
      ),
    );
    for (const { key, set } of stated) entries.set(key, entryAfter(key, entries.get(key), set));
    await save(sql, entries);
  },
};

function statementsOf(key: string, set: JsonObject): readonly { readonly key: string; readonly set: JsonObject }[] {
  return isRegistryKey(key) ? [{ key, set }, ...levelStatements(key, set)] : [];
}

async function save(sql: Sql, entries: ReadonlyMap<string, Entry | undefined>): Promise<void> {
  const kept = [...entries].flatMap(([key, entry]) => (entry ? [{ key, entry }] : []));
  const gone = [...entries].flatMap(([key, entry]) => (entry ? [] : [key]));
  if (gone.length > 0) await sql.query('DELETE FROM readmodel.registry WHERE key = ANY($1)', [gone]);
  if (kept.length === 0) return;
  await sql.query(SAVE, [
    kept.map(({ key }) => key),
    kept.map(({ entry }) => storableJson(entry.value)),
    kept.map(({ entry }) => (entry.private ? storableJson(entry.private) : null)),
  ]);
}

interface RegistryRow {
  readonly key: string;
  readonly value: JsonObject;
  readonly beside: JsonObject | null;
}

const FIND: Statement = {
  name: 'find_entries',
  text: 'SELECT key, value, beside FROM readmodel.registry WHERE key = ANY($1)',
};

/** The named entries of the registry that there are, in the shape of the state: `registry(mapView(...))` reads them. */
export async function findEntries(sql: Sql, keys: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
  return entriesOf((await sql.query<RegistryRow>(FIND, [keys])).rows);
}

function entriesOf(rows: readonly RegistryRow[]): ReadonlyMap<string, Entry> {
  return new Map(rows.map(({ key, value, beside }) => [key, beside ? { value, private: beside } : { value }]));
}
