import type { JsonObject } from '@custos/core-bytes';
import { gtinOfUnitKey } from '@custos/core-gs1';
import type { RuleSet } from '@custos/core-registry';
import { CAPABILITIES, isLicensed, rolesFor } from '@custos/core-access';
import { gatherSaleFacts } from '../law/sale-facts.js';
import {
  happening,
  judgeUnits,
  liesInListed,
  marketOf,
  mismatchIn,
  placeFor,
  touched,
  type EventUnderLaw,
  type Transition,
} from '../law/event-under-law.js';
import { custosExtension } from '@custos/core-epcis';
import { hasDisposition, memberOf, textMember } from '../event/reading.js';
import { no, type No } from '../law/refuse.js';
import { barsRoles, reasonsAgainst, type Reason } from '../law/saleable.js';
import type { Amount, Happening, Lifecycle, Unit } from '../units/unit.js';
import { takenOut } from './taken-out.js';

const HOUR_MS = 3_600_000;

/**
 * C15: dispenses packs, whole or in part. All are checked before the first one ends, because an event may list a case
 * with its packs.
 */
export const dispensing: Transition = (underLaw, targets) => {
  const listed = new Set(targets.map(({ key }) => key));
  const failed = judgeUnits(underLaw, targets, (unit) => checkOne(underLaw, unit));
  return failed ?? judgeUnits(underLaw, targets, (unit) => void dispenseOne(underLaw, unit, listed));
};

function checkOne(underLaw: EventUnderLaw, unit: Unit): No | undefined {
  const { units, signer, warnings } = underLaw;
  // A logistic unit is no medicine. The packs in it are dispensed.
  if (unit.lot === undefined) return no('ACTION_MISMATCH', mismatchFacts(underLaw));
  const where = whereabouts(underLaw, unit);
  const failed = checkSaleable(underLaw, unit, where);
  if (failed) return failed;
  const { possessor } = units.custody(unit);
  if (possessor === signer.gln) return undefined;
  // M3: where only manufacturers and dispensers report, the possessor in the state may be out of date.
  if (where.rules.possessorAtDispensing === 'refuse') return no('NOT_POSSESSOR', { possessor, signer: signer.gln });
  warnings.add('NOT_POSSESSOR', unit.key);
  return undefined;
}

function dispenseOne(underLaw: EventUnderLaw, unit: Unit, listed: ReadonlySet<string>): void {
  const { place, rules } = whereabouts(underLaw, unit);
  const alone = movedTo(underLaw, liesInListed(underLaw, unit, listed) ? unit : takenOut(underLaw, unit), place);
  const lifecycle = lifecycleAfter(underLaw, unit, rules);
  const done = happening(underLaw, place);
  const ending = lifecycle.state === 'inactive' ? { ended: done } : { opened: unit.opened ?? done };
  underLaw.units.put(touched(underLaw, { ...alone, lifecycle, ...ending }));
}

// M1: an event of the possessor moves the unit; one of another dispenser ends it and does not move it.
function movedTo({ signer }: EventUnderLaw, unit: Unit, location: string): Unit {
  const { custody } = unit;
  return custody?.possessor === signer.gln ? { ...unit, custody: { ...custody, location } } : unit;
}

interface Whereabouts {
  readonly place: string;
  readonly market: string;
  readonly rules: RuleSet;
}

function whereabouts(underLaw: EventUnderLaw, unit: Unit): Whereabouts {
  const place = placeFor(underLaw, underLaw.units.custody(unit));
  const market = marketOf(underLaw, place);
  return { place, market, rules: underLaw.registered.ruleSet(market) };
}

function mismatchFacts({ event }: EventUnderLaw): JsonObject {
  const action = event.type === 'TransformationEvent' ? undefined : event.action;
  return { type: event.type, action, bizStep: event.bizStep };
}

