import {
  judgeUnits,
  liesInListed,
  mismatchIn,
  placeFor,
  touched,
  type EventUnderLaw,
  type Target,
  type Transition,
} from '../law/event-under-law.js';
import { hasDisposition } from '../event/reading.js';
import { no, type No } from '../law/refuse.js';
import { actsFor, mayBind } from '../law/unit-relation.js';
import { hasGoods } from '../units/summary.js';
import type { ContentsKnown, Custody, Hold, Transit, Unit } from '../units/unit.js';
import { takenOut } from './taken-out.js';

/** C8: the addressee receives units in transit to it. Each unit knows its shipment. */
export const receiving: Transition = (underLaw, targets) => {
  const listed = new Set(targets.map(({ key }) => key));
  const scanned = scannedIn(underLaw, targets);
  // S7: a unit listed beside its container was scanned in it, and is received with it.
  const arriving = targets.filter(({ key }) => {
    const unit = underLaw.units.find(key);
    return !unit || !liesInListed(underLaw, unit, listed);
  });
  return judgeUnits(underLaw, arriving, (unit) => receiveOne(underLaw, unit, scanned));
};

/** Returns the number of scanned children of each container; none when the event states that it only inferred them. */
function scannedIn({ units, event }: EventUnderLaw, targets: readonly Target[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (hasDisposition(event, 'completeness_inferred')) return counts;
  for (const { key } of targets) {
    const container = units.find(key)?.container?.key;
    if (container !== undefined) counts.set(container, (counts.get(container) ?? 0) + 1);
  }
  return counts;
}

function receiveOne(underLaw: EventUnderLaw, unit: Unit, scanned: ReadonlyMap<string, number>): No | undefined {
  const { units, signer, warnings } = underLaw;
  const { possessor, transit } = units.custody(unit);
  // S9: the signer possesses it already.
  if (!transit && possessor === signer.gln) {
    warnings.add('REPEATED', unit.key);
    return undefined;
  }
  if (!transit || !actsFor(underLaw, transit.to))
    return no('NOT_ADDRESSEE', { to: transit?.to ?? null, signer: signer.gln });
  // A difference in lot or expiry is an incident of receiving (C10), never a refusal.
  if (mismatchIn(underLaw, unit).length > 0) return no('NOT_YET', { rule: 'C10' });
  const container = unit.container?.key;
  arrive(underLaw, takenOut(underLaw, unit), transit, { shipped: container === undefined, scanned });
  if (container !== undefined) arriveEmptied(underLaw, container, transit);
  return undefined;
}

/**
 * Receives one unit. `shipped`: the unit was shipped as such, which closes its part of the shipment; a unit taken out
 * of a container in transit was not.
 */
function arrive(
  underLaw: EventUnderLaw,
  unit: Unit,
  transit: Transit,
  { shipped, scanned }: { readonly shipped: boolean; readonly scanned: ReadonlyMap<string, number> },
): void {
  const { units } = underLaw;
  const holds = holdsAfter(underLaw, unit, transit);
  units.put(
    touched(underLaw, {
      ...unit,
      custody: custodyAfter(underLaw, unit.custody!, transit),
      contents: contentsAfter(underLaw, unit, scanned),
      onHold: holds.length > 0,
      holds: holds.length > 0 ? holds : undefined,
    }),
  );
  const shipment = shipped ? units.findShipment(transit.shipment) : undefined;
  if (shipment) units.putShipment({ ...shipment, open: shipment.open - 1 });
}

function custodyAfter(underLaw: EventUnderLaw, custody: Custody, transit: Transit): Custody {
  const { pendingOwner } = custody;
  const owned = pendingOwner !== undefined && mayBind(underLaw, pendingOwner);
  return {
    owner: owned ? pendingOwner : custody.owner,
    pendingOwner: owned ? undefined : pendingOwner,
    possessor: underLaw.signer.gln,
    receivedFrom: transit.from,
    location: placeFor(underLaw),
  };
}

function contentsAfter(
  { signer }: EventUnderLaw,
  unit: Unit,
  scanned: ReadonlyMap<string, number>,
): ContentsKnown | undefined {
  if (!unit.contains) return undefined;
  const all = scanned.get(unit.key) === unit.contains.levels[0];
  return { state: all ? 'verified' : 'inferred', by: signer.gln };
}

// C6, C13: a return is on hold until its lot and expiry were read.
function holdsAfter(underLaw: EventUnderLaw, unit: Unit, { kind }: Transit): readonly Hold[] {
  const holds = unit.holds ?? [];
  if (kind !== 'return' || !hasGoods(unit) || holds.some((hold) => hold.kind === 'data-pending')) return holds;
  const { signer, context } = underLaw;
  return [...holds, { kind: 'data-pending', setter: signer.gln, place: placeFor(underLaw), since: context.timestamp }];
}

/**
 * Receives a container that was emptied in transit, with its last child, and each container around it that is now
 * empty.
 */
function arriveEmptied(underLaw: EventUnderLaw, containerKey: string, transit: Transit): void {
  const { units } = underLaw;
  let container = units.get(containerKey);
  while (!container.contains) {
    const around = container.container?.key;
    if (around !== undefined) units.takeOut(container.key);
    arrive(underLaw, units.get(container.key), transit, { shipped: around === undefined, scanned: new Map() });
    if (around === undefined) return;
    container = units.get(around);
  }
}
