import type { Json, JsonObject } from '@custos/core-bytes';
import { partyKey, REGISTRY_SPACES } from '@custos/core-registry';
import { visible, type Asker } from '@custos/core-access';
import { shownTime, type Snapshot } from './snapshot.js';
import { findAround, linkOfUnit, type UnitRow } from './unit-rows.js';

/** The projections that {@link findUnit} reads. */
export const UNIT_READS = ['registry', 'units'];

interface SurroundingsRow {
  readonly productName: string | null;
  readonly gtinOwner: string | null;
  readonly recalls: Json;
  readonly names: { readonly [gln: string]: string };
}

const SURROUNDINGS = `
  SELECT p.value ->> 'name' AS "productName", p.value ->> 'owner' AS "gtinOwner",
    COALESCE((SELECT recalls FROM readmodel.lot WHERE key = $2), '[]') AS recalls,
    COALESCE((SELECT jsonb_object_agg(substr(key, 7), value -> 'name') FROM readmodel.registry WHERE key = ANY($3)), '{}')
      AS names
  FROM (SELECT 1) AS one
  LEFT JOIN readmodel.registry g ON g.key = '${REGISTRY_SPACES.gtin}' || $1
  LEFT JOIN readmodel.registry p ON p.key = '${REGISTRY_SPACES.product}' || (g.value ->> 'base')`;

/** A unit as it stands, with what it has from the containers around it (S8); custody only for those it concerns. */
export async function findUnit(asker: Asker, snapshot: Snapshot, key: string): Promise<JsonObject | undefined> {
  const around = await findAround(snapshot, key);
  const unit = around[0];
  const root = around.at(-1);
  if (!unit || !root) return undefined;
  const parties = partiesTo(root);
  const { rows } = await snapshot.query<SurroundingsRow>(SURROUNDINGS, [
    unit.gtin,
    unit.lot,
    parties.map((gln) => partyKey(gln)),
  ]);
  const { productName, gtinOwner, recalls, names } = rows[0]!;
  const concerned = gtinOwner === null ? parties : [...parties, gtinOwner];
  const over = around.find(({ lifecycle }) => lifecycle.state !== 'active') ?? unit;
  return {
    key,
    code: linkOfUnit(key),
    gtin: unit.gtin,
    product: productName,
    lot: unit.lot,
    expiry: unit.expiry,
    lifecycle: over.lifecycle,
    onHold: around.some(({ onHold }) => onHold),
    recalls,
    containers: around.slice(1).map((container) => linkOfUnit(container.key)),
    contents: unit.contents,
    ...(visible(asker, { about: 'custody', parties: concerned }) ? custodyOf(root, names) : { custody: 'hidden' }),
  };
}

/** Everybody whose business the custody of this outermost unit is. */
function partiesTo({ owner, pendingOwner, possessor, receivedFrom, transit }: UnitRow): readonly string[] {
  return [owner, pendingOwner, possessor, receivedFrom, transit?.from, transit?.to].filter(
    (gln): gln is string => typeof gln === 'string',
  );
}

function custodyOf(root: UnitRow, names: { readonly [gln: string]: string }): JsonObject {
  const party = (gln: string | null): Json => (gln === null ? null : { gln, name: names[gln] ?? gln });
  const { owner, pendingOwner, possessor, receivedFrom, location, transit } = root;
  return {
    custody: {
      possessor: party(possessor),
      owner: party(owner),
      pendingOwner: party(pendingOwner),
      receivedFrom: party(receivedFrom),
      location,
      transit: transit && {
        from: party(transit.from),
        to: party(transit.to),
        kind: transit.kind,
        since: shownTime(transit.since),
        shipment: transit.shipment,
      },
    },
  };
}
