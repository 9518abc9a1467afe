import {
  canonicalJson,
  compareText,
  isJsonObject,
  orReject,
  parseUtf8,
  unreachable,
  utf8,
  type Json,
  type JsonObject,
} from '@custos/core-bytes';
import type { Receipt } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import {
  CUSTOS_CONTEXT,
  EPCIS_CONTEXT,
  MAX_EVENT_ID_BYTES,
  parseContext,
  parseEvent,
  type Context,
  type EpcisEvent,
  type EpcItem,
} from '@custos/core-epcis';
import { isUnit, isUnitKey, unitKeyOf, type Identifier } from '@custos/core-gs1';
import { type ProjectedBlock, judgedParts, type JudgedPart } from '@custos/node-follower';

/** An event with what the chain says of it. Times are milliseconds since 1970. */
export interface EventRow {
  readonly moment: number;
  readonly transaction: Digest;
  readonly eventIndex: number;
  readonly keyId: string;
  readonly createdAt: number;
  readonly outcome: Receipt['outcome'];
  readonly refusal: string | null;
  readonly facts: Json;
  readonly warnings: readonly JsonObject[];
  /** Canonical JSON of the event, as signed. */
  readonly event: string;
  readonly eventId: string | null;
  /** The rest is null when the event does not parse. */
  readonly eventTime: number | null;
  readonly type: string | null;
  readonly action: string | null;
  readonly bizStep: string | null;
  readonly disposition: string | null;
  readonly location: string | null;
  /** GLNs that the event or its receipt names beside the signer: `visible` asks for them. */
  readonly parties: readonly string[];
}

/** The role of a unit in an event: the list that names it, or `changed`. */
type MentionRole = 'epc' | 'parent' | 'child' | 'input' | 'output' | 'changed';

/** A unit that an event names, or changes without naming it. */
export interface MentionRow {
  readonly unit: string;
  readonly moment: number;
  readonly role: MentionRole;
  /** Whether all that lies inside the unit lives through the event too. */
  readonly inside: boolean;
}

/** The context of a capture, where it is not the one that our own events are written under. */
export interface ContextRow {
  readonly transaction: Digest;
  readonly context: Json;
}

/** The rows of a block: events, mentions of units, contexts. */
export interface BlockEvents {
  readonly events: readonly EventRow[];
  readonly mentions: readonly MentionRow[];
  readonly contexts: readonly ContextRow[];
}

/** The events of a block, accepted and refused, as rows. Pure. */
export function readEvents(block: ProjectedBlock): BlockEvents {
  const events: EventRow[] = [];
  const mentions: MentionRow[] = [];
  const contexts: ContextRow[] = [];
  let scope: Context | undefined;
  for (const part of judgedParts(block)) {
    if (part.captureHead === undefined) continue;
    // One for all events of a transaction.
    if (part.receipt.eventIndex === 0) {
      const context = contextOf(part.captureHead);
      scope = context.scope;
      if (!context.isOurs) contexts.push({ transaction: part.transaction.id, context: context.json ?? EPCIS_CONTEXT });
    }
    const event = parsedEvent(scope, part.payload);
    events.push(eventRow(part, event));
    mentions.push(...mentionsOf(part, event));
  }
  return { events, mentions, contexts };
}

const OURS = canonicalJson(CUSTOS_CONTEXT);
const OUR_SCOPE = orReject(parseContext(CUSTOS_CONTEXT));

interface CaptureContext {
  readonly json: Json | undefined;
  readonly isOurs: boolean;
  /** Undefined when it does not parse. */
  readonly scope: Context | undefined;
}

function contextOf(head: Json): CaptureContext {
  const json = isJsonObject(head) ? head.context : undefined;
  if (json !== undefined && canonicalJson(json) === OURS) return { json, isOurs: true, scope: OUR_SCOPE };
  const scope = parseContext(json);
  return { json, isOurs: false, scope: scope.ok ? scope.value : undefined };
}

// The quorum has judged it: what does not parse here was refused there, and is stored as it came.
function parsedEvent(scope: Context | undefined, payload: Json): EpcisEvent | undefined {
  const event = scope && parseEvent(payload, scope);
  return event?.ok ? event.value : undefined;
}

