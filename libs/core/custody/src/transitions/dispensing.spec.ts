import {
  AUTHORITY,
  carton,
  DAY,
  EXPIRY,
  HOUR,
  key,
  LOT,
  MAKER,
  MINUTE,
  other,
  pack,
  palletWorld,
  PHARMACY,
  PHARMACY_2,
  PHARMACY_COUNTER,
  sgln,
  sscc,
  TRADER,
  UNLICENSED,
  US_PHARMACY,
  world,
  type Sketch,
  type World,
} from '../testing/world.js';

const atPharmacy = (of = PHARMACY): World => {
  const w = world();
  w.done(MAKER, w.commission([pack(1), pack(2), pack(3)]));
  w.done(MAKER, w.ship([pack(1), pack(2), pack(3)], of));
  w.done(of, w.receive([pack(1), pack(2), pack(3)]));
  return w;
};
const END = Date.parse(`${EXPIRY}T00:00:00Z`) + DAY;

describe('C15 dispensing', () => {
  it('C15: a pharmacy dispenses a pack, which ends it', () => {
    const w = atPharmacy();
    const { receiptChanges } = w.done(PHARMACY, w.dispense([pack(1)], { bizLocation: sgln(PHARMACY_COUNTER) }));
    expect(w.unit(pack(1))).toMatchObject({
      lifecycle: { state: 'inactive', reason: 'dispensed' },
      ended: { by: PHARMACY, place: PHARMACY_COUNTER },
      custody: { possessor: PHARMACY, location: PHARMACY_COUNTER },
    });
    const set = { lifecycle: { state: 'inactive', reason: 'dispensed' }, location: PHARMACY_COUNTER };
    expect(receiptChanges).toEqual([{ keys: [key(pack(1))], set }]);
  });

  it('C15: DELETE and retail_selling dispense too; without a step the disposition decides', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.object({ action: 'DELETE', bizStep: 'dispensing', epcs: [pack(1)] }));
    w.done(PHARMACY, w.object({ action: 'DELETE', disposition: 'dispensed', epcs: [pack(2)] }));
    w.done(PHARMACY, w.object({ bizStep: 'retail_selling', disposition: 'retail_sold', epcs: [pack(3)] }));
    for (const n of [1, 2, 3]) expect(w.unit(pack(n)).lifecycle).toMatchObject({ reason: 'dispensed' });
  });

  it('C15: refuses a second dispense with party, time and place of the first', () => {
    const w = atPharmacy();
    const first = w.dispense([pack(1)], { bizLocation: sgln(PHARMACY_COUNTER) });
    w.done(PHARMACY, first);
    w.now += 11 * DAY;
    expect(w.tell(PHARMACY_2, w.dispense([pack(1)]))).toMatchObject({
      refusal: {
        code: 'ALREADY_DISPENSED',
        facts: { by: PHARMACY, place: PHARMACY_COUNTER, event: first.eventID, unit: key(pack(1)), count: 1 },
      },
    });
  });

  it('A2: a second report at the same place within the window is a repeat and no alert', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([pack(1)]));
    expect(w.tell(PHARMACY, w.dispense([pack(1)]))).toMatchObject({ refusal: { facts: { repeat: true } } });
    expect(w.tell(PHARMACY_2, w.dispense([pack(1)]))).not.toMatchObject({ refusal: { facts: { repeat: true } } });
    w.now += 11 * DAY;
    expect(w.tell(PHARMACY, w.dispense([pack(1)]))).not.toMatchObject({ refusal: { facts: { repeat: true } } });
  });

  it('C15: refuses a party without the role or the licence', () => {
    const w = atPharmacy();
    expect(w.refused(MAKER, w.dispense([pack(1)]))).toBe('ROLE_MAY_NOT');
    expect(w.refused(AUTHORITY, w.dispense([pack(1)]))).toBe('ROLE_MAY_NOT');
    expect(w.refused(UNLICENSED, w.dispense([pack(1)]))).toBe('NOT_SALEABLE_UNLICENSED');
  });

  it('C15: refuses a serial that was never commissioned', () => {
    const w = atPharmacy();
    expect(w.refused(PHARMACY, w.dispense([pack(99)]))).toBe('UNKNOWN_UNIT');
  });

  it('M3: the EU accepts a dispenser that is not the possessor, the US does not', () => {
    const w = atPharmacy();
    const { warnings } = w.done(PHARMACY_2, w.dispense([pack(1)]));
    expect(warnings).toEqual([{ code: 'NOT_POSSESSOR', units: [key(pack(1))] }]);
    expect(w.unit(pack(1)).custody?.possessor).toBe(PHARMACY);
    expect(w.refused(US_PHARMACY, w.dispense([pack(2)]))).toBe('NOT_POSSESSOR');
  });

  it('NOT_SALEABLE_IN_TRANSIT: refuses a pack in transit', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(MAKER, w.ship([pack(1)], PHARMACY));
    expect(w.refused(PHARMACY, w.dispense([pack(1)]))).toBe('NOT_SALEABLE_IN_TRANSIT');
  });

  it('C5: a pack dispensed out of its case leaves the contents of the case broken', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([carton(1)], PHARMACY));
    w.done(PHARMACY, w.receive([carton(1)]));
    const { warnings } = w.done(PHARMACY, w.dispense([pack(1)]));
    expect(warnings).toEqual([{ code: 'AGGREGATION_BROKEN', units: [key(pack(1))] }]);
    expect(w.unit(pack(1)).container).toBeUndefined();
    expect(w.unit(carton(1))).toMatchObject({ contains: { levels: [1], packs: 1 }, contents: { state: 'broken' } });
  });

  it('C15: logistic units are not dispensed', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], PHARMACY));
    w.done(PHARMACY, w.receive([w.pallet]));
    expect(w.refused(PHARMACY, w.dispense([w.pallet]))).toBe('ACTION_MISMATCH');
    expect(w.refused(PHARMACY, w.dispense([sscc(1)]))).toBe('ACTION_MISMATCH');
  });

  it('NOT_SALEABLE_MISMATCH: compares lot and expiry as scanned', () => {
    const w = atPharmacy();
    const scan = (lot: string, expiry: string) => ({ custos: { scan: { lot, expiry } } });
    expect(w.tell(PHARMACY, w.dispense([pack(1)], scan('L24B', '2027-07-31')))).toMatchObject({
      refusal: { code: 'NOT_SALEABLE_MISMATCH', facts: { fields: ['lot', 'expiry'] } },
    });
    expect(w.refused(PHARMACY, w.dispense([pack(1)], scan(LOT, EXPIRY)))).toBe('accepted');
  });

  it('NOT_SALEABLE_HELD: refuses a return that was not verified', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.ship([pack(1)], TRADER));
    w.done(TRADER, w.receive([pack(1)]));
    expect(w.tell(PHARMACY, w.dispense([pack(1)]))).toMatchObject({
      refusal: { code: 'NOT_SALEABLE_HELD', facts: { holds: ['data-pending'] } },
    });
  });
});

