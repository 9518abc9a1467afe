import type { JsonObject } from '@custos/core-bytes';
import { POSITIONS_PER_BLOCK } from '@custos/node-follower';
import {
  CUSTODY_SPACES,
  leavesFor,
  type Happening,
  type Leaves,
  type Question,
  type Verdict,
} from '@custos/core-custody';
import { isUnitKey, unitKeyOf } from '@custos/core-gs1';
import type { Entry } from '@custos/core-state';
import type { Statement } from '@custos/shell-postgres';
import { findEntries } from '../projections/registry-projection.js';
import { isRegistryKey } from '../projections/registry-entries.js';
import { shownAsOf, type Snapshot } from './snapshot.js';
import { linkOfUnit, UNIT_COLUMNS, type UnitRow } from './unit-rows.js';
import { findSummary } from './summary.js';

/** The projections that {@link findLeavesFor} reads. */
export const VERDICT_READS = ['registry', 'events', 'units'];

/** `leavesFor` finds containers one by one, at most eight of them, and what hangs on the last. */
const MAX_ROUNDS = 12;

/** The leaves that a question needs, from rows; `public` leaves out what a proof does not show (L6.4). */
export async function findLeavesFor(
  question: Question,
  snapshot: Snapshot,
  parts: 'all' | 'public' = 'all',
): Promise<Leaves> {
  const found = new Map<string, Entry | undefined>();
  const asked = question.code.unit && unitKeyOf(question.code.unit);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const keys = leavesFor(question, found);
    if (keys.length === 0) break;
    for (const [key, entry] of await findLeaves(snapshot, keys, asked))
      found.set(key, parts === 'public' && entry ? { value: entry.value } : entry);
  }
  return found;
}

/** A verdict as callers see it. */
export function shownVerdict({ answer, reasons, unit, pack, asOf }: Verdict): JsonObject {
  return {
    verdict: answer,
    reasons,
    ...(unit !== undefined && { unit: linkOfUnit(unit) }),
    ...(pack && { pack: JSON.parse(JSON.stringify(pack)) as JsonObject }),
    asOf: shownAsOf({ asOf }),
  };
}

/** Every key is in the answer: absent ones with `undefined`. `asked` is the container whose contents matter, if any. */
async function findLeaves(snapshot: Snapshot, keys: readonly string[], asked: string | undefined): Promise<Leaves> {
  const leaves = new Map<string, Entry | undefined>(keys.map((key) => [key, undefined]));
  const add = (entries: ReadonlyMap<string, Entry>): void => {
    for (const [key, entry] of entries) leaves.set(key, entry);
  };
  const units = keys.filter(isUnitKey);
  const lots = keys.filter((key) => key.startsWith(CUSTODY_SPACES.lot));
  const registered = keys.filter(isRegistryKey);
  if (registered.length > 0) add(await findEntries(snapshot, registered));
  if (lots.length > 0) add(await findLots(snapshot, lots));
  if (units.length > 0) add(await findUnits(snapshot, units, asked));
  return leaves;
}

interface LotRow {
  readonly key: string;
  readonly expiry: string | null;
  readonly recalls: readonly JsonObject[] | null;
}

async function findLots(snapshot: Snapshot, keys: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
  const text = 'SELECT key, expiry, recalls FROM readmodel.lot WHERE key = ANY($1)';
  const { rows } = await snapshot.query<LotRow>(text, [keys]);
  return new Map(
    rows.map(({ key, expiry, recalls }) => [
      key,
      { value: { public: { ...present({ expiry }), recalls: recalls ?? [] } } },
    ]),
  );
}

interface LeafRow extends UnitRow {
  readonly containerIncarnation: number | null;
  readonly contentsBy: string | null;
  readonly ended: Happening | null;
}

// What ended or opened a unit: the event that last stated its lifecycle. M1: without a place, where the unit was.
const UNITS: Statement = {
  name: 'unit_leaves',
  text: `
  SELECT ${UNIT_COLUMNS}, u.contents_by AS "contentsBy", c.incarnation AS "containerIncarnation",
    CASE WHEN u.state <> 'active' AND e.moment IS NOT NULL THEN jsonb_build_object(
      'event', e.event_id, 'by', e.party, 'place', COALESCE(e.location, u.location), 'time', e.event_time, 'height', e.moment / ${POSITIONS_PER_BLOCK}) END AS ended
  FROM readmodel.unit u
  LEFT JOIN readmodel.unit c ON c.key = u.container
  LEFT JOIN readmodel.event e ON e.moment = u.lifecycle_moment
  WHERE u.key = ANY($1)`,
};

async function findUnits(
  snapshot: Snapshot,
  keys: readonly string[],
  asked: string | undefined,
): Promise<ReadonlyMap<string, Entry>> {
  const { rows } = await snapshot.query<LeafRow>(UNITS, [keys]);
  const entries = new Map<string, Entry>();
  for (const row of rows) {
    const summary = row.key === asked && row.contents !== null ? await findSummary(snapshot, row.key) : undefined;
    entries.set(row.key, summary ? { ...unitEntry(row), summary } : unitEntry(row));
  }
  return entries;
}

/** Returns the state's own form of a unit (L6.2, L6.3), without what rows do not have: commitment and last event. */
function unitEntry(row: LeafRow): Entry {
  const { lifecycle, onHold, lot, expiry, incarnation, container, containerIncarnation, ended } = row;
  const inside = container === null ? {} : { container: { key: container, incarnation: containerIncarnation ?? 0 } };
  const over = ended === null ? {} : lifecycle.state === 'inactive' ? { ended } : { opened: ended };
  return {
    value: { public: { lifecycle, onHold, ...present({ lot, expiry }), incarnation, ...inside } },
    private: { ...custodyOf(row), ...over },
  };
}

function custodyOf({ owner, pendingOwner, possessor, receivedFrom, location, transit }: LeafRow): JsonObject {
  if (possessor === null) return {};
  return { custody: { ...present({ owner, pendingOwner, receivedFrom, transit }), possessor, location } };
}

/** Without the members that are null: a leaf has no nulls. */
function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