function eventRow(
  { receipt, transaction, chainPosition: moment, keyId, payload, bytes }: JudgedPart,
  event: EpcisEvent | undefined,
): EventRow {
  const { txId, eventIndex, outcome, code, facts, warnings } = receipt;
  return {
    moment,
    transaction: txId,
    eventIndex,
    keyId,
    createdAt: transaction.head.createdAt,
    outcome,
    refusal: code ?? null,
    facts: facts ?? null,
    warnings: warnings.map((warning) => ({ ...warning })),
    event: orReject(parseUtf8(bytes)),
    eventId: eventIdOf(payload),
    eventTime: event?.eventTime ?? null,
    type: event?.type ?? null,
    action: event && 'action' in event ? event.action : null,
    bizStep: event?.bizStep ?? null,
    disposition: event?.disposition ?? null,
    location: event ? (placeOf(event) ?? statedLocation(receipt)) : null,
    parties: partiesOf(receipt, event),
  };
}

function eventIdOf(payload: Json): string | null {
  const id = isJsonObject(payload) ? payload.eventID : undefined;
  // L5.7: the law takes no longer one, nor does an index; what is refused for that is stored without it.
  return typeof id === 'string' && utf8(id).length <= MAX_EVENT_ID_BYTES ? id : null;
}

// M1: bizLocation, else readPoint.
function placeOf({ bizLocation, readPoint }: EpcisEvent): string | undefined {
  return (bizLocation && glnOf(bizLocation.identifier)) ?? (readPoint && glnOf(readPoint.identifier));
}

function glnOf(identifier: Identifier): string | undefined {
  return identifier.kind === 'sgln' || identifier.kind === 'pgln' ? identifier.gln : undefined;
}

/** An event without a place happened where the receipt says that its units are. */
function statedLocation({ changes }: Receipt): string | null {
  for (const { set } of changes) if (typeof set.location === 'string') return set.location;
  return null;
}

const PARTY_MEMBERS = ['owner', 'pendingOwner', 'possessor'];

function partiesOf({ changes }: Receipt, event: EpcisEvent | undefined): readonly string[] {
  const ends = event ? [...event.sourceList, ...event.destinationList] : [];
  const named = ends.map(({ identifier }) => glnOf(identifier));
  const stated = changes.flatMap(({ set }) => {
    const { transit } = set;
    const travel = isJsonObject(transit) ? [transit.from, transit.to] : [];
    // Who sent it has part in its arrival; not in its unpacking, which states all of its custody anew.
    if (set.container === undefined) travel.push(set.receivedFrom);
    return [...PARTY_MEMBERS.map((member) => set[member]), ...travel];
  });
  return [...new Set([...named, ...stated].filter((gln) => typeof gln === 'string'))].sort(compareText);
}

function mentionsOf(
  { receipt, chainPosition: moment }: JudgedPart,
  event: EpcisEvent | undefined,
): readonly MentionRow[] {
  const mentions = new Map<string, MentionRow>();
  const add = (unit: string, role: MentionRole, inside: boolean): void => {
    const id = `${role} ${unit}`;
    if (!mentions.has(id)) mentions.set(id, { unit, moment, role, inside });
  };
  for (const { role, items, inside } of event ? listsOf(event) : []) {
    for (const { identifier } of items) if (isUnit(identifier)) add(unitKeyOf(identifier), role, inside);
  }
  const named = new Set([...mentions.values()].map(({ unit }) => unit));
  for (const { keys, set } of receipt.changes) {
    for (const key of keys) if (isUnitKey(key) && !named.has(key) && movesUnit(set)) add(key, 'changed', true);
  }
  return [...mentions.values()];
}

interface NamedList {
  readonly role: MentionRole;
  readonly items: readonly EpcItem[];
  readonly inside: boolean;
}

function listsOf(event: EpcisEvent): readonly NamedList[] {
  const list = (role: MentionRole, items: readonly EpcItem[], inside = true): NamedList => ({ role, items, inside });
  switch (event.type) {
    case 'ObjectEvent':
      return [list('epc', event.epcList)];
    case 'AggregationEvent': {
      // S5: an observed aggregation is a sighting of all of it. One that packs or unpacks is lived by the children
      // that go in or out, not by those that lie there.
      const parent = event.parentID ? [event.parentID] : [];
      return [list('parent', parent, event.action === 'OBSERVE'), list('child', event.childEPCs)];
    }
    case 'TransactionEvent':
      return [list('parent', event.parentID ? [event.parentID] : []), list('epc', event.epcList)];
    case 'TransformationEvent':
      return [list('input', event.inputEPCList), list('output', event.outputEPCList)];
    case 'AssociationEvent':
      return [list('parent', [event.parentID], false), list('child', event.childEPCs)];
    default:
      return unreachable(event);
  }
}

/** Returns whether a change moves a unit. The state of a container's contents changes with one child: nothing else moves. */
function movesUnit(set: JsonObject): boolean {
  return Object.keys(set).some((member) => member !== 'contents');
}