describe('C15 in part', () => {
  const part = (amount?: number): Sketch => ({
    disposition: 'partially_dispensed',
    custos: amount === undefined ? {} : { dispensed: { amount, uom: 'TB' } },
  });

  it('C15: in the EU opening ends a pack', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([pack(1)], part(5)));
    expect(w.unit(pack(1)).lifecycle).toEqual({ state: 'inactive', reason: 'dispensed' });
  });

  it('C15: elsewhere the same party alone dispenses the rest', () => {
    const w = atPharmacy(US_PHARMACY);
    w.done(US_PHARMACY, w.dispense([pack(1)], part(5)));
    expect(w.unit(pack(1)).lifecycle).toEqual({ state: 'partially-dispensed', remaining: { amount: 15, uom: 'TB' } });
    expect(w.refused(PHARMACY, w.dispense([pack(1)]))).toBe('ALREADY_DISPENSED');
    w.done(US_PHARMACY, w.dispense([pack(1)], part(15)));
    expect(w.unit(pack(1)).lifecycle).toEqual({ state: 'inactive', reason: 'dispensed' });
  });

  it.each([2.5, -5, 0])('L5.6: ignores an amount of %s: whole units of measure only', (amount) => {
    const w = atPharmacy(US_PHARMACY);
    w.done(US_PHARMACY, w.dispense([pack(1)], part(amount)));
    expect(w.unit(pack(1)).lifecycle).toEqual({ state: 'partially-dispensed' });
  });

  it('C15: without an amount the rest is not known', () => {
    const w = atPharmacy(US_PHARMACY);
    w.done(US_PHARMACY, w.dispense([pack(1)], part()));
    expect(w.unit(pack(1)).lifecycle).toEqual({ state: 'partially-dispensed' });
    expect(w.refused(US_PHARMACY, w.ship([pack(1)], PHARMACY, { destinations: [] }))).toBe('RECEIVER_MISSING');
    expect(w.refused(US_PHARMACY, w.ship([pack(1)], MAKER))).toBe('UNIT_INACTIVE');
  });
});

