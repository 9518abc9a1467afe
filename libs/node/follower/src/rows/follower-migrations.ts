import type { Migrations } from '@custos/shell-postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each projection is, and where its lane is read on. */
class FollowerTables1764070000000 implements MigrationInterface {
  readonly name = 'FollowerTables1764070000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE readmodel.projection (
        name text PRIMARY KEY,
        version integer NOT NULL,
        height bigint NOT NULL,
        header bytea NOT NULL
      )`);
    await runner.query('CREATE TABLE readmodel.lane_position (lane text PRIMARY KEY, position text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readmodel.lane_position');
    await runner.query('DROP TABLE readmodel.projection');
  }
}

/** Whether a projection has had, since it was begun, all that the validator had. */
class CaughtUp1764300000000 implements MigrationInterface {
  readonly name = 'CaughtUp1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE readmodel.projection ADD COLUMN caught_up boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE readmodel.projection DROP COLUMN caught_up');
  }
}

/** Tables of `readmodel` that every follower needs, oldest first. */
export const FOLLOWER_MIGRATIONS: Migrations = [FollowerTables1764070000000, CaughtUp1764300000000];

/** The same beside the rows of `own`: for a service that projects into them. */
export class OwnProgress1764300100000 implements MigrationInterface {
  readonly name = 'OwnProgress1764300100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE own.projection (LIKE readmodel.projection INCLUDING ALL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE own.projection');
  }
}
