import {
  AUTHORITY,
  carton,
  CMO,
  EXPIRY,
  GTIN,
  key,
  LOT,
  MAKER,
  MAKER_SITE,
  pack,
  palletWorld,
  PHARMACY,
  sgln,
  sscc,
  TRADER,
  world,
  type World,
} from '../testing/world.js';
import { childrenOf, contentsKey, lotKey } from '../index.js';

const oneCase = (): World => {
  const w = world();
  w.done(MAKER, w.commission([pack(1), pack(2), pack(3), carton(1), carton(2)]));
  return w;
};

describe('C3 packing', () => {
  it('C3: puts children into the container and updates the summaries up to the root', () => {
    const w = palletWorld();
    expect(w.unit(pack(1))).toMatchObject({ container: { key: key(carton(1)), incarnation: 1 }, page: 0 });
    expect(w.unit(pack(1)).custody).toBeUndefined();
    expect(w.unit(w.pallet)).toMatchObject({
      contains: { levels: [2, 4], packs: 4, held: 0, inactive: 0, lots: { [lotKey(GTIN, LOT)]: [6, 4] } },
      contents: { state: 'verified', by: MAKER },
      custody: { owner: MAKER },
    });
    expect(childrenOf(w.state.get(contentsKey(key(w.pallet), 0))!)).toEqual([key(carton(1)), key(carton(2))]);
  });

  it('S8: the receipt of a move into a container states the container alone', () => {
    const w = oneCase();
    const { receiptChanges } = w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
    expect(receiptChanges).toEqual([
      { keys: [key(pack(1)), key(pack(2))], set: { container: key(carton(1)) } },
      { keys: [key(carton(1))], set: { contents: 'verified' } },
    ]);
  });

  it('C3: packing commissions an SSCC that was not commissioned', () => {
    const w = oneCase();
    const { warnings } = w.done(MAKER, w.pack(sscc(7), [carton(1)]));
    expect(warnings).toEqual([{ code: 'CONTAINER_IMPLICIT', units: [key(sscc(7))] }]);
    expect(w.unit(sscc(7)).custody).toMatchObject({ owner: MAKER, possessor: MAKER });
  });

  it('C3: refuses that for a prefix of another member', () => {
    const w = oneCase();
    expect(w.refused(MAKER, w.pack(sscc(7, '4023456'), [carton(1)]))).toBe('UNKNOWN_CONTAINER');
    expect(w.refused(MAKER, w.pack(sscc(7, '4999999'), [carton(1)]))).toBe('accepted');
    expect(w.refused(MAKER, w.pack(carton(9), [pack(1)]))).toBe('UNKNOWN_CONTAINER');
  });

  it('C3: children must be known, active and in the signer’s possession', () => {
    const w = palletWorld();
    w.done(MAKER, w.commission([pack(5), pack(6)]));
    w.done(MAKER, w.ship([pack(5)], PHARMACY));
    expect(w.refused(MAKER, w.pack(carton(1), [pack(99)]))).toBe('UNKNOWN_UNIT');
    expect(w.refused(MAKER, w.pack(carton(1), [pack(5)]))).toBe('ALREADY_IN_TRANSIT');
    w.done(PHARMACY, w.receive([pack(5)]));
    expect(w.refused(MAKER, w.pack(carton(1), [pack(5)]))).toBe('NOT_POSSESSOR');
    w.done(PHARMACY, w.dispense([pack(5)]));
    expect(w.refused(PHARMACY, w.pack(sscc(1, '4034567'), [pack(5)]))).toBe('UNIT_INACTIVE');
    expect(w.refused(TRADER, w.pack(carton(1), [pack(6)]))).toBe('NOT_POSSESSOR');
  });

  it('C3: one container holds the goods of one owner', () => {
    const w = world();
    w.done(CMO, w.commission([pack(1)]));
    w.done(MAKER, w.commission([pack(2)]));
    w.done(MAKER, w.ship([pack(2)], CMO));
    w.done(CMO, w.receive([pack(2)]));
    w.done(CMO, w.pack(sscc(1), [pack(1)]));
    // Owned by the contract manufacturer, not made for the owner.
    expect(w.unit(pack(2)).custody?.owner).toBe(CMO);
    expect(w.tell(CMO, w.pack(sscc(1), [pack(2)]))).toMatchObject({
      refusal: { code: 'NOT_OWNER', facts: { owner: CMO, other: MAKER } },
    });
  });

  it('C3: refuses a container in itself', () => {
    const w = oneCase();
    w.done(MAKER, w.pack(carton(1), [carton(2)]));
    expect(w.refused(MAKER, w.pack(carton(2), [carton(1)]))).toBe('CYCLE');
    expect(w.refused(MAKER, w.pack(carton(1), [carton(1)]))).toBe('CYCLE');
  });

  it('C3: containers nest at most eight deep', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(MAKER, w.pack(sscc(1), [pack(1)]));
    for (let i = 2; i <= 8; i++) w.done(MAKER, w.pack(sscc(i), [sscc(i - 1)]));
    expect(w.unit(sscc(8)).contains?.levels).toHaveLength(8);
    expect(w.refused(MAKER, w.pack(sscc(9), [sscc(8)]))).toBe('TOO_DEEP');
    w.done(MAKER, w.commission([pack(2)]));
    expect(w.refused(MAKER, w.pack(sscc(1), [pack(2)]))).toBe('accepted');
  });

  it('C5: takes a child out of another container first', () => {
    const w = palletWorld();
    w.done(MAKER, w.commission([carton(3)]));
    const { warnings } = w.done(MAKER, w.pack(carton(3), [pack(1)]));
    expect(warnings).toEqual([{ code: 'AGGREGATION_BROKEN', units: [key(pack(1))] }]);
    expect(w.unit(carton(1))).toMatchObject({ contains: { levels: [1] }, contents: { state: 'broken', by: MAKER } });
    expect(w.unit(w.pallet).contains).toMatchObject({ levels: [2, 3], packs: 3 });
  });

  it('S9: packing a child that is there already is a repeat, whoever possesses it now', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], TRADER));
    w.done(TRADER, w.receive([w.pallet]));
    const { warnings } = w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
    expect(warnings).toEqual([{ code: 'REPEATED', units: [key(pack(1)), key(pack(2))] }]);
    w.done(TRADER, w.unpack(carton(1), [pack(1)]));
    expect(w.refused(MAKER, w.pack(carton(1), [pack(1), pack(2)]))).toBe('NOT_POSSESSOR');
  });

  it('C3: a child listed beside its own container moves with it', () => {
    const w = oneCase();
    w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
    expect(w.done(MAKER, w.pack(sscc(1), [carton(1), pack(1), pack(2)])).warnings).toMatchObject([
      { code: 'CONTAINER_IMPLICIT' },
    ]);
    expect(w.unit(pack(1)).container?.key).toBe(key(carton(1)));
  });

  it('L6.1: a page holds 128 children, and a free place is used again', () => {
    const w = world();
    const packs = Array.from({ length: 130 }, (_, i) => pack(i));
    w.done(MAKER, w.commission(packs));
    w.done(MAKER, w.pack(sscc(1), packs));
    expect(w.unit(sscc(1)).pages).toEqual([128, 2]);
    expect(w.unit(pack(129)).page).toBe(1);
    w.done(MAKER, w.unpack(sscc(1), [pack(5), pack(128), pack(129)]));
    expect(w.unit(sscc(1)).pages).toEqual([127]);
    expect(w.state.get(contentsKey(key(sscc(1)), 1))).toBeUndefined();
    w.done(MAKER, w.pack(sscc(1), [pack(5)]));
    expect(w.unit(pack(5)).page).toBe(0);
  });

  it('L6.5: above 256 lots a summary states many, until the container is empty', () => {
    const w = world();
    for (let i = 0; i < 257; i++) w.done(MAKER, w.commission([pack(i)], { ilmd: { lot: `L${i}`, expiry: EXPIRY } }));
    const packs = Array.from({ length: 257 }, (_, i) => pack(i));
    w.done(MAKER, w.pack(sscc(1), packs));
    expect(w.unit(sscc(1)).contains).toMatchObject({ lots: 'many', packs: 257 });
    w.done(
      MAKER,
      w.recall({ id: 'R', class: 1, depth: 'wholesale', markets: [] }, [{ kind: 'lgtin', gtin: GTIN, lot: 'L200' }]),
    );
    // Shipping then reads the children.
    expect(w.refused(MAKER, w.ship([sscc(1)], TRADER))).toBe('NOT_SALEABLE_RECALLED');
    w.done(MAKER, w.unpack(sscc(1), [pack(200)]));
    expect(w.refused(MAKER, w.ship([sscc(1)], TRADER))).toBe('accepted');
  });
});

