import { unreachable } from '@custos/core-bytes';
import { custosExtension, type EpcisEvent } from '@custos/core-epcis';
import { isUnit } from '@custos/core-gs1';
import { targetOf, type EventUnderLaw, type Target } from './event-under-law.js';
import { destinationOf, hasDisposition, listedItems } from '../event/reading.js';
import { LAW_STEPS, ROWS, type LawRow, type Match } from './rows.js';
import { relationOf } from './unit-relation.js';

/** A row of the law with the units of the event that it judges (S6). */
export interface Choice {
  readonly row: LawRow;
  readonly targets: readonly Target[];
}

/** S5: reports whether the event is an ADD with a business step of another row. */
export function isActionMismatch(event: EpcisEvent): boolean {
  if (event.type !== 'ObjectEvent' && event.type !== 'AggregationEvent') return false;
  const own = event.type === 'ObjectEvent' ? 'commissioning' : 'packing';
  const { bizStep } = event;
  return event.action === 'ADD' && bizStep !== undefined && bizStep !== own && LAW_STEPS.has(bizStep);
}

/** S5, S6: chooses the rows that judge an event, each with its units. No other code chooses rows. */
export function chooseRows(underLaw: EventUnderLaw): readonly Choice[] {
  const targets = targetsOf(underLaw);
  const candidates = candidateRows(underLaw.event).filter(({ row }) => !isAggregation(row) || isOurContainer(underLaw));
  const [first] = candidates;
  if (first && first.match.whole) return [{ row: first.row, targets }];
  const byRow = new Map<LawRow, Target[]>();
  for (const target of targets) {
    const row = candidates.find(({ match }) => fitsUnit(underLaw, match, target))!.row;
    const fallen = byRow.get(row);
    if (fallen) fallen.push(target);
    else byRow.set(row, [target]);
  }
  return [...byRow].map(([row, fallen]) => ({ row, targets: fallen }));
}

/**
 * S2: reports whether an error declaration is about an event that was only recorded: none of its units is under the
 * law, and no row takes it as a whole. C17 and C21 take any other declaration.
 */
export function concernsTheRecord(underLaw: EventUnderLaw): boolean {
  const { event } = underLaw;
  const [first] = candidateRows({ ...event, errorDeclaration: undefined }).filter(
    ({ row }) => !isAggregation(row) || isOurContainer(underLaw),
  );
  const isTaken = first?.match.whole && first.row.rule !== 'C24';
  return !isTaken && targetsOf(underLaw).length === 0;
}

interface Candidate {
  readonly row: LawRow;
  readonly match: Match;
}

/** Returns the rows that match the event without its units, in the order of the table; the last is C24. */
export function candidateRows(event: EpcisEvent): readonly Candidate[] {
  return ROWS.flatMap((row: LawRow) =>
    row.on.filter((match) => fitsEvent(event, match)).map((match) => ({ row, match })),
  );
}

function isAggregation({ rule }: LawRow): boolean {
  return rule === 'C3' || rule === 'C4';
}

// S2: an aggregation whose container is not of this network is recorded and not judged.
function isOurContainer(underLaw: EventUnderLaw): boolean {
  const { event } = underLaw;
  if (event.type !== 'AggregationEvent' || !event.parentID) return false;
  const { identifier } = event.parentID;
  return isUnit(identifier) && isOurs(underLaw, targetOf(identifier), event.action === 'ADD');
}

function fitsEvent(event: EpcisEvent, match: Match): boolean {
  const action = event.type === 'TransformationEvent' ? undefined : event.action;
  return (
    (!match.types || match.types.includes(event.type)) &&
    (!match.actions || (action !== undefined && match.actions.includes(action))) &&
    (!match.steps || match.steps.includes(event.bizStep ?? '')) &&
    (!match.dispositions || match.dispositions.some((word) => hasDisposition(event, word))) &&
    (!match.member || custosExtension(event, match.member) !== undefined) &&
    (!match.namesBuyer || destinationOf(event, 'owning_party') !== undefined) &&
    fitsError(event, match)
  );
}

function fitsError({ errorDeclaration }: EpcisEvent, { error }: Match): boolean {
  if (error === undefined) return true;
  return errorDeclaration !== undefined && (error === 'any' || errorDeclaration.reason === error);
}

function fitsUnit(underLaw: EventUnderLaw, match: Match, target: Target): boolean {
  if (match.units && target.identifier.kind !== match.units) return false;
  return !match.relations || match.relations.includes(relationOf(underLaw, target));
}

/** Returns the units of the event, each once. Other identifiers get a warning and are only recorded (S1, S2). */
function targetsOf(underLaw: EventUnderLaw): readonly Target[] {
  const targets = new Map<string, Target>();
  const begins = underLaw.event.type === 'ObjectEvent' && underLaw.event.action === 'ADD';
  for (const { identifier } of listedItems(underLaw.event)) {
    if (!isUnit(identifier)) continue;
    const target = targetOf(identifier);
    if (isOurs(underLaw, target, begins)) targets.set(target.key, target);
  }
  return [...targets.values()];
}

/**
 * S1, S3: reports whether it is a serial of a registered GTIN or an SSCC of this network; a new SSCC only where it
 * begins.
 */
function isOurs({ registered, units, warnings }: EventUnderLaw, { key, identifier }: Target, begins: boolean): boolean {
  switch (identifier.kind) {
    case 'cn':
      return true;
    case 'sgtin':
      if (registered.productOf(identifier.gtin)) return true;
      warnings.add('UNKNOWN_GTIN', key);
      return false;
    case 'sscc':
      if (begins || units.find(key) || registered.ssccOwner(identifier.sscc) !== undefined) return true;
      warnings.add('FOREIGN_SSCC', key);
      return false;
    default:
      return unreachable(identifier);
  }
}
