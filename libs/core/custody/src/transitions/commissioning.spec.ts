import {
  ABROAD,
  AUTHORITY,
  carton,
  CMO,
  DAY,
  EXPIRY,
  key,
  LOT,
  MAKER,
  MAKER_SITE,
  other,
  pack,
  palletWorld,
  sgln,
  sscc,
  START,
  TRADER,
  UNREGISTERED_GTIN,
  world,
} from '../testing/world.js';
import { lotKey, lotOf } from '../index.js';
import { GTIN } from '../testing/world.js';

const lotOfWorld = (w: ReturnType<typeof world>, lot = LOT) =>
  lotOf(lotKey(GTIN, lot), w.state.get(lotKey(GTIN, lot))!);

describe('C1 commissioning packs and cases', () => {
  it('C1: the owner of the GTIN commissions serials in a lot that has their expiry', () => {
    const w = world();
    const { receiptChanges } = w.done(MAKER, w.commission([pack(1), pack(2)]));
    expect(w.unit(pack(1))).toMatchObject({
      lifecycle: { state: 'active' },
      onHold: false,
      incarnation: 1,
      expiry: EXPIRY,
      lot: lotKey(GTIN, LOT),
      custody: { owner: MAKER, possessor: MAKER, location: MAKER },
    });
    expect(lotOfWorld(w)).toMatchObject({ expiry: EXPIRY, recalls: [], units: 2 });
    // L5.2: equal changes are stated once.
    expect(receiptChanges).toMatchObject([
      { keys: [lotKey(GTIN, LOT)], set: { expiry: EXPIRY } },
      { keys: [key(pack(1)), key(pack(2))], set: { gtin: GTIN, possessor: MAKER, owner: MAKER } },
    ]);
  });

  it('C1: packaging levels share one lot', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1), carton(1)]));
    expect(w.unit(carton(1)).lot).toBe(w.unit(pack(1)).lot);
  });

  it('C1: a contract manufacturer that the product names commissions for the owner', () => {
    const w = world();
    w.done(CMO, w.commission([pack(1)]));
    expect(w.unit(pack(1)).custody).toMatchObject({ owner: MAKER, possessor: CMO, location: CMO });
    expect(w.refused(CMO, w.commission([other(1)]))).toBe('GTIN_NOT_OWNED');
  });

  it('C1: no other party commissions them', () => {
    const w = world();
    expect(w.refused(TRADER, w.commission([pack(1)]))).toBe('ROLE_MAY_NOT');
    expect(w.refused(AUTHORITY, w.commission([pack(1)]))).toBe('ROLE_MAY_NOT');
  });

  it('C1: refuses a serial again with another lot or expiry', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    expect(w.refused(MAKER, w.commission([pack(1)], { ilmd: { lot: 'L2', expiry: EXPIRY } }))).toBe('SERIAL_REUSED');
    expect(w.refused(MAKER, w.commission([pack(1)], { ilmd: { lot: LOT, expiry: '2027-07-31' } }))).toBe(
      'SERIAL_REUSED',
    );
  });

  it('S9: the same serial with the same lot and expiry is a repeat', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    const { changes, warnings } = w.done(MAKER, w.commission([pack(1)]));
    expect(changes.map((change) => change.key)).toEqual([expect.stringMatching('^event/')]);
    expect(warnings).toEqual([{ code: 'REPEATED', units: [key(pack(1))] }]);
    expect(lotOfWorld(w).units).toBe(1);
  });

  it('C1: a lot has one expiry', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    expect(w.refused(MAKER, w.commission([pack(2)], { ilmd: { lot: LOT, expiry: '2027-07-31' } }))).toBe(
      'LOT_EXPIRY_CONFLICT',
    );
  });

  it('C1: refuses an event without lot or expiry', () => {
    const w = world();
    expect(w.refused(MAKER, w.commission([pack(1)], { ilmd: undefined }))).toBe('MALFORMED_EVENT');
    const event = w.commission([pack(1)], { ilmd: undefined });
    const lotAlone = { ...event, ilmd: { 'cbvmda:lotNumber': LOT } };
    const expiryAlone = { ...event, ilmd: { 'cbvmda:itemExpirationDate': EXPIRY } };
    expect(w.tell(MAKER, lotAlone)).toMatchObject({ refusal: { facts: { field: 'ilmd/itemExpirationDate' } } });
    expect(w.tell(MAKER, expiryAlone)).toMatchObject({ refusal: { facts: { field: 'ilmd/lotNumber' } } });
  });

  it('T2: compares the expiry with the time of the event', () => {
    const w = world();
    const ilmd = { lot: LOT, expiry: '2026-03-01' };
    expect(w.refused(MAKER, w.commission([pack(1)], { ilmd }))).toBe('EXPIRED');
    // T3: a pack may be used until its day has ended.
    expect(w.refused(MAKER, w.commission([pack(1)], { ilmd, eventTime: START - DAY }))).toBe('accepted');
  });

  it('S2: records an unregistered GTIN and does not judge it', () => {
    const w = world();
    const unit = { ...pack(1), gtin: UNREGISTERED_GTIN };
    const { warnings, changes } = w.done(MAKER, w.commission([unit as ReturnType<typeof pack>]));
    expect(warnings).toMatchObject([{ code: 'UNKNOWN_GTIN' }]);
    expect(changes).toHaveLength(1);
  });

  it('S6: an event is atomic, and its facts list the units that failed', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    const decision = w.tell(MAKER, w.commission([pack(1), pack(2)], { ilmd: { lot: 'L2', expiry: EXPIRY } }));
    expect(decision).toMatchObject({
      refusal: { code: 'SERIAL_REUSED', facts: { unit: key(pack(1)), count: 1, units: [{ code: 'SERIAL_REUSED' }] } },
    });
    expect(w.state.get(key(pack(2)))).toBeUndefined();
  });
});

