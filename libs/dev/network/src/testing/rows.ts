import { Client } from 'pg';

/** Every row of a read model as text, by table; without notes of the follower and the migrations. */
export interface ReadModel {
  /** That all of its projections have. */
  readonly height: number;
  readonly tables: ReadonlyMap<string, readonly string[]>;
}

const NOTES = ['projection', 'lane_position', 'migration'];

export async function readModelAt(url: string): Promise<ReadModel> {
  return withClient(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: heights } = await client.query<{ least: string; most: string }>(
      'SELECT min(height) AS least, max(height) AS most FROM readmodel.projection',
    );
    const [{ least, most }] = heights as [{ least: string; most: string }];
    if (least !== most) throw new Error(`projections stand at ${least} and ${most}`);
    const { rows: names } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'readmodel' ORDER BY 1`,
    );
    const tables = new Map<string, readonly string[]>();
    for (const { name } of names) {
      if (NOTES.includes(name)) continue;
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM readmodel.${name} t ORDER BY t::text COLLATE "C"`,
      );
      tables.set(
        name,
        rows.map(({ row }) => row),
      );
    }
    return { height: Number(least), tables };
  });
}

/** The first rows that differ in the tables that both have; undefined when there are none. */
export function differenceOf(lived: ReadModel, fresh: ReadModel): string | undefined {
  for (const [name, rows] of lived.tables) {
    const others = fresh.tables.get(name);
    if (others === undefined) continue;
    const [here, there] = [new Set(rows), new Set(others)];
    const lost = others.filter((row) => !here.has(row));
    const extra = rows.filter((row) => !there.has(row));
    if (lost.length + extra.length === 0 && rows.length === others.length) continue;
    return `${name}: ${lost.length} rows are missing (${lost[0]}), ${extra.length} are not of the chain (${extra[0]})`;
  }
  return undefined;
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
