import type { JsonObject } from '@custos/core-bytes';
import {
  ABROAD,
  AUTHORITY,
  BUDGET,
  carton,
  CMO,
  DAY,
  DISPOSER,
  eventOf,
  EXPIRY,
  gln,
  INSURER,
  KEEPER,
  key,
  LOT,
  MAKER,
  pack,
  palletWorld,
  pgln,
  PHARMACY,
  PHARMACY_2,
  PHARMACY_COUNTER,
  sgln,
  sscc,
  TRADER,
  TRADER_ABROAD,
  UNLICENSED,
  US_PHARMACY,
  US_TRADER,
  world,
  type World,
} from '../testing/world.js';
import { shipmentKey } from '../index.js';
import { countedView } from '@custos/core-state';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { digestOf, referenceHasher as hasher } from '@custos/core-crypto';
import { targetOf, type EventUnderLaw } from '../law/event-under-law.js';
import { registeredAt } from '../law/registered.js';
import { warnings } from '../law/warnings.js';
import { unitsOver } from '../units/units.js';
import { shipping } from './shipping.js';

const inHand = (of = MAKER, count = 2): World => {
  const w = world();
  const packs = Array.from({ length: count }, (_, i) => pack(i + 1));
  w.done(MAKER, w.commission(packs));
  if (of === MAKER) return w;
  w.done(MAKER, w.ship(packs, of));
  w.done(of, w.receive(packs));
  return w;
};
const matterOf = (w: World, signer: string, json: JsonObject): EventUnderLaw => {
  const view = countedView(w.state);
  const registered = registeredAt(view, w.now);
  const event = eventOf(json);
  const [txId, salt] = [digestOf(new Uint8Array(32).fill(1)), digestOf(new Uint8Array(32).fill(2))];
  return {
    event: { ...event, eventID: event.eventID! },
    envelope: { txId, index: 0, createdAt: w.now, salt, context: CUSTOS_CONTEXT, header: undefined, signer },
    context: { hasher, height: 1, timestamp: w.now, budget: BUDGET },
    signer: registered.party(signer)!,
    view,
    registered,
    units: unitsOver(view),
    warnings: warnings(),
    place: undefined,
    scanned: {},
    linkScans: new Map(),
  };
};
const to = (type: string, gln: string) => ({ type, destination: type === 'location' ? sgln(gln) : pgln(gln) });

