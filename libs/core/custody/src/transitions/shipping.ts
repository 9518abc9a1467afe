import { Writer } from '@custos/core-bytes';
import { gtinOfUnitKey } from '@custos/core-gs1';
import { digestBytes, taggedHash } from '@custos/core-crypto';
import { agentOf, type Party } from '@custos/core-registry';
import { LIMITS } from '../limits.js';
import {
  judgeUnits,
  liesInListed,
  marketOf,
  placeFor,
  touched,
  type EventUnderLaw,
  type Transition,
} from '../law/event-under-law.js';
import { destinationGln } from '../event/reading.js';
import { no, refuse, type No } from '../law/refuse.js';
import { mayBind } from '../law/unit-relation.js';
import type { ShipmentKind } from '../units/shipment.js';
import { shipmentKey } from '../state-keys.js';
import { isTransactionStated } from '../event/statement.js';
import { hasGoods } from '../units/summary.js';
import { isAuthorised, shipmentKind } from '../law/travel.js';
import type { CustodyRefused } from '../law/types.js';
import type { Custody, Unit } from '../units/unit.js';
import { takenOut } from './taken-out.js';
import { checkDestination } from './destination.js';

/** The receiver, the place and the buyer of a shipping event. */
interface Consignment {
  readonly receiver: Party;
  readonly place: string | undefined;
  readonly buyer: string | undefined;
  readonly shipment: string;
}

/** C6: ships units to a named receiver. The units inside them move with them and are not read (S8). */
export const shipping: Transition = (underLaw, targets) => {
  const { units, warnings } = underLaw;
  const listed = new Set(targets.map(({ key }) => key));
  const receiver = receiverGln(underLaw);
  const leaving = targets.filter(({ key }) => {
    const unit = units.find(key);
    if (!unit) return true;
    // S7: a child listed beside its container moves with it.
    if (liesInListed(underLaw, unit, listed)) return false;
    if (!isRepeated(underLaw, unit, receiver)) return true;
    warnings.add('REPEATED', key);
    return false;
  });
  if (leaving.length === 0) return undefined;
  const consignment = consignmentOf(underLaw, receiver);
  if ('outcome' in consignment) return consignment;
  const failed = judgeUnits(underLaw, leaving, (unit) => shipOne(underLaw, unit, consignment));
  if (failed) return failed;
  recordShipment(underLaw, consignment, leaving.length);
  return undefined;
};

// The possessing party, else the party of the destination's place, else the buyer.
function receiverGln({ event, registered }: EventUnderLaw): string | undefined {
  const location = destinationGln(event, 'location');
  const registrant = location === undefined ? undefined : registered.location(location)?.party;
  return destinationGln(event, 'possessing_party') ?? registrant ?? destinationGln(event, 'owning_party');
}

// S9: it is in transit to the receiver or has arrived; a later step of the same shipping (departing) repeats it.
function isRepeated({ units, signer }: EventUnderLaw, unit: Unit, receiver: string | undefined): boolean {
  const { owner, possessor, receivedFrom, transit } = units.custody(unit);
  if (transit) return [transit.from, owner].includes(signer.gln) && (receiver === undefined || transit.to === receiver);
  return receiver !== undefined && receiver !== signer.gln && possessor === receiver && receivedFrom === signer.gln;
}

function consignmentOf(underLaw: EventUnderLaw, receiverGlnGiven: string | undefined): Consignment | CustodyRefused {
  const { event, registered, context, envelope } = underLaw;
  if (receiverGlnGiven === undefined) return refuse('RECEIVER_MISSING');
  const receiver = registered.party(receiverGlnGiven);
  const buyer = destinationGln(event, 'owning_party');
  if (!receiver || !isAuthorised(receiver, context.timestamp))
    return refuse('RECEIVER_NOT_AUTHORISED', { receiver: receiverGlnGiven, roles: receiver?.roles ?? [] });
  if (buyer !== undefined && !registered.party(buyer))
    return refuse('RECEIVER_NOT_AUTHORISED', { receiver: buyer, roles: [] });
  const bytes = new Writer().u32(envelope.index).finish();
  const id = taggedHash(context.hasher, 'custos/shipment/1', digestBytes(envelope.txId), bytes);
  return { receiver, place: destinationGln(event, 'location'), buyer, shipment: shipmentKey(id) };
}

