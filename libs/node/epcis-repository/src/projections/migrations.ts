import type { Migrations } from '@custos/shell-postgres';
import type { MigrationInterface, QueryRunner } from 'typeorm';

async function runAll(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await runner.query(statement);
}

/** Parties, places, keys, products and rules, each under its state key. */
class RegistryTables1764070100000 implements MigrationInterface {
  readonly name = 'RegistryTables1764070100000';

  up(runner: QueryRunner): Promise<void> {
    return runAll(runner, [
      `CREATE TABLE readmodel.registry (
        key text PRIMARY KEY,
        value jsonb NOT NULL,
        beside jsonb
      )`,
    ]);
  }

  down(runner: QueryRunner): Promise<void> {
    return runAll(runner, ['DROP TABLE readmodel.registry']);
  }
}

/**
 * Events, accepted and refused, and a row for each unit that one names. `moment` is the event's place in the order of
 * the chain; times are milliseconds. `event` is json and not jsonb: as signed, byte for byte.
 */
class EventTables1764070200000 implements MigrationInterface {
  readonly name = 'EventTables1764070200000';

  up(runner: QueryRunner): Promise<void> {
    return runAll(runner, [
      `CREATE TABLE readmodel.event (
        moment bigint PRIMARY KEY,
        transaction text NOT NULL,
        event_index integer NOT NULL,
        block_time bigint NOT NULL,
        key_id text NOT NULL,
        party text NOT NULL,
        created_at bigint NOT NULL,
        outcome text NOT NULL,
        refusal text,
        facts jsonb,
        warnings jsonb NOT NULL,
        event json NOT NULL,
        event_id text,
        event_time bigint,
        type text,
        action text,
        biz_step text,
        disposition text,
        location text,
        parties text[] NOT NULL
      )`,
      'CREATE INDEX event_by_id ON readmodel.event (event_id, party) WHERE event_id IS NOT NULL',
      `CREATE TABLE readmodel.mention (
        unit text NOT NULL,
        moment bigint NOT NULL,
        role text NOT NULL,
        inside boolean NOT NULL,
        PRIMARY KEY (unit, moment, role)
      )`,
    ]);
  }

  down(runner: QueryRunner): Promise<void> {
    return runAll(runner, ['DROP TABLE readmodel.mention', 'DROP TABLE readmodel.event']);
  }
}

/**
 * Units and lots as they stand, and every stay of a unit in a container. Custody stands on the outermost container
 * alone, so that moving a pallet changes one row.
 */
class UnitTables1764070300000 implements MigrationInterface {
  readonly name = 'UnitTables1764070300000';

  up(runner: QueryRunner): Promise<void> {
    return runAll(runner, [
      `CREATE TABLE readmodel.unit (
        key text PRIMARY KEY,
        gtin text,
        lot text,
        expiry text,
        lifecycle jsonb,
        lifecycle_moment bigint,
        state text GENERATED ALWAYS AS (lifecycle ->> 'state') STORED,
        reason text GENERATED ALWAYS AS (lifecycle ->> 'reason') STORED,
        on_hold boolean,
        incarnation integer,
        container text,
        owner text,
        pending_owner text,
        possessor text,
        received_from text,
        location text,
        transit jsonb,
        transit_to text GENERATED ALWAYS AS (transit ->> 'to') STORED,
        contents text,
        contents_by text,
        moment bigint NOT NULL
      )`,
      'CREATE INDEX unit_of_lot ON readmodel.unit (lot) WHERE lot IS NOT NULL',
      'CREATE INDEX unit_in_container ON readmodel.unit (container) WHERE container IS NOT NULL',
      `CREATE INDEX unit_of_possessor ON readmodel.unit (possessor, key) WHERE state <> 'inactive'`,
      `CREATE INDEX unit_on_its_way ON readmodel.unit (transit_to, key) WHERE state <> 'inactive'`,
      `CREATE TABLE readmodel.containment (
        unit text NOT NULL,
        began bigint NOT NULL,
        ended bigint,
        container text NOT NULL,
        PRIMARY KEY (unit, began)
      )`,
      `CREATE TABLE readmodel.lot (
        key text PRIMARY KEY,
        expiry text,
        recalls jsonb,
        moment bigint NOT NULL
      )`,
    ]);
  }

  down(runner: QueryRunner): Promise<void> {
    return runAll(runner, [
      'DROP TABLE readmodel.lot',
      'DROP TABLE readmodel.containment',
      'DROP TABLE readmodel.unit',
    ]);
  }
}

/** The JSON-LD contexts of captures, as signed; events of our own have none. */
class CaptureContexts1764070350000 implements MigrationInterface {
  readonly name = 'CaptureContexts1764070350000';

  up(runner: QueryRunner): Promise<void> {
    return runAll(runner, [
      'CREATE TABLE readmodel.capture_context (transaction text PRIMARY KEY, context json NOT NULL)',
    ]);
  }

  down(runner: QueryRunner): Promise<void> {
    return runAll(runner, ['DROP TABLE readmodel.capture_context']);
  }
}

/** In this order; the follower's own tables come before them. */
export const EPCIS_MIGRATIONS: Migrations = [
  RegistryTables1764070100000,
  EventTables1764070200000,
  UnitTables1764070300000,
  CaptureContexts1764070350000,
];
