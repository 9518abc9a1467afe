import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each projection is, and where its lane is read on. */
export class FollowerTables1764070000000 implements MigrationInterface {
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
