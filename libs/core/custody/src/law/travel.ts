import { isLicensed } from '@custos/core-access';
import type { Party, Role } from '@custos/core-registry';
import type { ShipmentKind } from '../units/shipment.js';
import type { Custody, EndReason } from '../units/unit.js';

const DISPENSERS: readonly Role[] = ['pharmacy', 'hospital', 'supplier', 'prescriber'];
const UPSTREAM: readonly Role[] = ['manufacturer', 'cmo', 'repackager', 'importer', 'distributor', '3pl'];
const MAKERS: readonly Role[] = ['manufacturer', 'repackager', 'importer'];
const DISPOSERS: readonly Role[] = ['disposer', 'returns-processor'];
const AUTHORITIES: readonly Role[] = ['regulator', 'laboratory'];

/**
 * C6: returns the kind of a shipment, which the receiver decides. A return goes to the party that the unit was received
 * from, from a dispenser up the chain, or to the owner of its GTIN, which has sold it. `isMaker` is called last,
 * because it reads each GTIN inside.
 */
export function shipmentKind(custody: Custody, from: Party, to: Party, isMaker: () => boolean): ShipmentKind {
  if (to.gln === from.gln) return 'own-site';
  if (isOnly(to, DISPOSERS)) return 'destruction';
  if (isOnly(to, AUTHORITIES)) return 'authority';
  if (isOnly(to, ['foreign'])) return 'export';
  if (custody.receivedFrom === to.gln) return 'return';
  if (isOnly(from, DISPENSERS) && hasOne(to, UPSTREAM)) return 'return';
  const sold = custody.owner !== undefined && custody.owner !== to.gln;
  return sold && hasOne(to, MAKERS) && isMaker() ? 'return' : 'delivery';
}

/**
 * Reports whether a shipment of this kind is a sale, for which every unit must be saleable. Other kinds take any unit.
 */
export function isSale(kind: ShipmentKind): boolean {
  return kind === 'delivery' || kind === 'export';
}

/** A destination to which an inactive unit may still travel. It is never saleable again. */
export type Haven = ShipmentKind | 'gtin-owner' | 'prescriber' | 'disposer';

const TAKEN_BACK: readonly Haven[] = ['own-site', 'destruction', 'gtin-owner', 'authority'];

/** The destinations that an inactive unit may still travel to, by the reason of its end (C16). */
export const HAVENS: Readonly<Record<EndReason, readonly Haven[]>> = {
  dispensed: TAKEN_BACK,
  exported: ['export'],
  sampled: ['authority'],
  'free-sample': ['prescriber'],
  'checked-out': ['own-site'],
  decommissioned: TAKEN_BACK,
  stolen: ['authority', 'gtin-owner', 'disposer'],
  destroyed: [],
  consumed: [],
};

/** The destinations of a container with inactive units inside. Its summary does not hold their reasons. */
export const HAVENS_OF_MIXED: readonly Haven[] = ['own-site', 'destruction', 'authority'];

/** Reports whether a shipment of this kind to this receiver goes to one of the destinations. `gtinOwner` is a GLN. */
export function isHaven(
  havens: readonly Haven[],
  kind: ShipmentKind,
  to: Party,
  gtinOwner: string | undefined,
): boolean {
  return havens.some((haven) => {
    switch (haven) {
      case 'gtin-owner':
        return to.gln === gtinOwner;
      case 'prescriber':
        return to.roles.includes('prescriber');
      case 'disposer':
        return to.roles.includes('disposer');
      default:
        return haven === kind;
    }
  });
}

/**
 * Reports whether a role of the party, with a licence in force at `at` (milliseconds since 1970), lets it receive
 * medicines.
 */
export function isAuthorised(party: Party, at: number): boolean {
  return isLicensed(party, 'receive', at);
}

function hasOne(party: Party, roles: readonly Role[]): boolean {
  return party.roles.some((role) => roles.includes(role));
}

function isOnly(party: Party, roles: readonly Role[]): boolean {
  return party.roles.length > 0 && party.roles.every((role) => roles.includes(role));
}
