import { canonicalJson, compareText, type Json, type JsonObject } from '@custos/core-bytes';
import { gtinOfUnitKey } from '@custos/core-gs1';
import type { ReceiptChange } from '@custos/core-state';
import type { Lot } from './lot.js';
import { sameJson } from '../same-json.js';
import type { Shipment } from './shipment.js';
import type { UnitSet } from '../law/types.js';
import type { Unit } from './unit.js';

/** A state key with the fields that changed. */
export interface Stated {
  readonly key: string;
  readonly set: JsonObject;
}

/** L5.2: groups equal changes, each with the list of its keys. Both ascend, so that all replicas agree. */
export function receiptChanges(stated: readonly Stated[]): readonly ReceiptChange[] {
  const groups = new Map<string, { keys: string[]; set: JsonObject }>();
  for (const { key, set } of [...stated].sort((a, b) => compareText(a.key, b.key))) {
    const text = canonicalJson(set);
    if (text === '{}') continue;
    const group = groups.get(text);
    if (group) group.keys.push(key);
    else groups.set(text, { keys: [key], set });
  }
  return [...groups.values()];
}

/** Returns the changes of a unit for read models; {@link UnitSet} is their contract. */
export function unitSet(before: Unit | undefined, after: Unit): UnitSet & JsonObject {
  return differences(before && statedOf(before), statedOf(after));
}

// A unit inside a container has the custody of the root, which is not stated. All of it is stated when the unit leaves.
function statedOf(unit: Unit): JsonObject {
  const { lifecycle, onHold, lot, expiry, incarnation, container, custody, contents } = unit;
  const own: JsonObject = {
    gtin: gtinOfUnitKey(unit.key),
    lot,
    expiry,
    lifecycle,
    incarnation,
    onHold,
    container: container?.key,
    contents: contents?.state,
  };
  return custody ? { ...own, ...custody } : own;
}

/** Returns the changes of a lot for read models; `null` means removed. */
export function lotSet(before: Lot | undefined, after: Lot): JsonObject {
  const statedOfLot = ({ expiry, recalls }: Lot): JsonObject => ({ expiry, recalls });
  return differences(before && statedOfLot(before), statedOfLot(after));
}

/** Returns the changes of a shipment for read models; `null` means removed. */
export function shipmentSet(before: Shipment | undefined, after: Shipment): JsonObject {
  const { key: _key, ...stated } = after;
  return differences(before && { ...before, key: undefined }, stated);
}

const CUSTODY_FIELDS = ['owner', 'pendingOwner', 'possessor', 'receivedFrom', 'location', 'transit'];

function differences(before: JsonObject | undefined, after: JsonObject): JsonObject {
  const set: Record<string, Json> = {};
  const entersContainer = after.container !== undefined && after.possessor === undefined;
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after)])) {
    if (entersContainer && CUSTODY_FIELDS.includes(name)) continue;
    const was = before?.[name];
    const is = after[name];
    if (!sameJson(was, is)) set[name] = is ?? null;
  }
  if (before && before.container !== undefined && after.container === undefined) {
    for (const name of CUSTODY_FIELDS) set[name] = after[name] ?? null;
  }
  return set;
}
