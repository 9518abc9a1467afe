import { LIMITS } from '../limits.js';
import {
  judgeUnits,
  placeFor,
  targetOf,
  touched,
  type EventUnderLaw,
  type Target,
  type Transition,
} from '../law/event-under-law.js';
import { no, refuse, refuseUnits, type No } from '../law/refuse.js';
import { hasGoods, heightOf } from '../units/summary.js';
import type { CustodyRefused } from '../law/types.js';
import type { Custody, Unit } from '../units/unit.js';
import { isUnit } from '@custos/core-gs1';
import { newUnit } from './commission.js';
import { mayBegin } from './commission-sscc.js';
import { takenOut } from './taken-out.js';

/** C3: packs children into a container. Both are active and in the possession of the signer. */
export const packing: Transition = (underLaw, targets) => {
  const listed = new Set(targets.map(({ key }) => key));
  const parent = parentOf(underLaw);
  const known = underLaw.units.find(parent.key);
  // S9: partners resend whole histories. A child that is already there is a repeat, whoever possesses it now.
  const repeated = known ? targets.filter(({ key }) => liesIn(underLaw, key, known)) : [];
  for (const { key } of repeated) underLaw.warnings.add('REPEATED', key);
  const fresh = targets.filter((target) => !repeated.includes(target));
  if (known && fresh.length === 0) return undefined;

  const refused = known ? checkContainer(underLaw, known) : beginContainer(underLaw, parent);
  if (refused) return refused;
  const packed = judgeUnits(underLaw, fresh, (unit) => packOne(underLaw, unit, parent.key, listed));
  if (packed) return packed;
  const container = underLaw.units.get(parent.key);
  const contents = container.contents ?? (container.contains && { state: 'verified', by: underLaw.signer.gln });
  underLaw.units.put(moved(underLaw, touched(underLaw, { ...container, contents })));
  return undefined;
};

/**
 * Returns the parent of an aggregation event.
 * @throws Error when it is no unit; the choice of rows excludes that.
 */
export function parentOf({ event }: EventUnderLaw): Target {
  const parent = event.type === 'AggregationEvent' ? event.parentID?.identifier : undefined;
  if (!parent || !isUnit(parent)) throw new Error('only aggregations of a unit come here');
  return targetOf(parent);
}

function liesIn({ units }: EventUnderLaw, key: string, { key: containerKey, incarnation }: Unit): boolean {
  const container = units.find(key)?.container;
  return container?.key === containerKey && container.incarnation === incarnation;
}

function checkContainer(underLaw: EventUnderLaw, container: Unit): CustodyRefused | undefined {
  const failed = checkInHand(underLaw, container);
  return failed && refuseUnits([{ unit: container.key, no: failed }]);
}

/** Checks that a unit and its containers are active, in the signer's possession and not in transit. */
function checkInHand({ units, signer }: EventUnderLaw, unit: Unit): No | undefined {
  const over = [unit, ...units.ancestors(unit)].find(({ lifecycle }) => lifecycle.state !== 'active');
  if (over) return inactive(over);
  const { possessor, transit } = units.custody(unit);
  if (possessor !== signer.gln) return no('NOT_POSSESSOR', { possessor, signer: signer.gln });
  return transit && no('ALREADY_IN_TRANSIT', { shipment: transit.shipment, to: transit.to });
}

/** Returns the refusal UNIT_INACTIVE of an inactive unit, with the event that ended it. */
export function inactive({ lifecycle, ended }: Unit): No {
  const reason = lifecycle.state === 'inactive' ? lifecycle.reason : lifecycle.state;
  return no('UNIT_INACTIVE', { reason, ...(ended && { ...ended }) });
}

// A container that was not commissioned begins with its packing, unless its prefix belongs to another member.
function beginContainer(underLaw: EventUnderLaw, { key, identifier }: Target): CustodyRefused | undefined {
  const { registered, units, warnings } = underLaw;
  if (identifier.kind !== 'sscc') return refuse('UNKNOWN_CONTAINER', { container: key });
  const holder = registered.ssccOwner(identifier.sscc);
  if (holder !== undefined && !mayBegin(underLaw, holder)) return refuse('UNKNOWN_CONTAINER', { container: key });
  units.begin(newUnit(underLaw, key, {}));
  warnings.add('CONTAINER_IMPLICIT', key);
  return undefined;
}

function packOne(
  underLaw: EventUnderLaw,
  unit: Unit,
  containerKey: string,
  listed: ReadonlySet<string>,
): No | undefined {
  const { units } = underLaw;
  // C5: it lies in another listed child, and moves with it.
  if (units.ancestors(unit).some(({ key }) => listed.has(key))) return undefined;
  const container = units.get(containerKey);
  const failed = checkPacked(underLaw, unit, container);
  if (failed) return failed;
  units.put(touched(underLaw, takenOut(underLaw, unit)));
  units.putInto(unit.key, containerKey);
  return undefined;
}

function checkPacked(underLaw: EventUnderLaw, unit: Unit, container: Unit): No | undefined {
  const failed = checkInHand(underLaw, unit);
  if (failed) return failed;
  const { units } = underLaw;
  const around = [container, ...units.ancestors(container)];
  if (around.some(({ key }) => key === unit.key)) return no('CYCLE');
  if (around.length + heightOf(unit) > LIMITS.depth) return no('TOO_DEEP', { limit: LIMITS.depth });
  return checkOwner(unit, units.custody(unit), units.root(container).custody!);
}

// An empty container has no owner, on either side.
function checkOwner(unit: Unit, own: Custody, into: Custody): No | undefined {
  if (into.owner === undefined || !hasGoods(unit)) return undefined;
  if (own.owner === into.owner && own.pendingOwner === into.pendingOwner) return undefined;
  return no('NOT_OWNER', { owner: own.owner ?? null, other: into.owner });
}

/** M1: returns the unit at the place of the event. A unit inside a container has the place of that container. */
export function moved(underLaw: EventUnderLaw, unit: Unit): Unit {
  const { custody } = unit;
  return custody ? { ...unit, custody: { ...custody, location: placeFor(underLaw, custody) } } : unit;
}