describe('C4 unpacking', () => {
  it('C4, S8: named children leave with the custody and holds of the container', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], TRADER));
    w.done(TRADER, w.receive([w.pallet]));
    const { receiptChanges } = w.done(TRADER, w.unpack(carton(1), [pack(1)]));
    expect(w.unit(pack(1))).toMatchObject({
      custody: { owner: TRADER, possessor: TRADER, receivedFrom: MAKER, location: TRADER },
    });
    expect(w.unit(pack(1)).container).toBeUndefined();
    expect(receiptChanges).toContainEqual({
      keys: [key(pack(1))],
      set: {
        container: null,
        owner: TRADER,
        pendingOwner: null,
        possessor: TRADER,
        receivedFrom: MAKER,
        location: TRADER,
        transit: null,
      },
    });
    expect(w.unit(w.pallet).contains).toMatchObject({ levels: [2, 3], packs: 3 });
  });

  it('C4: takes out all children when none is named; an empty SSCC has no owner', () => {
    const w = palletWorld();
    w.done(MAKER, w.unpack(w.pallet));
    expect(w.unit(w.pallet).contains).toBeUndefined();
    expect(w.unit(w.pallet).contents).toBeUndefined();
    expect(w.unit(w.pallet).custody).toEqual({
      owner: undefined,
      possessor: MAKER,
      location: MAKER,
      pendingOwner: undefined,
    });
    expect(w.unit(carton(2)).custody).toMatchObject({ owner: MAKER });
    expect(w.unit(carton(2)).lastShippedAt).toBeUndefined();
  });

  it('C4, S2: an event with quantities alone takes no child out', () => {
    const w = palletWorld();
    const childQuantities = [{ epcClass: { kind: 'gtin', gtin: GTIN } as const, quantity: 2 }];
    w.done(MAKER, w.aggregation({ action: 'DELETE', bizStep: 'unpacking', parent: w.pallet, childQuantities }));
    expect(w.unit(w.pallet).contains).toMatchObject({ levels: [2, 4] });
    expect(w.unit(carton(1)).container?.key).toBe(w.unit(w.pallet).key);
  });

  it('C4: completeness_verified makes the contents verified', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], TRADER));
    w.done(TRADER, w.receive([w.pallet]));
    w.done(TRADER, w.unpack(w.pallet, [carton(1)]));
    expect(w.unit(w.pallet).contents).toEqual({ state: 'inferred', by: TRADER });
    w.done(TRADER, w.unpack(carton(1), [pack(1)], { disposition: 'completeness_verified' }));
    expect(w.unit(carton(1)).contents).toEqual({ state: 'verified', by: TRADER });
  });

  it('C4: only the possessor unpacks, and only children of the container', () => {
    const w = palletWorld();
    expect(w.refused(TRADER, w.unpack(w.pallet))).toBe('NOT_POSSESSOR');
    expect(w.refused(MAKER, w.unpack(w.pallet, [pack(1)]))).toBe('NOT_IN_CONTAINER');
    expect(w.refused(MAKER, w.unpack(w.pallet, [pack(99)]))).toBe('UNKNOWN_UNIT');
    expect(w.refused(MAKER, w.unpack(sscc(9)))).toBe('UNKNOWN_CONTAINER');
    w.done(MAKER, w.ship([w.pallet], TRADER));
    expect(w.refused(MAKER, w.unpack(w.pallet))).toBe('ALREADY_IN_TRANSIT');
    expect(w.refused(TRADER, w.unpack(w.pallet))).toBe('NOT_POSSESSOR');
  });

  it('C4: records an SSCC that was never commissioned here', () => {
    const w = world();
    expect(w.done(MAKER, w.unpack(sscc(9, '4999999'))).warnings).toMatchObject([{ code: 'FOREIGN_SSCC' }]);
  });

  it('S2: quantities and other identifiers have no custody', () => {
    const w = oneCase();
    const crate = { kind: 'grai', value: '04012345000016A' } as const;
    w.done(MAKER, w.aggregation({ action: 'ADD', bizStep: 'packing', parent: crate, children: [pack(1)] }));
    expect(w.unit(pack(1)).container).toBeUndefined();
  });

  it('M1: unpacking at another place of the possessor moves both', () => {
    const w = palletWorld();
    w.done(MAKER, w.unpack(w.pallet, [carton(1)], { bizLocation: sgln(MAKER_SITE) }));
    expect(w.unit(w.pallet).custody?.location).toBe(MAKER_SITE);
    expect(w.unit(carton(1)).custody?.location).toBe(MAKER_SITE);
  });

  it('R: any possessor may pack; other parties are refused NOT_POSSESSOR', () => {
    const w = oneCase();
    expect(w.refused(AUTHORITY, w.pack(carton(1), [pack(1)]))).toBe('NOT_POSSESSOR');
  });
});