describe('C6 shipping', () => {
  it('C6: units are in transit to the receiver, and the sender possesses them until they are received', () => {
    const w = inHand();
    const { receiptChanges } = w.done(
      MAKER,
      w.ship([pack(1), pack(2)], TRADER, { bizTransactions: [{ type: 'desadv', bizTransaction: 'urn:x:7' }] }),
    );
    const { transit, ...custody } = w.unit(pack(1)).custody!;
    expect(custody).toMatchObject({ owner: MAKER, possessor: MAKER, pendingOwner: TRADER });
    expect(transit).toMatchObject({ from: MAKER, to: TRADER, kind: 'delivery', since: w.now });
    expect(w.shipment(transit!.shipment)).toMatchObject({
      from: MAKER,
      to: TRADER,
      pendingOwner: TRADER,
      units: 2,
      open: 2,
      documents: [{ type: 'desadv', id: 'urn:x:7' }],
    });
    expect(transit!.shipment).toBe(shipmentKey(transit!.shipment.slice('shipment/'.length)));
    expect(receiptChanges.map(({ keys }) => keys)).toContainEqual([key(pack(1)), key(pack(2))]);
  });

  it('C6: the receiver is the possessing party, else the party of the place, else the buyer', () => {
    const w = inHand(MAKER, 3);
    const receiverOf = (n: number) => w.unit(pack(n)).custody?.transit?.to;
    w.done(
      MAKER,
      w.ship([pack(1)], TRADER, { destinations: [to('owning_party', PHARMACY), to('possessing_party', TRADER)] }),
    );
    w.done(
      MAKER,
      w.ship([pack(2)], TRADER, { destinations: [to('owning_party', TRADER), to('location', PHARMACY_COUNTER)] }),
    );
    w.done(MAKER, w.ship([pack(3)], TRADER, { destinations: [to('owning_party', TRADER)] }));
    expect([1, 2, 3].map(receiverOf)).toEqual([TRADER, PHARMACY, TRADER]);
    expect(w.unit(pack(1)).custody?.pendingOwner).toBe(PHARMACY);
  });

  it('C6: one event makes one shipment and does not overwrite another', () => {
    const w = inHand();
    const matter = matterOf(w, MAKER, w.ship([pack(1), pack(2)], TRADER));
    expect(shipping(matter, [targetOf(pack(1))])).toBeUndefined();
    expect(() => shipping(matter, [targetOf(pack(2))])).toThrow('one event, one shipment');
  });

  it('C6: refuses an event without a receiver', () => {
    const w = inHand();
    expect(w.refused(MAKER, w.ship([pack(1)], TRADER, { destinations: [] }))).toBe('RECEIVER_MISSING');
  });

  it('C6: the receiver must be registered, licensed, and of a role that takes medicines in', () => {
    const w = inHand();
    for (const receiver of [gln('4199999'), UNLICENSED, INSURER])
      expect(w.refused(MAKER, w.ship([pack(1)], receiver))).toBe('RECEIVER_NOT_AUTHORISED');
  });

  it('C6: the buyer must be registered', () => {
    const w = inHand();
    const destinations = [to('owning_party', gln('4199999')), to('possessing_party', TRADER)];
    expect(w.tell(MAKER, w.ship([pack(1)], TRADER, { destinations }))).toMatchObject({
      refusal: { code: 'RECEIVER_NOT_AUTHORISED', facts: { receiver: gln('4199999') } },
    });
  });

  it('L5.7: refuses a record that would exceed its limit', () => {
    const w = inHand();
    const long = (n: number): string => `https://example.org/${n}`.padEnd(128, 'x');
    const bizTransactions = Array.from({ length: 8 }, (_, n) => ({ type: long(n), bizTransaction: long(n) }));
    expect(w.tell(MAKER, w.ship([pack(1)], TRADER, { bizTransactions }))).toMatchObject({
      refusal: { code: 'TOO_LARGE', facts: { part: 'private', limit: 2048 } },
    });
    expect(w.refused(MAKER, w.ship([pack(1)], TRADER, { bizTransactions: bizTransactions.slice(1, 5) }))).toBe(
      'accepted',
    );
  });

  it('C6: refuses to ship a unit that another party possesses', () => {
    const w = inHand();
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY))).toBe('NOT_POSSESSOR');
    expect(w.refused(MAKER, w.ship([pack(9)], TRADER))).toBe('UNKNOWN_UNIT');
  });

  it('C6: refuses to ship a unit in transit', () => {
    const w = inHand();
    w.done(MAKER, w.ship([pack(1)], TRADER));
    expect(w.refused(MAKER, w.ship([pack(1)], PHARMACY))).toBe('ALREADY_IN_TRANSIT');
  });

  it('S9: shipping to the same receiver again is a repeat, and departing too', () => {
    const w = inHand();
    w.done(MAKER, w.ship([pack(1)], TRADER));
    const { warnings, changes } = w.done(MAKER, w.ship([pack(1)], TRADER));
    expect(warnings).toMatchObject([{ code: 'REPEATED' }]);
    expect(changes).toHaveLength(1);
    expect(w.refused(MAKER, w.object({ bizStep: 'departing', epcs: [pack(1)] }))).toBe('accepted');
    w.done(TRADER, w.receive([pack(1)]));
    expect(w.done(MAKER, w.ship([pack(1)], TRADER)).warnings).toMatchObject([{ code: 'REPEATED' }]);
  });

  it('S5: departing and consigning count as shipping', () => {
    const w = inHand();
    w.done(MAKER, w.ship([pack(1)], TRADER, { bizStep: 'departing' }));
    w.done(MAKER, w.ship([pack(2)], TRADER, { bizStep: 'consigning' }));
    expect(w.unit(pack(2)).custody?.transit?.to).toBe(TRADER);
  });

  it('C6: the owner ships units that its agent possesses; an agent without a mandate changes no owner', () => {
    const w = inHand(TRADER);
    w.done(TRADER, w.ship([pack(1), pack(2)], KEEPER, { destinations: [to('possessing_party', KEEPER)] }));
    w.done(KEEPER, w.receive([pack(1), pack(2)]));
    expect(w.unit(pack(1)).custody).toMatchObject({ owner: TRADER, possessor: KEEPER });
    expect(w.refused(KEEPER, w.ship([pack(1)], PHARMACY))).toBe('NO_MANDATE');
    w.done(KEEPER, w.ship([pack(1)], PHARMACY, { destinations: [to('possessing_party', PHARMACY)] }));
    w.done(TRADER, w.ship([pack(2)], PHARMACY));
    expect(w.unit(pack(2)).custody?.transit?.from).toBe(KEEPER);
    expect(w.refused(MAKER, w.ship([pack(2)], PHARMACY))).toBe('NOT_POSSESSOR');
  });

  it('S7: ignores a child listed beside its container', () => {
    const w = palletWorld();
    const { warnings } = w.done(MAKER, w.ship([w.pallet, carton(1), pack(1)], TRADER));
    expect(warnings).toEqual([]);
    expect(w.unit(pack(1)).container?.key).toBe(key(carton(1)));
    expect(w.shipment(w.unit(w.pallet).custody!.transit!.shipment).units).toBe(1);
  });

  it('C5: a unit shipped without its container leaves the contents of that broken', () => {
    const w = palletWorld();
    const { warnings } = w.done(MAKER, w.ship([pack(1)], TRADER));
    expect(warnings).toEqual([{ code: 'AGGREGATION_BROKEN', units: [key(pack(1))] }]);
    expect(w.unit(carton(1)).contents).toEqual({ state: 'broken', by: MAKER });
    expect(w.unit(w.pallet).contains?.levels).toEqual([2, 3]);
  });

  it('R: dispensers do not sell', () => {
    const w = inHand(PHARMACY);
    expect(w.refused(PHARMACY, w.ship([pack(1)], PHARMACY_2))).toBe('ROLE_MAY_NOT');
  });
});

