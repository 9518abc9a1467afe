import { CAPABILITIES, isLicensed, may, rolesFor } from '@custos/core-access';
import type { Party } from '@custos/core-registry';
import { gatherStandings } from '../law/gathering.js';
import { marketOf, mismatchIn, placeFor, type Matter } from '../law/matter.js';
import { no, type No } from '../law/refuse.js';
import { barsRoles, reasonsAgainst, type Reason } from '../law/saleable.js';
import type { ShipmentKind } from '../units/shipment.js';
import { gtinOfUnit, hasGoods } from '../units/summary.js';
import { HAVENS, HAVENS_OF_MIXED, isHaven, isSale } from '../law/travel.js';
import type { Custody, Unit } from '../units/unit.js';
import { inactive } from './packing.js';

/** Where one unit would go, and as what. */
export interface Journey {
  readonly custody: Custody;
  readonly kind: ShipmentKind;
  readonly receiver: Party;
  /** GLN of the place it goes to, if one is named. */
  readonly place: string | undefined;
}

/** C6: active and saleable, or bound where it may go all the same. */
export function checkWhither(matter: Matter, unit: Unit, journey: Journey): No | undefined {
  const over = checkOver(matter, unit, journey);
  if (over) return over;
  const mismatch = mismatchIn(matter, unit);
  if (!isSale(journey.kind)) return mismatch.length > 0 ? no('MISMATCH', { fields: mismatch }) : undefined;
  return hasGoods(unit) ? checkSale(matter, unit, journey, mismatch) : undefined;
}

function checkSale(matter: Matter, unit: Unit, journey: Journey, mismatch: readonly string[]): No | undefined {
  const { signer, registered, context, event } = matter;
  if (!may(signer, 'sell')) return no('ROLE_MAY_NOT', { signer: signer.gln, roles: signer.roles, capability: 'sell' });
  const standings = gatherStandings(matter, unit);
  if ('outcome' in standings) return standings.refusal;
  const roles = rolesFor(signer, 'sell');
  const [reason] = reasonsAgainst(standings, {
    markets: marketsOf(matter, journey),
    bars: (recall, market) => barsRoles(recall, roles, registered.ruleSet(market!)),
    // T2: an expiry counts at the time of the event.
    at: event.eventTime,
    licensed: {
      valid: isLicensed(signer, 'sell', context.timestamp),
      facts: { signer: signer.gln, licences: roles.flatMap((role) => CAPABILITIES[role].licences) },
    },
    mismatch,
  });
  return reason && refusalOf(reason);
}

/** M2: the market it leaves, and the one it goes to. */
function marketsOf(matter: Matter, { custody, place, receiver }: Journey): readonly string[] {
  const destination = place === undefined ? undefined : matter.registered.location(place)?.country;
  return [...new Set([marketOf(matter, placeFor(matter, custody)), destination ?? receiver.country])];
}

// C13: what came back goes on only when it was verified.
function refusalOf({ code, facts }: Reason): No {
  const holds = code === 'HELD' ? facts.holds : undefined;
  const pending = Array.isArray(holds) && holds.length === 1 && holds[0] === 'data-pending';
  return pending ? no('RETURN_UNVERIFIED') : no(`NOT_SALEABLE_${code}`, facts);
}

// What is over is never sold, but may go to few places; S8: so may what lies in it.
function checkOver(matter: Matter, unit: Unit, { kind, receiver }: Journey): No | undefined {
  const over = [unit, ...matter.units.ancestors(unit)].find(({ lifecycle }) => lifecycle.state !== 'active');
  const inside = unit.contains?.inactive ?? 0;
  if (over?.lifecycle.state === 'inactive') {
    const havens = HAVENS[over.lifecycle.reason];
    return isHaven(havens, kind, receiver, gtinOwnerOf(matter, unit)) ? undefined : inactive(over);
  }
  if ((!over && inside === 0) || isHaven(HAVENS_OF_MIXED, kind, receiver, undefined)) return undefined;
  return over ? inactive(over) : no('UNIT_INACTIVE', { reason: 'inside', inside });
}

function gtinOwnerOf({ registered }: Matter, { key }: Unit): string | undefined {
  const gtin = gtinOfUnit(key);
  return gtin === undefined ? undefined : registered.ownerOf(gtin);
}
