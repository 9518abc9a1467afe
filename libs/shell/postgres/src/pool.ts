import { Pool, type PoolClient } from 'pg';
import { isConnectionFailure, isContention } from './failures.js';
import { poolDriver } from './repositories.js';
import { PostgresAway, type Postgres, type Result, type Sql, type Statement } from './sql.js';

/** The settings of a pool of connections. */
export interface PostgresOptions {
  /** `postgres://role:password@host:port/database`. */
  readonly url: string;
  /** Most connections; ten services share a server that takes 100 by default. */
  readonly connections?: number;
  /** Names this process in pg_stat_activity. */
  readonly applicationName?: string;
}

const CONNECTIONS = 6;
/** Longest wait for a connection, free or new: above it 503 is the better answer to a request. */
const CONNECT_MS = 3_000;
/** A statement above this is a defect: the server ends it. */
const STATEMENT_MS = 30_000;
/** A transaction that does nothing for so long would hold its locks for ever. */
const IDLE_TRANSACTION_MS = 30_000;
const HEALTH_MS = 2_000;
/** Tries of one transaction, and the pause before the second; each further pause is twice as long. */
const TRIES = 6;
const PAUSE_MS = 20;
/** No further try begins after this time: then the answer is that the database is away. */
const RETRY_MS = 3_000;

/** Opens no connection yet: a process may start before its database does. */
export function openPostgres({ url, connections = CONNECTIONS, applicationName }: PostgresOptions): Postgres {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    application_name: applicationName,
    keepAlive: true,
  });
  // An idle connection that breaks leaves the pool; the next query opens another, so there is nothing to do.
  pool.on('error', () => undefined);
  // One in use that breaks fails its query; its event, unheard, would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    query: <Row>(text: string | Statement, values?: readonly unknown[]) => statement<Row>(pool, false, text, values),
    commit: <Row>(text: string | Statement, values?: readonly unknown[]) =>
      retried(() => statement<Row>(pool, true, text, values)),
    transaction: (work) => retried(() => transact(pool, work)),
    async health() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new PostgresAway(new Error(`no answer within ${HEALTH_MS} ms`))), HEALTH_MS);
      });
      try {
        // Again, since the first connection may be one whose end was not noticed yet.
        await Promise.race([retried(() => this.query('SELECT 1')), late]);
      } finally {
        clearTimeout(timer);
      }
    },
    connections: () => ({
      idle: pool.idleCount,
      busy: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    driver: poolDriver(pool),
    close: () => pool.end(),
  };
}

/** On a connection of its own; `uncertain` says what its loss means. */
async function statement<Row>(
  pool: Pool,
  uncertain: boolean,
  text: string | Statement,
  values: readonly unknown[] | undefined,
): Promise<Result<Row>> {
  const client = await connect(pool);
  let broken = false;
  try {
    return await run<Row>(client, text, values);
  } catch (error) {
    broken = isConnectionFailure(error);
    throw broken ? new PostgresAway(error, uncertain) : error;
  } finally {
    client.release(broken);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw isConnectionFailure(error) ? new PostgresAway(error) : error;
  }
}

async function run<Row>(
  client: PoolClient,
  text: string | Statement,
  values: readonly unknown[] | undefined,
): Promise<Result<Row>> {
  const query = typeof text === 'string' ? { text } : { name: text.name, text: text.text };
  const { rows, rowCount } = await client.query({ ...query, values: values as unknown[] });
  return { rows: rows as Row[], rowCount: rowCount ?? 0 };
}

/** One try. Only what the server certainly rolled back, or never got, is thrown as something to try again. */
async function transact<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let committing = false;
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work({ query: (text, values) => run(client, text, values) });
    committing = true;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = isConnectionFailure(error);
    if (broken) throw new PostgresAway(error, committing);
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + RETRY_MS;
  for (let tries = 1, wait = PAUSE_MS; ; tries++, wait *= 2) {
    try {
      return await attempt();
    } catch (error) {
      const again = isContention(error) || (error instanceof PostgresAway && !error.uncertain);
      if (!again || tries === TRIES || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
