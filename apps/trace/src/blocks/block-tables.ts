import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Final blocks as headers say them, and who signed the certificate of their run. */
export class BlockTables1764070500000 implements MigrationInterface {
  readonly name = 'BlockTables1764070500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE readmodel.block (
        height bigint PRIMARY KEY,
        hash text NOT NULL,
        time bigint NOT NULL,
        view bigint NOT NULL,
        proposer integer NOT NULL,
        transactions integer NOT NULL,
        state_root text NOT NULL,
        signers integer[] NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readmodel.block');
  }
}