function shipOne(underLaw: EventUnderLaw, unit: Unit, consignment: Consignment): No | undefined {
  const { units, signer, context } = underLaw;
  const custody = units.custody(unit);
  if (!isSender(underLaw, custody)) return no('NOT_POSSESSOR', { possessor: custody.possessor, signer: signer.gln });
  const { transit } = custody;
  if (transit) return no('ALREADY_IN_TRANSIT', { shipment: transit.shipment, to: transit.to });
  const sender = partyOf(underLaw, custody.possessor);
  const { receiver } = consignment;
  const kind = shipmentKind(custody, sender, receiver, () => isMakerOf(underLaw, unit, receiver.gln));
  const failed =
    checkOwnership(underLaw, unit, custody, consignment, kind) ??
    checkDestination(underLaw, unit, { custody, kind, ...consignment });
  if (failed) return failed;
  const alone = takenOut(underLaw, unit);
  units.put(
    touched(underLaw, {
      ...alone,
      custody: {
        ...alone.custody!,
        location: placeFor(underLaw, custody),
        pendingOwner: pendingOwnerAfter(custody, consignment),
        transit: {
          shipment: consignment.shipment,
          kind,
          from: custody.possessor,
          to: consignment.receiver.gln,
          since: context.timestamp,
        },
      },
      lastShippedAt: context.timestamp,
    }),
  );
  return undefined;
}

/** Reports whether the party owns the GTINs of all serialised goods of the unit. */
function isMakerOf({ registered }: EventUnderLaw, unit: Unit, gln: string): boolean {
  const inside = unit.contains?.gtins ?? {};
  const own = gtinOfUnitKey(unit.key);
  if (inside === 'many') return false;
  const gtins = [...Object.keys(inside), ...(own === undefined ? [] : [own])];
  return gtins.length > 0 && gtins.every((gtin) => registered.ownerOf(gtin) === gln);
}

function partyOf({ registered }: EventUnderLaw, gln: string): Party {
  return registered.party(gln)!;
}

function isSender({ signer, context }: EventUnderLaw, { possessor, owner }: Custody): boolean {
  if (possessor === signer.gln) return true;
  return owner === signer.gln && agentOf(signer, possessor, context.timestamp) !== undefined;
}

// An event that names the present owner ends a pending change of ownership; one that names none keeps it.
function pendingOwnerAfter({ owner, pendingOwner }: Custody, { buyer }: Consignment): string | undefined {
  if (owner === undefined) return undefined;
  if (buyer === undefined) return pendingOwner;
  return buyer === owner ? undefined : buyer;
}

function checkOwnership(
  underLaw: EventUnderLaw,
  unit: Unit,
  custody: Custody,
  { buyer }: Consignment,
  kind: ShipmentKind,
): No | undefined {
  const { signer, registered } = underLaw;
  const { owner } = custody;
  const changes = owner !== undefined && buyer !== undefined && buyer !== owner;
  if (!changes || !hasGoods(unit)) return undefined;
  if (!mayBind(underLaw, owner)) return no('NO_MANDATE', { owner, signer: signer.gln });
  const rules = registered.ruleSet(marketOf(underLaw, placeFor(underLaw, custody)));
  if (rules.transactionStatementRequired && kind !== 'return' && !isTransactionStated(underLaw.envelope.header))
    return no('TRANSACTION_STATEMENT_MISSING');
  return undefined;
}

function recordShipment(
  underLaw: EventUnderLaw,
  { receiver, place, buyer, shipment }: Consignment,
  units: number,
): void {
  const { event, context, signer } = underLaw;
  // C6: the id belongs to this event alone, so a shipment under it means that this one would overwrite it.
  if (underLaw.units.findShipment(shipment)) throw new Error('one event, one shipment');
  underLaw.units.putShipment({
    key: shipment,
    from: signer.gln,
    to: receiver.gln,
    place,
    pendingOwner: buyer,
    documents: event.bizTransactionList
      .filter(({ bizTransaction }) => bizTransaction.length <= LIMITS.documentId)
      .slice(0, LIMITS.documents)
      .map(({ type, bizTransaction }) => ({ type, id: bizTransaction })),
    units,
    open: units,
    since: context.timestamp,
    event: `${signer.gln}/${event.eventID}`,
  });
}