describe('C6 kinds of a shipment', () => {
  const kindOf = (w: World, from: string, receiver: string): string => {
    w.done(from, w.ship([pack(1)], receiver));
    return w.unit(pack(1)).custody!.transit!.kind;
  };

  it('C6: the receiver decides the kind', () => {
    expect(kindOf(inHand(TRADER), TRADER, PHARMACY)).toBe('delivery');
    expect(kindOf(inHand(TRADER), TRADER, TRADER)).toBe('own-site');
    expect(kindOf(inHand(TRADER), TRADER, DISPOSER)).toBe('destruction');
    expect(kindOf(inHand(TRADER), TRADER, AUTHORITY)).toBe('authority');
    expect(kindOf(inHand(TRADER), TRADER, ABROAD)).toBe('export');
    expect(kindOf(inHand(TRADER), TRADER, MAKER)).toBe('return');
    expect(kindOf(inHand(PHARMACY), PHARMACY, TRADER)).toBe('return');
  });

  it('C6: a return is held data pending, and is not sold on before it was verified', () => {
    const w = inHand(PHARMACY);
    w.done(PHARMACY, w.ship([pack(1)], TRADER));
    w.done(TRADER, w.receive([pack(1)]));
    expect(w.unit(pack(1))).toMatchObject({ onHold: true, holds: [{ kind: 'data-pending', setter: TRADER }] });
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY_2))).toBe('RETURN_UNVERIFIED');
    expect(w.refused(TRADER, w.ship([pack(1)], DISPOSER))).toBe('accepted');
  });

  it('C6: a return reaches its maker through two parties, recalled or not', () => {
    const w = inHand(PHARMACY);
    w.done(MAKER, w.recall({ id: 'R', class: 1, depth: 'patient', markets: [] }));
    w.done(PHARMACY, w.ship([pack(1)], TRADER));
    w.done(TRADER, w.receive([pack(1)]));
    w.done(TRADER, w.ship([pack(1)], MAKER));
    expect(w.unit(pack(1)).custody?.transit?.kind).toBe('return');
    w.done(MAKER, w.receive([pack(1)]));
    expect(w.unit(pack(1)).holds).toHaveLength(1);
  });

  it('C6: a dispensed pack goes only to its maker, to disposal or to the authority', () => {
    const w = inHand(PHARMACY, 4);
    w.done(PHARMACY, w.dispense([pack(1), pack(2), pack(3), pack(4)]));
    expect(w.tell(PHARMACY, w.ship([pack(1)], TRADER))).toMatchObject({
      refusal: { code: 'UNIT_INACTIVE', facts: { reason: 'dispensed', by: PHARMACY, unit: key(pack(1)) } },
    });
    expect(w.refused(PHARMACY, w.ship([pack(1)], MAKER))).toBe('accepted');
    expect(w.refused(PHARMACY, w.ship([pack(2)], DISPOSER))).toBe('accepted');
    expect(w.refused(PHARMACY, w.ship([pack(3)], AUTHORITY))).toBe('accepted');
    expect(w.refused(PHARMACY, w.ship([pack(4)], PHARMACY))).toBe('accepted');
  });
});

