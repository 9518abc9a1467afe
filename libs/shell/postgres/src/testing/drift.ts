import { DataSource } from 'typeorm';
import { SCHEMAS } from '../migrate.js';

type Entities = readonly (new () => object)[];

interface ColumnRow {
  readonly name: string;
  readonly shape: string;
}

/**
 * Returns each difference between the tables of `readmodel` and `own` and the entities that describe them: a table without
 * an entity or the other way round, a column, its type, whether it may be null, whether it is of the primary key.
 */
export async function driftOf(url: string, entities: Entities): Promise<readonly string[]> {
  const source = await new DataSource({ type: 'postgres', url, entities: [...entities] }).initialize();
  try {
    const tables = await tablesOf(source);
    const described = new Map(
      source.entityMetadatas.map(({ tablePath, columns }) => [tablePath, columns.map(shapeOf)]),
    );
    const lone = [...tables.keys()].filter((table) => !described.has(table)).map((table) => `${table}: no entity`);
    const missing = [...described.keys()].filter((table) => !tables.has(table)).map((table) => `${table}: no table`);
    const columns = [...tables].flatMap(([table, rows]) => differences(table, rows, described.get(table) ?? rows));
    return [...lone, ...missing, ...columns];
  } finally {
    await source.destroy();
  }
}

function shapeOf(column: DataSource['entityMetadatas'][number]['columns'][number]): ColumnRow {
  const { databaseName, type, isNullable, isPrimary, isArray, generatedType } = column;
  return {
    name: databaseName,
    shape: words(`${String(type)}${isArray ? '[]' : ''}`, isNullable, isPrimary, generatedType === 'STORED'),
  };
}

function words(type: string, isNullable: boolean, isPrimary: boolean, isGenerated: boolean): string {
  return [type, !isNullable && 'not null', isPrimary && 'primary', isGenerated && 'generated']
    .filter(Boolean)
    .join(' ');
}

function differences(table: string, rows: readonly ColumnRow[], described: readonly ColumnRow[]): readonly string[] {
  const names = [...new Set([...rows, ...described].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [own, stated] = [rows, described].map((all) => all.find((column) => column.name === name)?.shape ?? 'absent');
    return own === stated ? [] : [`${table}.${name}: ${own}, described as ${stated}`];
  });
}

// TypeORM keeps its own notes in `migration`.
async function tablesOf(source: DataSource): Promise<ReadonlyMap<string, readonly ColumnRow[]>> {
  const rows = await source.query<
    { table: string; name: string; type: string; nullable: boolean; primary: boolean; generated: boolean }[]
  >(
    `SELECT n.nspname || '.' || c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       NOT a.attnotnull AS nullable, a.attgenerated <> '' AS generated,
       COALESCE(a.attnum = ANY(p.conkey), false) AS primary
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
     WHERE n.nspname = ANY($1) AND c.relkind = 'r' AND c.relname <> 'migration'
     ORDER BY 1, a.attnum`,
    [[...SCHEMAS]],
  );
  const tables = new Map<string, ColumnRow[]>();
  for (const { table, name, type, nullable, primary, generated } of rows) {
    const columns = tables.get(table) ?? [];
    columns.push({ name, shape: words(type, nullable, primary, generated) });
    tables.set(table, columns);
  }
  return tables;
}
