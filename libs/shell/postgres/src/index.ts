export { bigintAsNumber } from './columns.js';
export { backUpOwn, restoreOwn } from './backup.js';
export { linesOf } from './backup-file.js';
export { clearReadModel, migrate, type MigrateOptions, type Migrations, type Schema } from './migrate.js';
export { openPostgres } from './pool.js';
export { PostgresAway, type Postgres, type Sql, type Statement } from './sql.js';
export { repositoryOptions } from './repositories.js';
export { batchQueries } from './batched-queries.js';
