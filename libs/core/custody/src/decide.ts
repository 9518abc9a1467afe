import type { JsonObject } from '@custos/core-bytes';
import type { EpcisEvent } from '@custos/core-epcis';
import { type Entry, countedView } from '@custos/core-state';
import { may } from '@custos/core-access';
import { chooseRows, concernsTheRecord, isActionMismatch, type Choice } from './law/choose.js';
import { eventEntry, isSameEvent } from './units/entries.js';
import { CLOCK_TOLERANCE_MS } from './limits.js';
import { checkPlace, type EventUnderLaw, type Transition } from './law/event-under-law.js';
import { checkOtherKeys } from './law/other-keys.js';
import { findOversize } from './oversize.js';
import { findPersonal } from './event/personal.js';
import { linkScansOf, listedItems, scanOf } from './event/reading.js';
import { refuse } from './law/refuse.js';
import { registeredAt } from './law/registered.js';
import type { Rule } from './law/rows.js';
import { eventKey } from './state-keys.js';
import { commissionSscc } from './transitions/commission-sscc.js';
import { commission } from './transitions/commission.js';
import { dispensing } from './transitions/dispensing.js';
import { packing } from './transitions/packing.js';
import { recall } from './transitions/recall.js';
import { receiving } from './transitions/receiving.js';
import { record } from './transitions/record.js';
import { shipping } from './transitions/shipping.js';
import { unpacking } from './transitions/unpacking.js';
import type { CustodyRefused, Decide, Decision, Envelope, LawContext } from './law/types.js';
import { unitsOver } from './units/units.js';
import { warnings } from './law/warnings.js';

/** The transition of each rule in force. A row in force does not compile without its transition. */
const TRANSITIONS = {
  C1: commission,
  C2: commissionSscc,
  C3: packing,
  C4: unpacking,
  C6: shipping,
  C8: receiving,
  C15: dispensing,
  C19: recall,
  C24: record,
} as const satisfies Partial<Record<Rule, Transition>>;

/**
 * Decides one event by the law of custody: accepted with its changes, or refused with a code of the catalogue and
 * facts. Total and pure; it only reads the state. `applyChanges` with the changes gives the next state.
 */
export const decide: Decide = (state, envelope, event, context) => {
  const view = countedView(state);
  const registered = registeredAt(view, context.timestamp);
  const signer = registered.party(envelope.signer);
  if (!signer) return refuse('ROLE_MAY_NOT', { signer: envelope.signer, roles: [], capability: 'record' });
  const { eventID } = event;
  // L6.1: execution never hashes an event, so the service sets its eventID before it signs.
  if (eventID === undefined) return refuse('MALFORMED_EVENT', { field: 'eventID', fix: 'name the event' });
  const scanned = scanOf(event);
  if ('malformed' in scanned)
    return refuse('MALFORMED_EVENT', { field: scanned.malformed, fix: 'send lot, and expiry as YYYY-MM-DD' });
  const failed = checkForm(envelope, event, context);
  if (failed) return failed;
  const place = checkPlace(event, signer, registered, context.timestamp);
  return judge({
    event: { ...event, eventID },
    envelope,
    context,
    signer,
    view,
    registered,
    units: unitsOver(view),
    warnings: warnings(),
    place: 'code' in place ? undefined : place.place,
    scanned,
    linkScans: linkScansOf(event),
  });
};

function judge(underLaw: EventUnderLaw): Decision {
  const { event, view, context, warnings: told, signer } = underLaw;
  const known = view.get(eventKey(signer.gln, event.eventID));
  // S9: an error declaration repeats the eventID on purpose.
  if (known && !event.errorDeclaration) {
    if (!isSameEvent(context.hasher, known, event.source)) return refuse('DUPLICATE_EVENT', { eventID: event.eventID });
    told.add('REPEATED');
    return { outcome: 'accepted', changes: [], receiptChanges: [], warnings: told.list() };
  }
  if (event.errorDeclaration && concernsTheRecord(underLaw)) return declare(underLaw, known);
  if (isActionMismatch(event) && listedItems(event).length > 0) {
    const { type, bizStep } = event;
    return refuse('ACTION_MISMATCH', { type, action: 'ADD', bizStep });
  }
  const misnamed = checkOtherKeys(underLaw);
  if (misnamed) return misnamed;
  const choices = chooseRows(underLaw);
  for (const choice of choices) {
    const refused = apply(underLaw, choice);
    if (refused) return refused;
  }
  return accept(underLaw, choices);
}

