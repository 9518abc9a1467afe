/** A statement that each connection prepares once under its name: the same name always has the same text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The result of a statement. */
export interface Result<Row> {
  readonly rows: readonly Row[];
  /** Rows that the statement returned or changed. */
  readonly rowCount: number;
}

/**
 * Runs one statement; values stand for $1, $2 and so on. Column types are pg's: bigint and numeric come as text, bytea
 * as Buffer, json and jsonb parsed. An object or an array for a json column is passed as text (JSON.stringify), since an
 * array would be read as an SQL one.
 *
 * @throws {@link PostgresAway} when no connection can be had or it breaks; pg's DatabaseError for a "no" of the server
 */
export interface Sql {
  query<Row = Record<string, unknown>>(text: string | Statement, values?: readonly unknown[]): Promise<Result<Row>>;
}

/** Connections of a pool, and who waits for one. */
interface PoolUse {
  readonly idle: number;
  readonly busy: number;
  readonly waiting: number;
}

/** Connections to one database. `query` outside a transaction commits by itself. */
export interface Postgres extends Sql {
  /**
   * Runs `work` in one transaction and commits; an error of `work` rolls back and is thrown. `work` runs again, from
   * its first line, when the server asks for it (deadlock, serialisation) or the connection breaks before the commit
   * is sent; so it changes nothing but the database. When the connection breaks during the commit the outcome is not
   * known: that throws {@link PostgresAway} with `uncertain` true, and is never tried again here.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One statement as a {@link transaction} of its own, in one message to the server instead of three. */
  commit<Row = Record<string, unknown>>(text: string | Statement, values?: readonly unknown[]): Promise<Result<Row>>;
  /** Resolves when the database answers within 2 s; throws {@link PostgresAway} otherwise. */
  health(): Promise<void>;
  /** The pool as it stands. */
  connections(): PoolUse;
  /** The pool as TypeORM takes it: see `repositoryOptions`. */
  readonly driver: object;
  close(): Promise<void>;
}

/** Postgres does not answer: an I/O trouble, over when it is back. */
export class PostgresAway extends Error {
  override readonly name = 'PostgresAway';

  constructor(
    cause: unknown,
    /** True when a commit was under way: it may have happened. */
    readonly uncertain = false,
  ) {
    const why =
      cause instanceof Error && cause.message !== '' ? cause.message : String((cause as { code?: unknown })?.code);
    super(`Postgres is away (${why})`, { cause });
  }
}
