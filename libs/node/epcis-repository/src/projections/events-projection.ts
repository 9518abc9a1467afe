import { canonicalJson } from '@custos/core-bytes';
import { REGISTRY_SPACES } from '@custos/core-registry';
import type { Projection } from '@custos/node-follower';
import type { Sql, Statement } from '@custos/shell-postgres';
import { readEvents, type ContextRow, type EventRow, type MentionRow } from './read-events.js';
import { storableJson, storableText } from './storable.js';

// The party behind a key never changes (L2.6), so the registry's rows may be ahead of this block.
const SAVE_EVENTS: Statement = {
  name: 'save_events',
  text: `INSERT INTO readmodel.event (
    moment, transaction, event_index, block_time, key_id, party, created_at, outcome, refusal, facts, warnings,
    event, event_id, event_time, type, action, biz_step, disposition, location, parties)
  SELECT s.moment, s.transaction, s.event_index, $1, s.key_id, k.value ->> 'party', s.created_at, s.outcome, s.refusal,
    s.facts, s.warnings, s.event::json, s.event_id, s.event_time, s.type, s.action, s.biz_step, s.disposition, s.location,
    ARRAY(SELECT jsonb_array_elements_text(s.parties))
  FROM unnest(
    $2::bigint[], $3::text[], $4::int[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::jsonb[], $10::jsonb[],
    $11::text[], $12::text[], $13::bigint[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
    $19::jsonb[]
  ) AS s (moment, transaction, event_index, key_id, created_at, outcome, refusal, facts, warnings,
    event, event_id, event_time, type, action, biz_step, disposition, location, parties)
  LEFT JOIN readmodel.registry k ON k.key = '${REGISTRY_SPACES.key}' || s.key_id`,
};

const SAVE_MENTIONS: Statement = {
  name: 'save_mentions',
  text: `INSERT INTO readmodel.mention (unit, moment, role, inside)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[])`,
};

const SAVE_CONTEXTS: Statement = {
  name: 'save_contexts',
  text: `INSERT INTO readmodel.capture_context (transaction, context)
  SELECT s.transaction, s.context::json FROM unnest($1::text[], $2::text[]) AS s (transaction, context)`,
};

/** Every event of every capture, accepted or refused, and the units that it names. Needs {@link registryProjection} before it. */
export const eventsProjection: Projection = {
  name: 'events',
  version: 2,
  async clear(sql) {
    await sql.query('TRUNCATE readmodel.event, readmodel.mention, readmodel.capture_context');
  },
  async genesis() {
    // Before block 1 nothing has happened.
  },
  async project(sql, block) {
    const { events, mentions, contexts } = readEvents(block);
    if (events.length > 0) await saveEvents(sql, block.block.header.timestamp, events);
    if (mentions.length > 0) await saveMentions(sql, mentions);
    if (contexts.length > 0) await saveContexts(sql, contexts);
  },
};

async function saveEvents(sql: Sql, blockTime: number, events: readonly EventRow[]): Promise<void> {
  const column = <T>(value: (event: EventRow) => T): readonly T[] => events.map(value);
  const words = (value: (event: EventRow) => string | null): readonly (string | null)[] =>
    events.map((event) => {
      const text = value(event);
      return text === null ? null : storableText(text);
    });
  await sql.query(SAVE_EVENTS, [
    blockTime,
    column(({ moment }) => moment),
    column(({ transaction }) => transaction),
    column(({ eventIndex }) => eventIndex),
    column(({ keyId }) => keyId),
    column(({ createdAt }) => createdAt),
    column(({ outcome }) => outcome),
    column(({ refusal }) => refusal),
    column(({ facts }) => storableJson(facts)),
    column(({ warnings }) => storableJson(warnings)),
    column(({ event }) => event),
    words(({ eventId }) => eventId),
    column(({ eventTime }) => eventTime),
    column(({ type }) => type),
    column(({ action }) => action),
    words(({ bizStep }) => bizStep),
    words(({ disposition }) => disposition),
    column(({ location }) => location),
    column(({ parties }) => storableJson(parties)),
  ]);
}

async function saveMentions(sql: Sql, mentions: readonly MentionRow[]): Promise<void> {
  await sql.query(SAVE_MENTIONS, [
    mentions.map(({ unit }) => unit),
    mentions.map(({ moment }) => moment),
    mentions.map(({ role }) => role),
    mentions.map(({ inside }) => inside),
  ]);
}

async function saveContexts(sql: Sql, contexts: readonly ContextRow[]): Promise<void> {
  await sql.query(SAVE_CONTEXTS, [
    contexts.map(({ transaction }) => transaction),
    contexts.map(({ context }) => canonicalJson(context)),
  ]);
}