describe('C2 commissioning logistic units', () => {
  it('C2: the holder of the prefix commissions an SSCC; an empty one has no owner', () => {
    const w = world();
    w.done(MAKER, w.begin([sscc(1)]));
    expect(w.unit(sscc(1))).toMatchObject({ incarnation: 1, custody: { possessor: MAKER } });
    expect(w.unit(sscc(1)).custody?.owner).toBeUndefined();
  });

  it('C2: its agent does too, and no other party', () => {
    const w = world();
    expect(w.refused(CMO, w.begin([sscc(1)]))).toBe('accepted');
    expect(w.refused(TRADER, w.begin([sscc(2)]))).toBe('PREFIX_NOT_OWNED');
    expect(w.refused(ABROAD, w.begin([sscc(3, '4999999')]))).toBe('PREFIX_NOT_OWNED');
  });

  it('C2: refuses an SSCC in use', () => {
    const w = world();
    w.done(MAKER, w.begin([sscc(1)]));
    expect(w.refused(MAKER, w.begin([sscc(1)]))).toBe('SSCC_IN_USE');
  });

  it('C2: starts the next incarnation of an SSCC that was empty for twelve months', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], TRADER));
    w.done(TRADER, w.receive([w.pallet]));
    w.now += 366 * DAY;
    expect(w.refused(MAKER, w.begin([w.pallet]))).toBe('SSCC_IN_USE');
    w.done(TRADER, w.unpack(w.pallet));
    w.done(MAKER, w.begin([w.pallet]));
    expect(w.unit(w.pallet)).toMatchObject({ incarnation: 2, custody: { possessor: MAKER } });
  });

  it('C2: refuses an SSCC that was emptied less than twelve months ago', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], TRADER));
    w.done(TRADER, w.receive([w.pallet]));
    w.done(TRADER, w.unpack(w.pallet));
    w.now += 300 * DAY;
    expect(w.refused(MAKER, w.begin([w.pallet]))).toBe('SSCC_IN_USE');
  });

  it('S6: chooses rows unit by unit', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1), sscc(1)]));
    expect(w.unit(sscc(1)).lot).toBeUndefined();
    expect(w.unit(pack(1)).lot).toBeDefined();
  });
});

describe('M1 places', () => {
  it('M1: the place is bizLocation, else readPoint, else the party’s own', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)], { readPoint: sgln(MAKER_SITE) }));
    expect(w.unit(pack(1)).custody?.location).toBe(MAKER_SITE);
    w.done(MAKER, w.commission([pack(2)], { readPoint: sgln(MAKER_SITE), bizLocation: sgln(MAKER) }));
    expect(w.unit(pack(2)).custody?.location).toBe(MAKER);
  });

  it('M1: accepts a place of an agent, and refuses a place of others', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)], { bizLocation: sgln(CMO) }));
    expect(w.refused(MAKER, w.commission([pack(2)], { bizLocation: sgln(TRADER) }))).toBe('LOCATION_NOT_YOURS');
    expect(w.refused(CMO, w.commission([pack(2)], { bizLocation: sgln(MAKER) }))).toBe('LOCATION_NOT_YOURS');
  });

  it('M1: any event of the possessor moves the unit, and no other event does', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(TRADER, w.object({ bizStep: 'storing', epcs: [pack(1)], bizLocation: sgln(TRADER) }));
    expect(w.unit(pack(1)).custody?.location).toBe(MAKER);
    w.done(MAKER, w.object({ bizStep: 'storing', epcs: [pack(1)], bizLocation: sgln(MAKER_SITE) }));
    expect(w.unit(pack(1)).custody?.location).toBe(MAKER_SITE);
  });
});