describe('T time', () => {
  it('T1: refuses an event more than two minutes later than its signature', () => {
    const w = atPharmacy();
    const createdAt = w.now;
    expect(w.refused(PHARMACY, w.dispense([pack(1)], { eventTime: createdAt + 2 * MINUTE + 1 }), { createdAt })).toBe(
      'EVENT_IN_FUTURE',
    );
    expect(w.refused(PHARMACY, w.dispense([pack(1)], { eventTime: createdAt + 2 * MINUTE }), { createdAt })).toBe(
      'accepted',
    );
  });

  it('T1: judges an older event on the present state, with a warning', () => {
    const w = atPharmacy();
    const { warnings } = w.done(PHARMACY, w.dispense([pack(1)], { eventTime: w.now - DAY }));
    expect(warnings).toEqual([{ code: 'OUT_OF_ORDER', units: [key(pack(1))] }]);
  });

  it('T2: compares the expiry with the time of the event for 72 hours', () => {
    const w = atPharmacy();
    w.now = END + 71 * HOUR;
    expect(w.refused(PHARMACY, w.dispense([pack(1)], { eventTime: END - MINUTE }))).toBe('accepted');
    expect(w.refused(PHARMACY, w.dispense([pack(2)], { eventTime: END }))).toBe('NOT_SALEABLE_EXPIRED');
    w.now = END + 73 * HOUR;
    expect(w.refused(PHARMACY, w.dispense([pack(2)], { eventTime: END - MINUTE }))).toBe('NOT_SALEABLE_EXPIRED');
  });

  it('T2: compares it with block time afterwards, with warning LATE', () => {
    const w = atPharmacy();
    const then = w.now;
    w.now += 4 * DAY;
    const { warnings } = w.done(PHARMACY, w.dispense([pack(1)], { eventTime: then }));
    expect(warnings).toContainEqual({ code: 'LATE', units: [key(pack(1))] });
  });

  it('T2: applies a recall at block time to an event of any age', () => {
    const w = atPharmacy();
    const before = w.now;
    w.done(MAKER, w.recall({ id: 'R', class: 1, depth: 'dispenser', markets: ['DE'] }));
    expect(w.refused(PHARMACY, w.dispense([pack(1)], { eventTime: before }))).toBe('NOT_SALEABLE_RECALLED');
  });

  it('S6: reports the most serious of several reasons first', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([pack(1)]));
    w.done(MAKER, w.recall({ id: 'R', class: 1, depth: 'patient', markets: [] }));
    // A2: no alert of a second dispense is opened for a recalled lot.
    expect(w.refused(PHARMACY_2, w.dispense([pack(1)]))).toBe('NOT_SALEABLE_RECALLED');
    expect(w.refused(PHARMACY_2, w.dispense([other(1)]))).toBe('UNKNOWN_UNIT');
  });
});
