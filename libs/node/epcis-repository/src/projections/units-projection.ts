import type { Projection } from '@custos/node-follower';
import { REGISTRY_SPACES } from '@custos/core-registry';
import type { Sql, Statement } from '@custos/shell-postgres';
import { foldUnits, staysOf, type Move, type Stated } from './fold-units.js';
import { storableJson } from './storable.js';

/** Column of `readmodel.unit`, the member of a receipt's statement that it keeps, and how. */
const COLUMNS: readonly (readonly [column: string, member: string, value: string])[] = [
  text('gtin', 'gtin'),
  text('lot', 'lot'),
  text('expiry', 'expiry'),
  json('lifecycle', 'lifecycle'),
  ['lifecycle_moment', 'lifecycleMoment', "(s.set ->> 'lifecycleMoment')::bigint"],
  ['on_hold', 'onHold', "(s.set ->> 'onHold')::boolean"],
  ['incarnation', 'incarnation', "(s.set ->> 'incarnation')::integer"],
  text('container', 'container'),
  text('owner', 'owner'),
  text('pending_owner', 'pendingOwner'),
  text('possessor', 'possessor'),
  text('received_from', 'receivedFrom'),
  text('location', 'location'),
  json('transit', 'transit'),
  text('contents', 'contents'),
  ['contents_by', 'contentsKey', "k.value ->> 'party'"],
];

function text(column: string, member: string): readonly [string, string, string] {
  return [column, member, `s.set ->> '${member}'`];
}

function json(column: string, member: string): readonly [string, string, string] {
  return [column, member, `NULLIF(s.set -> '${member}', 'null')`];
}

const names = COLUMNS.map(([column]) => column);

// A member that is not stated keeps its value; one stated as null loses it.
const SAVE_UNITS: Statement = {
  name: 'save_units',
  text: `  MERGE INTO readmodel.unit AS u
  USING (
    SELECT s.key, s.set, s.moment, ${COLUMNS.map(([column, , value]) => `${value} AS ${column}`).join(', ')}
    FROM unnest($1::text[], $2::jsonb[], $3::bigint[]) AS s (key, set, moment)
    LEFT JOIN readmodel.registry k ON k.key = '${REGISTRY_SPACES.key}' || (s.set ->> 'contentsKey')
  ) AS n ON u.key = n.key
  WHEN MATCHED THEN UPDATE SET moment = n.moment, ${COLUMNS.map(
    ([column, member]) => `${column} = CASE WHEN n.set ? '${member}' THEN n.${column} ELSE u.${column} END`,
  ).join(', ')}
  WHEN NOT MATCHED THEN INSERT (key, moment, ${names.join(', ')})
    VALUES (n.key, n.moment, ${names.map((column) => `n.${column}`).join(', ')})`,
};

const SAVE_LOTS: Statement = {
  name: 'save_lots',
  text: `  INSERT INTO readmodel.lot AS l (key, expiry, recalls, moment)
  SELECT s.key, s.set ->> 'expiry', s.set -> 'recalls', s.moment
  FROM unnest($1::text[], $2::jsonb[], $3::bigint[]) AS s (key, set, moment)
  ON CONFLICT (key) DO UPDATE SET
    expiry = COALESCE(excluded.expiry, l.expiry),
    recalls = COALESCE(excluded.recalls, l.recalls),
    moment = excluded.moment`,
};

const END_STAYS: Statement = {
  name: 'end_stays',
  text: `  UPDATE readmodel.containment AS c SET ended = s.ended
  FROM unnest($1::text[], $2::bigint[]) AS s (unit, ended)
  WHERE c.unit = s.unit AND c.ended IS NULL`,
};

const BEGIN_STAYS: Statement = {
  name: 'begin_stays',
  text: `  INSERT INTO readmodel.containment (unit, container, began, ended)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])`,
};

/** Units, lots and containment, as receipts state them. Needs {@link registryProjection} before it. */
export const unitsProjection: Projection = {
  name: 'units',
  version: 1,
  async clear(sql) {
    await sql.query('TRUNCATE readmodel.unit, readmodel.containment, readmodel.lot');
  },
  async genesis() {
    // Genesis knows no units.
  },
  async project(sql, block) {
    const { units, lots, moves } = foldUnits(block);
    await saveStated(sql, SAVE_UNITS, units);
    await saveStated(sql, SAVE_LOTS, lots);
    await saveMoves(sql, moves);
  },
};

async function saveStated(sql: Sql, statement: Statement, stated: readonly Stated[]): Promise<void> {
  if (stated.length === 0) return;
  await sql.query(statement, [
    stated.map(({ key }) => key),
    stated.map(({ set }) => storableJson(set)),
    stated.map(({ moment }) => moment),
  ]);
}

async function saveMoves(sql: Sql, moves: readonly Move[]): Promise<void> {
  const { ended, begun } = staysOf(moves);
  if (ended.length > 0) await sql.query(END_STAYS, [ended.map(({ unit }) => unit), ended.map(({ to }) => to)]);
  if (begun.length === 0) return;
  await sql.query(BEGIN_STAYS, [
    begun.map(({ unit }) => unit),
    begun.map(({ container }) => container),
    begun.map(({ from }) => from),
    begun.map(({ to }) => to),
  ]);
}
