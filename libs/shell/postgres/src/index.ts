export { bigintAsNumber } from './columns.js';
export { backUpOwn, restoreOwn } from './backup.js';
export { BackupRefused, linesOf, type BackupOwner } from './backup-file.js';
export { clearReadModel, migrate, SCHEMAS, type MigrateOptions, type Migrations, type Schema } from './migrate.js';
export { openPostgres, type PostgresOptions } from './pool.js';
export { PostgresAway, type PoolUse, type Postgres, type Result, type Sql, type Statement } from './sql.js';
export { repositoryOptions } from './repositories.js';
export { unnestRows } from './unnest.js';
export { batchQueries } from './batched-queries.js';
