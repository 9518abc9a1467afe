import type { MigrationInterface, QueryRunner } from 'typeorm';
import { clearReadModel, migrate, openMigrations } from './migrate.js';
import { openPostgres } from './pool.js';
import { PostgresAway, type Postgres } from './sql.js';
import { freshDatabase, wireTo, type FreshDatabase } from './testing/index.js';
import { unnestRows } from './unnest.js';

class Tables1700000000000 implements MigrationInterface {
  readonly name = 'Tables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE readmodel.unit (key text PRIMARY KEY, height bigint, fields jsonb, hash bytea)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readmodel.unit');
  }
}

class Tokens1700000000000 implements MigrationInterface {
  readonly name = 'Tokens1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE own.token (name text PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE own.token');
  }
}

class Broken1700000000001 implements MigrationInterface {
  readonly name = 'Broken1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE own.half (n int)');
    await runner.query('CREATE TABLE own.half (n int)');
  }

  async down(): Promise<void> {
    return undefined;
  }
}

const INSERT = {
  name: 'insert_unit',
  text: `INSERT INTO readmodel.unit
         SELECT * FROM unnest($1::text[], $2::bigint[], $3::jsonb[], $4::bytea[]) ON CONFLICT DO NOTHING`,
};

describe('a database', () => {
  let database: FreshDatabase;
  let url: string;
  let postgres: Postgres;

  const units = async (): Promise<number> => (await postgres.query('SELECT 1 FROM readmodel.unit')).rowCount;

  beforeAll(async () => {
    database = await freshDatabase('postgres_spec');
    ({ postgres, url } = database);
  });
  afterAll(async () => {
    await database.drop();
  });

  test('two that migrate at once run each migration once; one that fails leaves nothing of itself', async () => {
    const options = { url, migrations: { readmodel: [Tables1700000000000], own: [Tokens1700000000000] } };
    const ran = await Promise.all([migrate(options), migrate(options)]);
    expect(ran.flat()).toEqual(['Tables1700000000000', 'Tokens1700000000000']);
    const broken = { own: [Tokens1700000000000, Broken1700000000001] };
    await expect(migrate({ url, migrations: broken })).rejects.toThrow('half');
    await expect(postgres.query('SELECT 1 FROM own.half')).rejects.toThrow('does not exist');
  });

  test('absence 4: the read model can be dropped whole; its tables are made again, and nothing of ours is touched', async () => {
    const migrations = { readmodel: [Tables1700000000000], own: [Tokens1700000000000] };
    await postgres.query(`INSERT INTO own.token VALUES ('kept')`);
    await postgres.query('DROP SCHEMA readmodel CASCADE');
    expect(await migrate({ url, migrations })).toEqual(['Tables1700000000000']);
    expect(await units()).toBe(0);
    expect((await postgres.query('DELETE FROM own.token RETURNING name')).rows).toEqual([{ name: 'kept' }]);
  });

  test('notes of one list for both schemas, as there was once, are divided', async () => {
    const migrations = { readmodel: [Tables1700000000000], own: [Tokens1700000000000] };
    await postgres.query('INSERT INTO own.migration (timestamp, name) SELECT timestamp, name FROM readmodel.migration');
    await postgres.query('DROP TABLE readmodel.migration');
    expect(await migrate({ url, migrations })).toEqual([]);
    expect((await postgres.query('SELECT name FROM own.migration')).rows).toEqual([{ name: 'Tokens1700000000000' }]);
  });

  test('rows by unnest: chunks, json, bytes, null, and a second time nothing', async () => {
    const rows = Array.from({ length: 1_234 }, (_, n) => [
      `unit/${n}`,
      n,
      n === 0 ? null : JSON.stringify({ text: `"quoted", {and} \\back`, list: [n] }),
      Buffer.from([0, n % 256]),
    ]);
    expect(await postgres.transaction((sql) => unnestRows(sql, INSERT, rows))).toBe(1_234);
    expect(await unnestRows(postgres, INSERT, rows)).toBe(0);
    const { rows: found } = await postgres.query('SELECT * FROM readmodel.unit WHERE height < 2 ORDER BY height');
    expect(found).toEqual([
      { key: 'unit/0', height: '0', fields: null, hash: Buffer.from([0, 0]) },
      { key: 'unit/1', height: '1', fields: { text: `"quoted", {and} \\back`, list: [1] }, hash: Buffer.from([0, 1]) },
    ]);
  });

  test('an error rolls the whole transaction back, and is thrown as it is', async () => {
    const before = await units();
    const work = postgres.transaction(async (sql) => {
      await sql.query(`INSERT INTO readmodel.unit (key) VALUES ('lost')`);
      await sql.query(`INSERT INTO readmodel.unit (key) VALUES ('lost')`);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await units()).toBe(before);
  });

  test('a deadlock is tried again by itself', async () => {
    await postgres.query(`INSERT INTO own.token VALUES ('a'), ('b')`);
    let waiting: (() => void)[] = [];
    let runs = 0;
    // Both hold their first row before either asks for its second; a run after the first two waits for no one.
    const bothHold = (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (++runs < 2) return;
        for (const go of waiting) go();
        waiting = [];
      });
    const lock = (order: readonly string[]): Promise<void> =>
      postgres.transaction(async (sql) => {
        await sql.query('SELECT * FROM own.token WHERE name = $1 FOR UPDATE', [order[0]]);
        await bothHold();
        await sql.query('SELECT * FROM own.token WHERE name = $1 FOR UPDATE', [order[1]]);
      });
    await Promise.all([lock(['a', 'b']), lock(['b', 'a'])]);
    expect(runs).toBe(3);
  });

  test('a connection that breaks before the commit is tried again, one that breaks outside a transaction says so', async () => {
    const wire = await wireTo(url);
    const wired = openPostgres({ url: wire.url });
    try {
      let tries = 0;
      const key = await wired.transaction(async (sql) => {
        if (++tries === 1) wire.cut();
        await sql.query(`INSERT INTO readmodel.unit (key) VALUES ('after a cut')`);
        return 'after a cut';
      });
      expect({ key, tries }).toEqual({ key: 'after a cut', tries: 2 });
      const slow = wired.query('SELECT pg_sleep(10)');
      const refused = expect(slow).rejects.toThrow(PostgresAway);
      await wired.query('SELECT 1');
      wire.cut();
      await refused;
      await wired.health();
    } finally {
      await wired.close();
      wire.close();
    }
  });

  test('a commit whose outcome is unknown is not tried again', async () => {
    const wire = await wireTo(url);
    const wired = openPostgres({ url: wire.url });
    try {
      let tries = 0;
      const work = wired.transaction(async (sql) => {
        tries++;
        await sql.query('SELECT 1');
        // The cut comes after this last statement, so the commit is what finds the wire dead.
        process.nextTick(() => wire.cut());
      });
      await expect(work).rejects.toMatchObject({ name: 'PostgresAway', uncertain: true });
      expect(tries).toBe(1);
    } finally {
      await wired.close();
      wire.close();
    }
  });

  test('a server that is away: health and query say so', async () => {
    const wire = await wireTo(url);
    wire.close();
    const away = openPostgres({ url: wire.url });
    await expect(away.health()).rejects.toThrow('Postgres is away');
    await expect(away.transaction(async () => undefined)).rejects.toThrow(PostgresAway);
    await away.close();
  });

  test('TypeORM sees the same tables; clearing the read model leaves what is ours', async () => {
    const source = await openMigrations({ url, schema: 'readmodel', migrations: [Tables1700000000000] });
    const pending = await source.showMigrations();
    await source.destroy();
    expect(pending).toBe(false);
    await clearReadModel(postgres);
    expect(await units()).toBe(0);
    expect((await postgres.query('SELECT 1 FROM own.token')).rowCount).toBe(2);
  });
});