describe('C6 saleable or not', () => {
  it('NOT_SALEABLE_RECALLED: bars at this role’s depth, in either market', () => {
    const w = inHand(TRADER);
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['FR'] }));
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY))).toBe('accepted');
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['FR', 'US'] }));
    // M2: shipping counts in the destination's market too.
    expect(w.refused(TRADER, w.ship([pack(2)], US_PHARMACY))).toBe('NOT_SALEABLE_RECALLED');
    expect(w.refused(TRADER, w.ship([pack(2)], PHARMACY))).toBe('accepted');
  });

  it('M2: the market is that of the place, not of the party', () => {
    const w = inHand(TRADER);
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['FR'] }));
    const there = { bizLocation: sgln(TRADER_ABROAD) };
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY, there))).toBe('NOT_SALEABLE_RECALLED');
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY))).toBe('accepted');
    const destinations = [to('possessing_party', TRADER), to('location', TRADER_ABROAD)];
    const maker = inHand();
    maker.done(MAKER, maker.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['FR'] }));
    expect(maker.refused(MAKER, maker.ship([pack(1)], TRADER, { destinations }))).toBe('NOT_SALEABLE_RECALLED');
  });

  it('NOT_SALEABLE_RECALLED: judges a container by its summary', () => {
    const w = palletWorld();
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: [] }));
    expect(w.tell(MAKER, w.ship([w.pallet], TRADER))).toMatchObject({
      refusal: { code: 'NOT_SALEABLE_RECALLED', facts: { recall: 'R', class: 2, depth: 'wholesale' } },
    });
  });

  it('C6: recalled goods go back, to disposal or to the authority', () => {
    const w = inHand(TRADER);
    w.done(MAKER, w.recall({ id: 'R', class: 1, depth: 'patient', markets: [] }));
    expect(w.refused(TRADER, w.ship([pack(1)], MAKER))).toBe('accepted');
    expect(w.refused(TRADER, w.ship([pack(2)], DISPOSER))).toBe('accepted');
  });

  it('NOT_SALEABLE_EXPIRED: compares the expiry with the time of the event (T2)', () => {
    const w = inHand(TRADER);
    const end = Date.parse(`${EXPIRY}T00:00:00Z`) + DAY;
    w.now = end;
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY, { eventTime: end }))).toBe('NOT_SALEABLE_EXPIRED');
    expect(w.refused(TRADER, w.ship([pack(1)], PHARMACY, { eventTime: end - 1 }))).toBe('accepted');
  });

  it('NOT_SALEABLE_MISMATCH: refuses a scanned lot or expiry that is not the unit’s', () => {
    const w = inHand();
    expect(w.refused(MAKER, w.ship([pack(1)], TRADER, { custos: { scan: { lot: 'L24B' } } }))).toBe(
      'NOT_SALEABLE_MISMATCH',
    );
    expect(w.refused(MAKER, w.ship([pack(1)], TRADER, { custos: { scan: { expiry: '2027-06' } } }))).toBe(
      'MALFORMED_EVENT',
    );
    expect(w.refused(MAKER, w.ship([pack(1)], DISPOSER, { custos: { scan: { lot: 'L24B' } } }))).toBe('MISMATCH');
    expect(w.refused(MAKER, w.ship([pack(1)], TRADER, { custos: { scan: { lot: LOT, expiry: EXPIRY } } }))).toBe(
      'accepted',
    );
  });

  it('UNIT_INACTIVE: a pack ends inside its case when both are dispensed, and the case is not sold', () => {
    const w = palletWorld();
    w.done(MAKER, w.unpack(w.pallet));
    w.done(MAKER, w.ship([carton(1)], PHARMACY));
    w.done(PHARMACY, w.receive([carton(1)]));
    w.done(PHARMACY, w.dispense([carton(1), pack(1)]));
    expect(w.unit(pack(1)).container?.key).toBe(key(carton(1)));
    expect(w.unit(carton(1)).contains).toMatchObject({ inactive: 1, levels: [2] });
    expect(w.refused(PHARMACY, w.ship([carton(1)], TRADER))).toBe('UNIT_INACTIVE');
    // S8: the pack that was not listed moved with its case.
    expect(w.refused(PHARMACY, w.dispense([pack(2)]))).toBe('ALREADY_DISPENSED');
  });

  it('TRANSACTION_STATEMENT_MISSING: refuses a change of owner where the rule set requires a statement', () => {
    const w = inHand(US_TRADER, 3);
    const destinations = [to('possessing_party', US_PHARMACY)];
    expect(w.refused(US_TRADER, w.ship([pack(1)], US_PHARMACY))).toBe('TRANSACTION_STATEMENT_MISSING');
    expect(w.refused(US_TRADER, w.ship([pack(1)], US_PHARMACY, { destinations }))).toBe('accepted');
    const header = { 'gs1ushc:dscsaTransactionStatement': { 'gs1ushc:affirmTransactionStatement': true } };
    expect(w.refused(US_TRADER, w.ship([pack(2)], US_PHARMACY), { header })).toBe('accepted');
    // A return needs no statement.
    expect(w.refused(US_TRADER, w.ship([pack(3)], MAKER))).toBe('accepted');
  });

  it('C1, C6: a contract manufacturer ships units that it made for the owner', () => {
    const w = world();
    w.done(CMO, w.commission([pack(1)]));
    w.done(CMO, w.ship([pack(1)], MAKER));
    w.done(MAKER, w.receive([pack(1)]));
    expect(w.unit(pack(1)).custody).toMatchObject({ owner: MAKER, possessor: MAKER, receivedFrom: CMO });
  });

  it('C6: ships empty containers', () => {
    const w = inHand(PHARMACY);
    w.done(PHARMACY, w.begin([sscc(1, '4034567')]));
    expect(w.refused(PHARMACY, w.ship([sscc(1, '4034567')], PHARMACY_2))).toBe('accepted');
  });
});
