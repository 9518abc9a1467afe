import type { Lifecycle, Transit } from '@custos/core-custody';
import { CUSTODY_LIMITS } from '@custos/core-custody';
import { identifierOfUnitKey, toDigitalLink } from '@custos/core-gs1';
import type { Sql, Statement } from '@custos/shell-postgres';

/** A row of `readmodel.unit`, with what ended or opened the unit if something did. */
export interface UnitRow {
  readonly key: string;
  readonly gtin: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly lifecycle: Lifecycle;
  readonly onHold: boolean;
  readonly incarnation: number;
  readonly container: string | null;
  readonly owner: string | null;
  readonly pendingOwner: string | null;
  readonly possessor: string | null;
  readonly receivedFrom: string | null;
  readonly location: string | null;
  readonly transit: Transit | null;
  readonly contents: 'verified' | 'inferred' | 'broken' | null;
  readonly lifecycleMoment: string | null;
}

/** The columns of a {@link UnitRow}, for SELECT. */
export const UNIT_COLUMNS = `
  u.key, u.gtin, u.lot, u.expiry, u.lifecycle, u.on_hold AS "onHold", u.incarnation, u.container, u.owner,
  u.pending_owner AS "pendingOwner", u.possessor, u.received_from AS "receivedFrom", u.location, u.transit, u.contents,
  u.lifecycle_moment AS "lifecycleMoment"`;

const AROUND: Statement = {
  name: 'around',
  text: `
  WITH RECURSIVE around AS (
    SELECT key, container, 0 AS depth FROM readmodel.unit WHERE key = $1
    UNION ALL
    SELECT u.key, u.container, a.depth + 1 FROM around a JOIN readmodel.unit u ON u.key = a.container
    WHERE a.depth < ${CUSTODY_LIMITS.depth}
  )
  SELECT ${UNIT_COLUMNS} FROM around a JOIN readmodel.unit u ON u.key = a.key ORDER BY a.depth`,
};

/** The unit and the containers around it, nearest first; empty when there is no such unit. */
export async function findAround(sql: Sql, key: string): Promise<readonly UnitRow[]> {
  return (await sql.query<UnitRow>(AROUND, [key])).rows;
}

/** The canonical Digital Link behind a key of the state. */
export function linkOfUnit(key: string): string {
  const identifier = identifierOfUnitKey(key);
  if (!identifier.ok) throw new Error(`${key} is no unit`);
  return toDigitalLink(identifier.value);
}
