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

/** An event that the law judges, with its signer and the state on which it is judged. */
export interface EventUnderLaw {
  readonly event: EpcisEvent & { readonly eventID: string };
  readonly envelope: Envelope;
  readonly context: LawContext;
  readonly signer: Party;
  readonly view: CountedView;
  readonly registered: Registered;
  readonly units: Units;
  readonly warnings: Warnings;
  /** The signer's place that the event states (M1). Undefined when it states none, or a place of others. */
  readonly place: string | undefined;
  /** Lot and expiry that `custos:scan` states of every unit. */
  readonly scanned: Scanned;
  /** Lot and expiry that the Digital Link of a unit states, by unit key. */
  readonly linkScans: ReadonlyMap<string, Scanned>;
}

/** A unit that the event lists; the state may not know it. */
export interface Target {
  readonly key: string;
  readonly identifier: UnitIdentifier;
}

/** The function that applies a row of the law to the units that it judges. It returns the refusal, or undefined. */
export type Transition = (underLaw: EventUnderLaw, targets: readonly Target[]) => CustodyRefused | undefined;

/** Returns the target of a unit's identifier. */
export function targetOf(identifier: UnitIdentifier): Target {
  return { key: unitKeyOf(identifier), identifier };
}

/** S6: judges every target, so that the facts list all that fail. A refusal drops all changes of the event. */
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

/** Judges units as {@link judgeEach} does, and refuses UNKNOWN_UNIT for units that do not exist (S3). */
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

/**
 * L5.5: refuses TOO_MUCH_WORK when the event exceeds its budget. It is called between units, so that the work of one
 * unit at most exceeds it.
 */
function overBudget({ view, units, context: { budget } }: EventUnderLaw): CustodyRefused | undefined {
  if (view.reads() > budget.reads) return refuse('TOO_MUCH_WORK', { needed: view.reads(), left: budget.reads });
  if (units.written() > budget.changes)
    return refuse('TOO_MUCH_WORK', { needed: units.written(), left: budget.changes });
  return undefined;
}

/**
 * M1: returns the place (GLN) of a unit after the event: the stated one, else its last known place if the signer had
 * it, else the signer's own.
 */
export function placeFor(underLaw: EventUnderLaw, custody?: Custody): string {
  if (underLaw.place !== undefined) return underLaw.place;
  return custody && custody.possessor === underLaw.signer.gln ? custody.location : underLaw.signer.gln;
}

/**
 * M1: returns the stated place if it is the signer's or its agent's; undefined when none is stated. Refuses
 * LOCATION_NOT_YOURS.
 */
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

/** M2: returns the country of a place; for an unregistered place the signer's country. */
export function marketOf({ registered, signer }: EventUnderLaw, place: string): string {
  return registered.location(place)?.country ?? signer.country;
}

/** Returns which of `lot` and `expiry` the event states differently from the state of this unit. */
export function mismatchIn({ scanned, linkScans }: EventUnderLaw, unit: Unit): readonly string[] {
  const link = linkScans.get(unit.key);
  const fields = mismatchOf(scanned, unit);
  return link ? [...new Set([...fields, ...mismatchOf(link, unit)])] : fields;
}

/**
 * Returns the unit with this event as its last one. T1: an older event is judged on the present state, with warning
 * OUT_OF_ORDER.
 */
export function touched(underLaw: EventUnderLaw, unit: Unit): Unit {
  const { eventTime } = underLaw.event;
  if (eventTime < unit.last.time) underLaw.warnings.add('OUT_OF_ORDER', unit.key);
  return { ...unit, last: lastOf(underLaw) };
}

/** Returns the reference to this event that a unit keeps as its last one. */
export function lastOf({ event, signer }: EventUnderLaw): Unit['last'] {
  return { event: `${signer.gln}/${event.eventID}`, time: event.eventTime };
}

/** Returns the record of this event that a unit keeps for its end or its opening. */
export function happening(underLaw: EventUnderLaw, place: string): Happening {
  const { event, signer, context } = underLaw;
  return { event: event.eventID, by: signer.gln, place, time: event.eventTime, height: context.height };
}

/** C5: reports whether the event also lists a container around this unit. The unit then moves, or ends, inside it. */
export function liesInListed(underLaw: EventUnderLaw, unit: Unit, listed: ReadonlySet<string>): boolean {
  return underLaw.units.ancestors(unit).some(({ key }) => listed.has(key));
}
