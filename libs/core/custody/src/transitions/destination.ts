import { CAPABILITIES, isLicensed, may, rolesFor } from '@custos/core-access';
import { gtinOfUnitKey } from '@custos/core-gs1';
import type { Party } from '@custos/core-registry';
import { gatherSaleFacts } from '../law/sale-facts.js';
import { marketOf, mismatchIn, placeFor, type EventUnderLaw } from '../law/event-under-law.js';
import { no, type No } from '../law/refuse.js';
import { barsRoles, reasonsAgainst, type Reason } from '../law/saleable.js';
import type { ShipmentKind } from '../units/shipment.js';
import { hasGoods } from '../units/summary.js';
import { HAVENS, HAVENS_OF_MIXED, isHaven, isSale } from '../law/travel.js';
import type { Custody, Unit } from '../units/unit.js';
import { inactive } from './packing.js';

/** The destination of one unit of a shipping event, and the kind of the shipment. */
export interface ShipmentDestination {
  readonly custody: Custody;
  readonly kind: ShipmentKind;
  readonly receiver: Party;
  /** GLN of the destination's place, if one is named. */
  readonly place: string | undefined;
}

/**
 * Checks that a unit may be shipped to a destination (C6): it is saleable, or the destination takes unsaleable units.
 */
export function checkDestination(
  underLaw: EventUnderLaw,
  unit: Unit,
  destination: ShipmentDestination,
): No | undefined {
  const over = checkOver(underLaw, unit, destination);
  if (over) return over;
  const mismatch = mismatchIn(underLaw, unit);
  if (!isSale(destination.kind)) return mismatch.length > 0 ? no('MISMATCH', { fields: mismatch }) : undefined;
  return hasGoods(unit) ? checkSale(underLaw, unit, destination, mismatch) : undefined;
}

function checkSale(
  underLaw: EventUnderLaw,
  unit: Unit,
  destination: ShipmentDestination,
  mismatch: readonly string[],
): No | undefined {
  const { signer, registered, context, event } = underLaw;
  if (!may(signer, 'sell')) return no('ROLE_MAY_NOT', { signer: signer.gln, roles: signer.roles, capability: 'sell' });
  const saleFacts = gatherSaleFacts(underLaw, unit);
  if ('outcome' in saleFacts) return saleFacts.refusal;
  const roles = rolesFor(signer, 'sell');
  const [reason] = reasonsAgainst(saleFacts, {
    markets: marketsOf(underLaw, destination),
    bars: (recall, market) => barsRoles(recall, roles, registered.ruleSet(market!)),
    // T2: the expiry is compared with the time of the event.
    at: event.eventTime,
    licensed: {
      valid: isLicensed(signer, 'sell', context.timestamp),
      facts: { signer: signer.gln, licences: roles.flatMap((role) => CAPABILITIES[role].licences) },
    },
    mismatch,
  });
  return reason && refusalOf(reason);
}

/** M2: returns the market that the unit leaves and the one it goes to. */
function marketsOf(underLaw: EventUnderLaw, { custody, place, receiver }: ShipmentDestination): readonly string[] {
  const destination = place === undefined ? undefined : underLaw.registered.location(place)?.country;
  return [...new Set([marketOf(underLaw, placeFor(underLaw, custody)), destination ?? receiver.country])];
}

// C13: a returned unit is sold on only after it was verified.
function refusalOf({ code, facts }: Reason): No {
  const holds = code === 'HELD' ? facts.holds : undefined;
  const pending = Array.isArray(holds) && holds.length === 1 && holds[0] === 'data-pending';
  return pending ? no('RETURN_UNVERIFIED') : no(`NOT_SALEABLE_${code}`, facts);
}

// An inactive unit is never sold, but may go to a few destinations. S8: so may the units inside it.
function checkOver(underLaw: EventUnderLaw, unit: Unit, { kind, receiver }: ShipmentDestination): No | undefined {
  const over = [unit, ...underLaw.units.ancestors(unit)].find(({ lifecycle }) => lifecycle.state !== 'active');
  const inside = unit.contains?.inactive ?? 0;
  if (over?.lifecycle.state === 'inactive') {
    const havens = HAVENS[over.lifecycle.reason];
    return isHaven(havens, kind, receiver, gtinOwnerOf(underLaw, unit)) ? undefined : inactive(over);
  }
  if ((!over && inside === 0) || isHaven(HAVENS_OF_MIXED, kind, receiver, undefined)) return undefined;
  return over ? inactive(over) : no('UNIT_INACTIVE', { reason: 'inside', inside });
}

function gtinOwnerOf({ registered }: EventUnderLaw, { key }: Unit): string | undefined {
  const gtin = gtinOfUnitKey(key);
  return gtin === undefined ? undefined : registered.ownerOf(gtin);
}