function checkSaleable(underLaw: EventUnderLaw, unit: Unit, where: Whereabouts): No | undefined {
  const { market: here, rules } = where;
  const { signer, context, registered } = underLaw;
  const saleFacts = gatherSaleFacts(underLaw, unit);
  if ('outcome' in saleFacts) return saleFacts.refusal;
  const roles = rolesFor(signer, 'dispense');
  const [reason] = reasonsAgainst(saleFacts, {
    markets: [here],
    bars: (recall, market) => barsRoles(recall, roles, registered.ruleSet(market!)),
    at: expiryCountsAt(underLaw, unit, rules),
    mayGoOn: unit.opened?.by === signer.gln,
    licensed: {
      valid: isLicensed(signer, 'dispense', context.timestamp),
      facts: { signer: signer.gln, licences: roles.flatMap((role) => CAPABILITIES[role].licences) },
    },
    mismatch: mismatchIn(underLaw, unit),
  });
  return reason && refusalOf(underLaw, unit, reason, where);
}

// T2: a late report is judged at its own time for as long as the rule set allows, afterwards at block time.
function expiryCountsAt({ event, context, warnings }: EventUnderLaw, unit: Unit, rules: RuleSet): number {
  if (context.timestamp - event.eventTime <= rules.lateDispenseHours * HOUR_MS) return event.eventTime;
  warnings.add('LATE', unit.key);
  return context.timestamp;
}

function refusalOf(underLaw: EventUnderLaw, unit: Unit, { code, facts }: Reason, where: Whereabouts): No {
  const before = code === 'INACTIVE' ? dispensedBefore([unit, ...underLaw.units.ancestors(unit)]) : undefined;
  return before
    ? no('ALREADY_DISPENSED', { ...before, ...repeatOf(underLaw, before, where) })
    : no(`NOT_SALEABLE_${code}`, facts);
}

// S8: a pack was dispensed with its case.
function dispensedBefore(around: readonly Unit[]): Happening | undefined {
  const over = around.find(({ lifecycle }) => lifecycle.state !== 'active');
  if (over?.lifecycle.state === 'partially-dispensed') return over.opened;
  return over?.lifecycle.state === 'inactive' && over.lifecycle.reason === 'dispensed' ? over.ended : undefined;
}

// A2: a second report from the same place within the window is a repeat and opens no alert.
function repeatOf({ signer, event }: EventUnderLaw, before: Happening, { place, rules }: Whereabouts): JsonObject {
  const gap = Math.abs(event.eventTime - before.time);
  const same = before.by === signer.gln && before.place === place && gap <= rules.repeatWindowHours * HOUR_MS;
  return same ? { repeat: true } : {};
}

function lifecycleAfter(underLaw: EventUnderLaw, unit: Unit, rules: RuleSet): Lifecycle {
  const whole: Lifecycle = { state: 'inactive', reason: 'dispensed' };
  // EU: opening is final (Delegated Regulation (EU) 2016/161, Art. 28).
  if (!hasDisposition(underLaw.event, 'partially_dispensed') || !rules.partialDispensing) return whole;
  const given = amountGiven(underLaw);
  const held = amountHeld(underLaw, unit);
  if (!given || !held || given.uom !== held.uom) return { state: 'partially-dispensed' };
  const amount = held.amount - given.amount;
  return amount > 0 ? { state: 'partially-dispensed', remaining: { amount, uom: held.uom } } : whole;
}

// L5.6: only whole units of measure, so that no sum is rounded.
function amountGiven({ event }: EventUnderLaw): Amount | undefined {
  const dispensed = custosExtension(event, 'dispensed');
  const amount = memberOf(dispensed, 'amount');
  const uom = textMember(dispensed, 'uom');
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && uom !== undefined
    ? { amount, uom }
    : undefined;
}

function amountHeld({ registered }: EventUnderLaw, unit: Unit): Amount | undefined {
  if (unit.lifecycle.state === 'partially-dispensed') return unit.lifecycle.remaining;
  const gtin = gtinOfUnitKey(unit.key);
  const content = gtin === undefined ? undefined : registered.productOf(gtin)?.content;
  return content && Number.isSafeInteger(content.amount) ? content : undefined;
}
