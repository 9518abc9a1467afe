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
 * C6: the receiver decides what a shipment is, and for a return also whence the unit came: goes it to whoever it was
 * received from, from a dispenser up the chain, or home to the owner of its GTIN, who has sold it. `isMaker` is asked
 * last: it looks at each GTIN inside.
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

/** Those that sell what is saleable; every other kind takes what is not. */
export function isSale(kind: ShipmentKind): boolean {
  return kind === 'delivery' || kind === 'export';
}

/** Whither a unit that is over may still travel. It is never saleable again. */
export type Haven = ShipmentKind | 'gtin-owner' | 'prescriber' | 'disposer';

const TAKEN_BACK: readonly Haven[] = ['own-site', 'destruction', 'gtin-owner', 'authority'];

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

/** Containers that hold such units, whose reasons their summary does not tell. */
export const HAVENS_OF_MIXED: readonly Haven[] = ['own-site', 'destruction', 'authority'];

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

/** A receiver is registered, and some role and licence of it lets it take medicines in. */
export function isAuthorised(party: Party, at: number): boolean {
  return isLicensed(party, 'receive', at);
}

function hasOne(party: Party, roles: readonly Role[]): boolean {
  return party.roles.some((role) => roles.includes(role));
}

function isOnly(party: Party, roles: readonly Role[]): boolean {
  return party.roles.length > 0 && party.roles.every((role) => roles.includes(role));
}
