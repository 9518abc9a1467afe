import type { JsonObject } from '@custos/core-bytes';
import type { RuleSet } from '@custos/core-registry';
import { CAPABILITIES, isLicensed, rolesFor } from '@custos/core-access';
import { gatherStandings } from '../law/gathering.js';
import {
  happening,
  judgeUnits,
  liesInListed,
  marketOf,
  mismatchIn,
  placeFor,
  touched,
  type Matter,
  type Transition,
} from '../law/matter.js';
import { custosExtension } from '@custos/core-epcis';
import { hasDisposition, memberOf, textMember } from '../event/reading.js';
import { no, type No } from '../law/refuse.js';
import { barsRoles, reasonsAgainst, type Reason } from '../law/saleable.js';
import { gtinOfUnit } from '../units/summary.js';
import type { Amount, Happening, Lifecycle, Unit } from '../units/unit.js';
import { takenOut } from './taken-out.js';

const HOUR_MS = 3_600_000;

/** C15: packs are handed out, whole or in part. All are judged before the first ends: a case may come with its packs. */
export const dispensing: Transition = (matter, targets) => {
  const listed = new Set(targets.map(({ key }) => key));
  const failed = judgeUnits(matter, targets, (unit) => checkOne(matter, unit));
  return failed ?? judgeUnits(matter, targets, (unit) => void dispenseOne(matter, unit, listed));
};

function checkOne(matter: Matter, unit: Unit): No | undefined {
  const { units, signer, warnings } = matter;
  // A logistic unit is no medicine: the packs in it are what is handed out.
  if (unit.lot === undefined) return no('ACTION_MISMATCH', mismatchFacts(matter));
  const where = whereabouts(matter, unit);
  const failed = checkSaleable(matter, unit, where);
  if (failed) return failed;
  const { possessor } = units.custody(unit);
  if (possessor === signer.gln) return undefined;
  // M3: where only the ends of the chain report, the network's possessor may be out of date.
  if (where.rules.possessorAtDispensing === 'refuse') return no('NOT_POSSESSOR', { possessor, signer: signer.gln });
  warnings.add('NOT_POSSESSOR', unit.key);
  return undefined;
}

function dispenseOne(matter: Matter, unit: Unit, listed: ReadonlySet<string>): void {
  const { place, rules } = whereabouts(matter, unit);
  const alone = movedTo(matter, liesInListed(matter, unit, listed) ? unit : takenOut(matter, unit), place);
  const lifecycle = lifecycleAfter(matter, unit, rules);
  const done = happening(matter, place);
  const ending = lifecycle.state === 'inactive' ? { ended: done } : { opened: unit.opened ?? done };
  matter.units.put(touched(matter, { ...alone, lifecycle, ...ending }));
}

// M1: the possessor's event moves the unit; the word of another dispenser ends it and moves nothing.
function movedTo({ signer }: Matter, unit: Unit, location: string): Unit {
  const { custody } = unit;
  return custody?.possessor === signer.gln ? { ...unit, custody: { ...custody, location } } : unit;
}

interface Whereabouts {
  readonly place: string;
  readonly market: string;
  readonly rules: RuleSet;
}

function whereabouts(matter: Matter, unit: Unit): Whereabouts {
  const place = placeFor(matter, matter.units.custody(unit));
  const market = marketOf(matter, place);
  return { place, market, rules: matter.registered.ruleSet(market) };
}

function mismatchFacts({ event }: Matter): JsonObject {
  const action = event.type === 'TransformationEvent' ? undefined : event.action;
  return { type: event.type, action, bizStep: event.bizStep };
}

function checkSaleable(matter: Matter, unit: Unit, where: Whereabouts): No | undefined {
  const { market: here, rules } = where;
  const { signer, context, registered } = matter;
  const standings = gatherStandings(matter, unit);
  if ('outcome' in standings) return standings.refusal;
  const roles = rolesFor(signer, 'dispense');
  const [reason] = reasonsAgainst(standings, {
    markets: [here],
    bars: (recall, market) => barsRoles(recall, roles, registered.ruleSet(market!)),
    at: expiryCountsAt(matter, unit, rules),
    mayGoOn: unit.opened?.by === signer.gln,
    licensed: {
      valid: isLicensed(signer, 'dispense', context.timestamp),
      facts: { signer: signer.gln, licences: roles.flatMap((role) => CAPABILITIES[role].licences) },
    },
    mismatch: mismatchIn(matter, unit),
  });
  return reason && refusalOf(matter, unit, reason, where);
}

// T2: a late report is judged at its own time for as long as the rule set allows, then at block time.
function expiryCountsAt({ event, context, warnings }: Matter, unit: Unit, rules: RuleSet): number {
  if (context.timestamp - event.eventTime <= rules.lateDispenseHours * HOUR_MS) return event.eventTime;
  warnings.add('LATE', unit.key);
  return context.timestamp;
}

function refusalOf(matter: Matter, unit: Unit, { code, facts }: Reason, where: Whereabouts): No {
  const before = code === 'INACTIVE' ? dispensedBefore([unit, ...matter.units.ancestors(unit)]) : undefined;
  return before
    ? no('ALREADY_DISPENSED', { ...before, ...repeatOf(matter, before, where) })
    : no(`NOT_SALEABLE_${code}`, facts);
}

// S8: a pack went with the case that was handed out.
function dispensedBefore(around: readonly Unit[]): Happening | undefined {
  const over = around.find(({ lifecycle }) => lifecycle.state !== 'active');
  if (over?.lifecycle.state === 'partially-dispensed') return over.opened;
  return over?.lifecycle.state === 'inactive' && over.lifecycle.reason === 'dispensed' ? over.ended : undefined;
}

// A2: the same place once more within the window is a slip, not an alert.
function repeatOf({ signer, event }: Matter, before: Happening, { place, rules }: Whereabouts): JsonObject {
  const gap = Math.abs(event.eventTime - before.time);
  const same = before.by === signer.gln && before.place === place && gap <= rules.repeatWindowHours * HOUR_MS;
  return same ? { repeat: true } : {};
}

function lifecycleAfter(matter: Matter, unit: Unit, rules: RuleSet): Lifecycle {
  const whole: Lifecycle = { state: 'inactive', reason: 'dispensed' };
  // EU: opening is final (Delegated Regulation (EU) 2016/161, Art. 28).
  if (!hasDisposition(matter.event, 'partially_dispensed') || !rules.partialDispensing) return whole;
  const given = amountGiven(matter);
  const held = amountHeld(matter, unit);
  if (!given || !held || given.uom !== held.uom) return { state: 'partially-dispensed' };
  const amount = held.amount - given.amount;
  return amount > 0 ? { state: 'partially-dispensed', remaining: { amount, uom: held.uom } } : whole;
}

// L5.6: whole units of measure only, so that no sum is ever rounded.
function amountGiven({ event }: Matter): Amount | undefined {
  const dispensed = custosExtension(event, 'dispensed');
  const amount = memberOf(dispensed, 'amount');
  const uom = textMember(dispensed, 'uom');
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 && uom !== undefined
    ? { amount, uom }
    : undefined;
}

function amountHeld({ registered }: Matter, unit: Unit): Amount | undefined {
  if (unit.lifecycle.state === 'partially-dispensed') return unit.lifecycle.remaining;
  const gtin = gtinOfUnit(unit.key);
  const content = gtin === undefined ? undefined : registered.productOf(gtin)?.content;
  return content && Number.isSafeInteger(content.amount) ? content : undefined;
}
