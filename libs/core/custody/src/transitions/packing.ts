import { LIMITS } from '../limits.js';
import { judgeUnits, placeFor, targetOf, touched, type Matter, type Target, type Transition } from '../law/matter.js';
import { no, refuse, refuseUnits, type No } from '../law/refuse.js';
import { hasGoods, heightOf } from '../units/summary.js';
import type { CustodyRefused } from '../law/types.js';
import type { Custody, Unit } from '../units/unit.js';
import { isUnit } from '@custos/core-gs1';
import { newUnit } from './commission.js';
import { mayBegin } from './commission-sscc.js';
import { takenOut } from './taken-out.js';

/** C3: children go into a container; both are active, and in the hands of the signer. */
export const packing: Transition = (matter, targets) => {
  const listed = new Set(targets.map(({ key }) => key));
  const parent = parentOf(matter);
  const known = matter.units.find(parent.key);
  // S9: partners resend whole histories; what already lies there is no matter of whose it is by now.
  const repeated = known ? targets.filter(({ key }) => liesIn(matter, key, known)) : [];
  for (const { key } of repeated) matter.warnings.add('REPEATED', key);
  const fresh = targets.filter((target) => !repeated.includes(target));
  if (known && fresh.length === 0) return undefined;

  const refused = known ? checkContainer(matter, known) : beginContainer(matter, parent);
  if (refused) return refused;
  const packed = judgeUnits(matter, fresh, (unit) => packOne(matter, unit, parent.key, listed));
  if (packed) return packed;
  const container = matter.units.get(parent.key);
  const contents = container.contents ?? (container.contains && { state: 'verified', by: matter.signer.gln });
  matter.units.put(moved(matter, touched(matter, { ...container, contents })));
  return undefined;
};

export function parentOf({ event }: Matter): Target {
  const parent = event.type === 'AggregationEvent' ? event.parentID?.identifier : undefined;
  if (!parent || !isUnit(parent)) throw new Error('only aggregations of a unit come here');
  return targetOf(parent);
}

function liesIn({ units }: Matter, key: string, { key: containerKey, incarnation }: Unit): boolean {
  const container = units.find(key)?.container;
  return container?.key === containerKey && container.incarnation === incarnation;
}

function checkContainer(matter: Matter, container: Unit): CustodyRefused | undefined {
  const failed = checkInHand(matter, container);
  return failed && refuseUnits([{ unit: container.key, no: failed }]);
}

/** Active with all around it, in the signer's hands, and not on its way. */
function checkInHand({ units, signer }: Matter, unit: Unit): No | undefined {
  const over = [unit, ...units.ancestors(unit)].find(({ lifecycle }) => lifecycle.state !== 'active');
  if (over) return inactive(over);
  const { possessor, transit } = units.custody(unit);
  if (possessor !== signer.gln) return no('NOT_POSSESSOR', { possessor, signer: signer.gln });
  return transit && no('ALREADY_IN_TRANSIT', { shipment: transit.shipment, to: transit.to });
}

/** A unit that is over, with what ended it. */
export function inactive({ lifecycle, ended }: Unit): No {
  const reason = lifecycle.state === 'inactive' ? lifecycle.reason : lifecycle.state;
  return no('UNIT_INACTIVE', { reason, ...(ended && { ...ended }) });
}

// A container that nobody commissioned begins with its packing, unless its prefix is another member's.
function beginContainer(matter: Matter, { key, identifier }: Target): CustodyRefused | undefined {
  const { registered, units, warnings } = matter;
  if (identifier.kind !== 'sscc') return refuse('UNKNOWN_CONTAINER', { container: key });
  const holder = registered.ssccOwner(identifier.sscc);
  if (holder !== undefined && !mayBegin(matter, holder)) return refuse('UNKNOWN_CONTAINER', { container: key });
  units.begin(newUnit(matter, key, {}));
  warnings.add('CONTAINER_IMPLICIT', key);
  return undefined;
}

function packOne(matter: Matter, unit: Unit, containerKey: string, listed: ReadonlySet<string>): No | undefined {
  const { units } = matter;
  // C5: it lies in another child of the list, and goes with it.
  if (units.ancestors(unit).some(({ key }) => listed.has(key))) return undefined;
  const container = units.get(containerKey);
  const failed = checkPacked(matter, unit, container);
  if (failed) return failed;
  units.put(touched(matter, takenOut(matter, unit)));
  units.putInto(unit.key, containerKey);
  return undefined;
}

function checkPacked(matter: Matter, unit: Unit, container: Unit): No | undefined {
  const failed = checkInHand(matter, unit);
  if (failed) return failed;
  const { units } = matter;
  const around = [container, ...units.ancestors(container)];
  if (around.some(({ key }) => key === unit.key)) return no('CYCLE');
  if (around.length + heightOf(unit) > LIMITS.depth) return no('TOO_DEEP', { limit: LIMITS.depth });
  return checkOwner(unit, units.custody(unit), units.root(container).custody!);
}

// Empty containers are nobody's, on either side.
function checkOwner(unit: Unit, own: Custody, into: Custody): No | undefined {
  if (into.owner === undefined || !hasGoods(unit)) return undefined;
  if (own.owner === into.owner && own.pendingOwner === into.pendingOwner) return undefined;
  return no('NOT_OWNER', { owner: own.owner ?? null, other: into.owner });
}

/** M1: any event of the possessor moves the unit; inside a container it is where that is. */
export function moved(matter: Matter, unit: Unit): Unit {
  const { custody } = unit;
  return custody ? { ...unit, custody: { ...custody, location: placeFor(matter, custody) } } : unit;
}
