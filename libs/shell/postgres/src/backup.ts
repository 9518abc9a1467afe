import { createHash } from 'node:crypto';
import type { Signer } from '@custos/core-crypto';
import {
  BackupRefused,
  checkFile,
  FORMAT,
  signedSeal,
  type BackupOwner,
  type Header,
  type Row,
  type Table,
} from './backup-file.js';
import type { Postgres, Sql } from './sql.js';

/** Rows read or written at once: a few megabytes of signed transactions. */
const ROWS_TOGETHER = 200;
/** How far the rows of `own` follow the chain: a service that was started once has begun it, the backup has the truth. */
const PROGRESS = 'projection';

/**
 * Writes schema `own` as it stands at one moment, a JSON line a row, while the service may run. The last line holds
 * number and hash of all before it, signed: a file that was cut or changed is refused. Returns the number of rows.
 */
export function backUpOwn(postgres: Postgres, signer: Signer, write: (line: string) => Promise<void>): Promise<number> {
  return postgres.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const header: Header = { format: FORMAT, migrations: await migrationsOf(sql), tables: await tablesOf(sql) };
    const hash = createHash('sha256');
    let lines = 0;
    const put = async (text: string): Promise<void> => {
      hash.update(`${text}\n`);
      lines++;
      await write(`${text}\n`);
    };
    await put(JSON.stringify(header));
    for (const [index, { name, columns }] of header.tables.entries()) {
      const texts = columns.map((column) => `${column.name}::text`).join(', ');
      await sql.query(`DECLARE rows NO SCROLL CURSOR FOR SELECT ARRAY[${texts}] AS row FROM own.${name}`);
      for (;;) {
        const { rows } = await sql.query<Omit<Row, 'table'>>(`FETCH ${ROWS_TOGETHER} FROM rows`);
        if (rows.length === 0) break;
        for (const { row } of rows) await put(JSON.stringify({ table: index, row } satisfies Row));
      }
      await sql.query('CLOSE rows');
    }
    await write(`${JSON.stringify(await signedSeal(signer, lines, hash.digest('hex')))}\n`);
    return lines - 1;
  });
}

/**
 * Puts a backup into the tables of a stopped service, which must be empty. How far they follow the chain is among them:
 * so the follower settles what became final since the backup before the relay may sign anything anew, and nothing is
 * done twice. All in one transaction: a crash leaves the database as it was. Returns the number of rows.
 * @throws BackupRefused
 */
export async function restoreOwn(
  postgres: Postgres,
  owner: BackupOwner,
  lines: () => AsyncIterable<string>,
): Promise<number> {
  const header = await checkFile(owner, lines());
  return postgres.transaction(async (sql) => {
    await checkTarget(sql, header);
    let count = 0;
    let together: Row[] = [];
    const flush = async (): Promise<void> => {
      if (together.length > 0) await insertRows(sql, header.tables[together[0]!.table]!, together);
      count += together.length;
      together = [];
    };
    for await (const line of lines()) {
      const next = JSON.parse(line) as Partial<Row>;
      if (next.row === undefined) continue;
      if (next.table !== together[0]?.table || together.length === ROWS_TOGETHER) await flush();
      together.push(next as Row);
    }
    await flush();
    for (const { name } of header.tables) await setSequences(sql, name);
    return count;
  });
}

async function checkTarget(sql: Sql, { migrations, tables }: Header): Promise<void> {
  const here = await migrationsOf(sql);
  if (here.join() !== migrations.join() || JSON.stringify(await tablesOf(sql)) !== JSON.stringify(tables))
    throw new BackupRefused(
      `the tables are of another version (backup ${migrations.at(-1)}, here ${here.at(-1) ?? 'none'}): ` +
        'start that version of the service once on this database, and stop it',
    );
  await sql.query(`LOCK TABLE ${tables.map(({ name }) => `own.${name}`).join(', ')} IN EXCLUSIVE MODE`);
  for (const { name } of tables) {
    if (name === PROGRESS) {
      await sql.query(`DELETE FROM own.${name}`);
      continue;
    }
    const { rowCount } = await sql.query(`SELECT 1 FROM own.${name} LIMIT 1`);
    if (rowCount > 0) throw new BackupRefused(`own.${name} has rows: restore into a new database, never over one`);
  }
}

async function insertRows(sql: Sql, { name, columns }: Table, rows: readonly Row[]): Promise<void> {
  const names = columns.map((column) => column.name).join(', ');
  const values = columns.map(({ type }, i) => `c${i}::${type}`).join(', ');
  const texts = columns.map((_, i) => `$${i + 1}::text[]`).join(', ');
  await sql.query(
    `INSERT INTO own.${name} (${names}) OVERRIDING SYSTEM VALUE
     SELECT ${values} FROM unnest(${texts}) AS t (${columns.map((_, i) => `c${i}`).join(', ')})`,
    columns.map((_, i) => rows.map(({ row }) => row[i])),
  );
}

/** Identity columns go on above what was restored. */
async function setSequences(sql: Sql, table: string): Promise<void> {
  const { rows } = await sql.query<{ column: string }>(
    `SELECT column_name AS column FROM information_schema.columns
     WHERE table_schema = 'own' AND quote_ident(table_name) = $1 AND is_identity = 'YES'`,
    [table],
  );
  for (const { column } of rows)
    await sql.query(
      `SELECT setval(pg_get_serial_sequence('own.${table}', '${column}'), max(${column})) FROM own.${table}`,
    );
}

async function migrationsOf(sql: Sql): Promise<readonly string[]> {
  const { rowCount } = await sql.query(`SELECT 1 FROM pg_tables WHERE schemaname = 'own' AND tablename = 'migration'`);
  if (rowCount === 0) throw new BackupRefused('there are no tables: start the service once on this database');
  const { rows } = await sql.query<{ name: string }>('SELECT name FROM own.migration ORDER BY timestamp, name');
  return rows.map(({ name }) => name);
}

/** Returns the tables of the schema `own` without the list of migrations; those that others refer to first. */
async function tablesOf(sql: Sql): Promise<readonly Table[]> {
  const { rows: columns } = await sql.query<{ table: string; name: string; type: string }>(
    `SELECT quote_ident(c.relname) AS "table", quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'own'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migration'
       AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
  );
  const { rows: references } = await sql.query<{ source: string; target: string }>(
    `SELECT quote_ident(s.relname) AS source, quote_ident(t.relname) AS target FROM pg_constraint c
     JOIN pg_class s ON s.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
     WHERE c.contype = 'f' AND c.connamespace = 'own'::regnamespace`,
  );
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    for (const { source, target } of references) if (source === name && target !== name) visit(target);
    ordered.add(name);
  };
  for (const { table } of columns) visit(table);
  return [...ordered].map((name) => ({
    name,
    columns: columns.filter(({ table }) => table === name).map((column) => ({ name: column.name, type: column.type })),
  }));
}
