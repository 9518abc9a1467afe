import type { Pool, PoolClient } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { isConnectionFailure } from './failures.js';
import { PostgresAway, type Postgres } from './sql.js';

type Connection = Pick<PoolClient, 'on' | 'removeListener'> & {
  query(text: string, values?: unknown[]): Promise<unknown>;
};

/** The part of the module `pg` that TypeORM uses: a class of pools. */
export interface PoolDriver {
  readonly Pool: new () => object;
}

/**
 * Returns TypeORM's options for repositories on the connections of a pool: for `TypeOrmModule.forRoot`. They share its
 * size, its time limits and its end: whoever opened the pool closes it. TypeORM wraps what a query throws in a
 * QueryFailedError; its `driverError` is a {@link PostgresAway} when the connection broke.
 */
export function repositoryOptions(
  { driver }: Pick<Postgres, 'driver'>,
  entities: readonly (new () => object)[],
): DataSourceOptions {
  return {
    ...{ type: 'postgres', driver, entities: [...entities] },
    ...{ synchronize: false, installExtensions: false, logging: false },
  };
}

/** Creates a driver whose only pool is this one. */
export function poolDriver(pool: Pool): PoolDriver {
  const shared = {
    connect(done: (error?: unknown, connection?: Connection, release?: (error?: Error) => void) => void): void {
      pool.connect().then(
        (client) => done(undefined, connectionOf(client), (error) => client.release(error)),
        (error: unknown) => done(away(error)),
      );
    },
    // TypeORM would report an idle connection that breaks; the pool itself replaces it.
    on: () => shared,
    end: (done: () => void): void => done(),
  };
  function SharedPool(): object {
    return shared;
  }
  return { Pool: SharedPool as unknown as PoolDriver['Pool'] };
}

function connectionOf(client: PoolClient): Connection {
  return {
    on: client.on.bind(client),
    removeListener: client.removeListener.bind(client),
    async query(text, values) {
      try {
        return await client.query(text, values);
      } catch (error) {
        throw away(error);
      }
    },
  };
}

function away(error: unknown): unknown {
  return isConnectionFailure(error) ? new PostgresAway(error) : error;
}
