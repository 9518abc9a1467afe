import { identifierOfUnitKey } from '@custos/core-gs1';
import {
  judgeEach,
  targetOf,
  touched,
  type EventUnderLaw,
  type Target,
  type Transition,
} from '../law/event-under-law.js';
import { hasDisposition } from '../event/reading.js';
import { no, refuse, refuseUnits, type No } from '../law/refuse.js';
import type { CustodyRefused } from '../law/types.js';
import type { ContentsKnown, Unit } from '../units/unit.js';
import { moved, parentOf } from './packing.js';

/** C4: takes children out of a container; an event that names none takes all of them. */
export const unpacking: Transition = (underLaw, targets) => {
  const { units, event } = underLaw;
  const parent = parentOf(underLaw);
  const container = units.find(parent.key);
  if (!container) return refuse('UNKNOWN_CONTAINER', { container: parent.key });
  const refused = checkContainer(underLaw, container);
  if (refused) return refused;
  // S2: an event with quantities alone names no child, and does not mean all of them.
  const everything = event.type === 'AggregationEvent' && event.childEPCs.length + event.childQuantityList.length === 0;
  const leaving = everything ? allChildren(underLaw, container) : targets;
  if ('outcome' in leaving) return leaving;
  const failed = judgeEach(underLaw, leaving, ({ key }) => unpackOne(underLaw, key, container));
  if (failed) return failed;
  const after = units.get(parent.key);
  units.put(moved(underLaw, touched(underLaw, { ...after, contents: contentsAfter(underLaw, after) })));
  return undefined;
};

function checkContainer({ units, signer }: EventUnderLaw, container: Unit): CustodyRefused | undefined {
  const { possessor, transit } = units.custody(container);
  const failed =
    possessor !== signer.gln
      ? no('NOT_POSSESSOR', { possessor, signer: signer.gln })
      : transit && no('ALREADY_IN_TRANSIT', { shipment: transit.shipment, to: transit.to });
  return failed && refuseUnits([{ unit: container.key, no: failed }]);
}

// L5.5: the summary holds their number, which is checked before any page is read.
function allChildren({ units, context }: EventUnderLaw, container: Unit): readonly Target[] | CustodyRefused {
  const needed = container.contains?.levels[0] ?? 0;
  const left = Math.min(context.budget.changes, context.budget.reads);
  if (needed > left) return refuse('TOO_MUCH_WORK', { needed, left });
  return units.children(container).map(targetOfKey);
}

function targetOfKey(key: string): Target {
  const identifier = identifierOfUnitKey(key);
  if (!identifier.ok) throw new Error(`${key} is no unit`);
  return targetOf(identifier.value);
}

function unpackOne(underLaw: EventUnderLaw, key: string, container: Unit): No | undefined {
  const { units } = underLaw;
  const unit = units.find(key);
  if (!unit) return no('UNKNOWN_UNIT');
  if (unit.container?.key !== container.key) return no('NOT_IN_CONTAINER', { container: unit.container?.key ?? null });
  units.takeOut(key);
  units.put(moved(underLaw, touched(underLaw, units.get(key))));
  return undefined;
}

function contentsAfter({ event, signer }: EventUnderLaw, container: Unit): ContentsKnown | undefined {
  if (!container.contains) return undefined;
  return hasDisposition(event, 'completeness_verified') ? { state: 'verified', by: signer.gln } : container.contents;
}
