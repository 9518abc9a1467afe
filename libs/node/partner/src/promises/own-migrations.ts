import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a partner service alone knows: what it signed, what it promised to whom, what became of it. */
export class PartnerTables1764070400000 implements MigrationInterface {
  readonly name = 'PartnerTables1764070400000';

  async up(runner: QueryRunner): Promise<void> {
    // json, not jsonb: what comes from a signed document comes back as it was, a NUL in a text too.
    await runner.query(`
      CREATE TABLE own.job (
        job uuid PRIMARY KEY,
        kind text NOT NULL,
        created_at bigint NOT NULL,
        on_error text NOT NULL,
        rejected json NOT NULL
      )`);
    // One row a transaction. A document that was split leaves part after part (K17).
    await runner.query(`
      CREATE TABLE own.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        job uuid NOT NULL REFERENCES own.job,
        part integer NOT NULL,
        tx_id text NOT NULL UNIQUE,
        bytes bytea NOT NULL,
        expires_at bigint NOT NULL,
        events json NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        height bigint,
        block_time bigint,
        receipts json,
        inclusion json,
        UNIQUE (job, part)
      )`);
    await runner.query(`CREATE INDEX outbox_pending ON own.outbox (sequence) WHERE status = 'pending'`);
    await runner.query(`
      CREATE TABLE own.idempotency (
        caller text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        body_hash text NOT NULL,
        job uuid NOT NULL REFERENCES own.job,
        created_at bigint NOT NULL,
        PRIMARY KEY (caller, route, key)
      )`);
    await runner.query('CREATE INDEX idempotency_age ON own.idempotency (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['own.idempotency', 'own.outbox', 'own.job']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

/** How far the outbox is settled stands beside it, not in the read model, where it was once. */
export class SettlementProgress1764300200000 implements MigrationInterface {
  readonly name = 'SettlementProgress1764300200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      WITH moved AS (DELETE FROM readmodel.projection WHERE name = 'settlement' RETURNING *)
      INSERT INTO own.projection SELECT * FROM moved ON CONFLICT DO NOTHING`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM own.projection');
  }
}

/** L2.8: values behind seals, and events of persons as the chain has them; backed up with the rest. */
export class PartnerVault1764300300000 implements MigrationInterface {
  readonly name = 'PartnerVault1764300300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE own.vault (seal text PRIMARY KEY, salt text NOT NULL, value json NOT NULL, created_at bigint NOT NULL)',
    );
    await runner.query(`
      CREATE TABLE own.sealed_event (
        content_hash text PRIMARY KEY,
        client_id text NOT NULL,
        event_id text NOT NULL,
        part json NOT NULL
      )`);
    await runner.query('CREATE INDEX sealed_event_by_client ON own.sealed_event (client_id)');
    await runner.query('CREATE INDEX sealed_event_by_id ON own.sealed_event (event_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['own.sealed_event', 'own.vault']) await runner.query(`DROP TABLE ${table}`);
  }
}

/** Old jobs are looked for by their age, and by whether a key leads to them. */
export class JobAge1764300400000 implements MigrationInterface {
  readonly name = 'JobAge1764300400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX job_age ON own.job (created_at)');
    await runner.query('CREATE INDEX idempotency_job ON own.idempotency (job)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX own.idempotency_job');
    await runner.query('DROP INDEX own.job_age');
  }
}
