import type { EpcisEvent } from '@custos/core-epcis';
import { unitKeyOf, type UnitIdentifier } from '@custos/core-gs1';
import { agentOf, type Party } from '@custos/core-registry';
import type { CountedView } from '@custos/core-state';
import { no, refuse, refuseUnits, type No, type UnitNo } from './refuse.js';
import type { Registered } from './registered.js';
import { statedGln, type Scanned } from '../event/reading.js';
import { mismatchOf } from './saleable.js';
import type { CustodyRefused, Envelope, LawContext } from './types.js';
import type { Custody, Happening, Unit } from '../units/unit.js';
import type { Units } from '../units/units.js';
import type { Warnings } from './warnings.js';

/** One event that the law judges: its content, its signer, and the state that it is judged on. */
export interface EventUnderLaw {
  readonly event: EpcisEvent & { readonly eventID: string };
  readonly envelope: Envelope;
  readonly context: LawContext;
  readonly signer: Party;
  readonly view: CountedView;
  readonly registered: Registered;
  readonly units: Units;
  readonly warnings: Warnings;
  /** The signer's place that the event states (M1); absent = none, or not the signer's. */
  readonly place: string | undefined;
  /** As `custos:scan` states it, of every unit. */
  readonly scanned: Scanned;
  /** As the Digital Link of a unit states it, by unit key. */
  readonly linkScans: ReadonlyMap<string, Scanned>;
}

/** A unit that the event lists, known here or not. */
export interface Target {
  readonly key: string;
  readonly identifier: UnitIdentifier;
}

/** One row of the law, carried out on the units that fall to it. */
export type Transition = (underLaw: EventUnderLaw, targets: readonly Target[]) => CustodyRefused | undefined;

export function targetOf(identifier: UnitIdentifier): Target {
  return { key: unitKeyOf(identifier), identifier };
}

/** S6: judges every target, so that the facts list all that fail; what was changed is dropped with a refusal. */
export function judgeEach(
  underLaw: EventUnderLaw,
  targets: readonly Target[],
  judge: (target: Target) => No | undefined,
): CustodyRefused | undefined {
  const failed: UnitNo[] = [];
  for (const target of targets) {
    const over = overBudget(underLaw);
    if (over) return over;
    const answer = judge(target);
    if (answer) failed.push({ unit: target.key, no: answer });
  }
  const [first, ...rest] = failed;
  return first ? refuseUnits([first, ...rest]) : overBudget(underLaw);
}

/** As {@link judgeEach}, of units that must exist (S3). */
export function judgeUnits(
  underLaw: EventUnderLaw,
  targets: readonly Target[],
  judge: (unit: Unit) => No | undefined,
): CustodyRefused | undefined {
  return judgeEach(underLaw, targets, ({ key }) => {
    const unit = underLaw.units.find(key);
    return unit ? judge(unit) : no('UNKNOWN_UNIT');
  });
}

/** L5.5: looked at between units, so that one unit's work at most is done too much. */
export function overBudget({ view, units, context: { budget } }: EventUnderLaw): CustodyRefused | undefined {
  if (view.reads() > budget.reads) return refuse('TOO_MUCH_WORK', { needed: view.reads(), left: budget.reads });
  if (units.written() > budget.changes)
    return refuse('TOO_MUCH_WORK', { needed: units.written(), left: budget.changes });
  return undefined;
}

/** M1: where the unit is now: as stated, else its last known place if it was with the signer, else the signer's own. */
export function placeFor(underLaw: EventUnderLaw, custody?: Custody): string {
  if (underLaw.place !== undefined) return underLaw.place;
  return custody && custody.possessor === underLaw.signer.gln ? custody.location : underLaw.signer.gln;
}

/** M1: the signer's own place, or one of its agent; absent when the event states none. */
export function checkPlace(
  event: EpcisEvent,
  signer: Party,
  registered: Registered,
  at: number,
): { readonly place: string | undefined } | No {
  const stated = statedGln(event);
  if (stated === undefined || stated === signer.gln) return { place: stated };
  const party = registered.location(stated)?.party;
  if (party !== undefined && (party === signer.gln || agentOf(signer, party, at))) return { place: stated };
  return no('LOCATION_NOT_YOURS', { location: stated, party: party ?? null, signer: signer.gln });
}

/** M2: country of a place, else of the party it would belong to. */
export function marketOf({ registered, signer }: EventUnderLaw, place: string): string {
  return registered.location(place)?.country ?? signer.country;
}

/** Which of lot and expiry the event states of this unit otherwise than the network has them. */
export function mismatchIn({ scanned, linkScans }: EventUnderLaw, unit: Unit): readonly string[] {
  const link = linkScans.get(unit.key);
  const fields = mismatchOf(scanned, unit);
  return link ? [...new Set([...fields, ...mismatchOf(link, unit)])] : fields;
}

/** Marks a unit as touched by this event. T1: an older event is judged on the present state, and told. */
export function touched(underLaw: EventUnderLaw, unit: Unit): Unit {
  const { eventTime } = underLaw.event;
  if (eventTime < unit.last.time) underLaw.warnings.add('OUT_OF_ORDER', unit.key);
  return { ...unit, last: lastOf(underLaw) };
}

export function lastOf({ event, signer }: EventUnderLaw): Unit['last'] {
  return { event: `${signer.gln}/${event.eventID}`, time: event.eventTime };
}

export function happening(underLaw: EventUnderLaw, place: string): Happening {
  const { event, signer, context } = underLaw;
  return { event: event.eventID, by: signer.gln, place, time: event.eventTime, height: context.height };
}

/** C5: is a container around this unit itself listed by the event? Then the unit moves, or ends, inside it. */
export function liesInListed(underLaw: EventUnderLaw, unit: Unit, listed: ReadonlySet<string>): boolean {
  return underLaw.units.ancestors(unit).some(({ key }) => listed.has(key));
}