/** C24: records an error declaration beside its event, which does not change. The rest of it must equal that event. */
function declare({ event, context, warnings: told }: EventUnderLaw, known: Entry | undefined): Decision {
  const { errorDeclaration: _declaration, ...source } = event.source;
  if (known && !isSameEvent(context.hasher, known, source))
    return refuse('DUPLICATE_EVENT', { eventID: event.eventID });
  return { outcome: 'accepted', changes: [], receiptChanges: [], warnings: told.list() };
}

function apply(underLaw: EventUnderLaw, { row, targets }: Choice): CustodyRefused | undefined {
  const { signer, event, registered, context } = underLaw;
  if (!isInForce(row.rule)) return refuse('NOT_YET', { rule: row.rule });
  // S1: products do not state their national numbers yet.
  if (row.rule !== 'C24' && targets.some(({ identifier }) => identifier.kind === 'cn'))
    return refuse('NOT_YET', { rule: 'S1' });
  if (row.capability && !may(signer, row.capability))
    return refuse('ROLE_MAY_NOT', { signer: signer.gln, roles: signer.roles, capability: row.capability });
  if (row.place) {
    const place = checkPlace(event, signer, registered, context.timestamp);
    if ('code' in place) return { outcome: 'refused', refusal: place };
  }
  return TRANSITIONS[row.rule](underLaw, targets);
}

function isInForce(rule: Rule): rule is keyof typeof TRANSITIONS {
  return Object.hasOwn(TRANSITIONS, rule);
}

function accept(underLaw: EventUnderLaw, choices: readonly Choice[]): Decision {
  const { event, envelope, context, units, warnings: told, signer } = underLaw;
  const sealing = { hasher: context.hasher, salt: envelope.salt };
  const { changes, receiptChanges } = units.outcome(sealing);
  const key = eventKey(signer.gln, event.eventID);
  const rules = choices.length > 0 ? choices.map(({ row }) => row.rule) : ['C24'];
  const after = eventEntry(sealing, key, event.source, {
    tx: envelope.txId,
    index: envelope.index,
    height: context.height,
    time: event.eventTime,
    rules,
  });
  const all = [...changes, { key, before: undefined, after }];
  const oversize = findOversize(all);
  if (oversize) return refuse('TOO_LARGE', oversize);
  const { budget } = context;
  if (all.length > budget.changes) return refuse('TOO_MUCH_WORK', { needed: all.length, left: budget.changes });
  return { outcome: 'accepted', changes: all.sort(byKey), receiptChanges, warnings: told.list() };
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}

// Checks that need no state of a unit: personal data, time, and the amount of work.
function checkForm(envelope: Envelope, event: EpcisEvent, { budget }: LawContext): CustodyRefused | undefined {
  const personal = findPersonal(event.source) ?? findPersonalAround(envelope);
  if (personal !== undefined) return refuse('PERSONAL_DATA', { field: personal });
  const latest = envelope.createdAt + CLOCK_TOLERANCE_MS;
  if (event.eventTime > latest) return refuse('EVENT_IN_FUTURE', { eventTime: event.eventTime, latest });
  const listed = listedItems(event).length;
  const left = Math.min(budget.reads, budget.changes);
  return listed > left ? refuse('TOO_MUCH_WORK', { needed: listed, left }) : undefined;
}

/**
 * The result of the search in a header, by header. All events of a transaction share one header, which may be large.
 */
const lookedAt = new WeakMap<JsonObject, { readonly personal: string | undefined }>();

// L2.8: checked for every event, since with `proceed` one event may be accepted without the others.
function findPersonalAround({ header }: Envelope): string | undefined {
  if (!header) return undefined;
  const known = lookedAt.get(header);
  if (known) return known.personal;
  const personal = findPersonal(header, '/header');
  lookedAt.set(header, { personal });
  return personal;
}
