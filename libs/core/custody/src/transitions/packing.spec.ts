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
  it('C3: children lie in the container, whose summary says so up to the root', () => {
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

  it('S8: of a move into a container the receipt states the container alone', () => {
    const w = oneCase();
    const { receiptChanges } = w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
    expect(receiptChanges).toEqual([
      { keys: [key(pack(1)), key(pack(2))], set: { container: key(carton(1)) } },
      { keys: [key(carton(1))], set: { contents: 'verified' } },
    ]);
  });

  it('C3: an SSCC that no one commissioned begins with its packing', () => {
    const w = oneCase();
    const { warnings } = w.done(MAKER, w.pack(sscc(7), [carton(1)]));
    expect(warnings).toEqual([{ code: 'CONTAINER_IMPLICIT', units: [key(sscc(7))] }]);
    expect(w.unit(sscc(7)).custody).toMatchObject({ owner: MAKER, possessor: MAKER });
  });

  it('C3: unless its prefix is another member’s', () => {
    const w = oneCase();
    expect(w.refused(MAKER, w.pack(sscc(7, '4023456'), [carton(1)]))).toBe('UNKNOWN_CONTAINER');
    expect(w.refused(MAKER, w.pack(sscc(7, '4999999'), [carton(1)]))).toBe('accepted');
    expect(w.refused(MAKER, w.pack(carton(9), [pack(1)]))).toBe('UNKNOWN_CONTAINER');
  });

  it('C3: children must be known, active and in the signer’s hands', () => {
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
    // Bought by the contract manufacturer, as against made for its owner.
    expect(w.unit(pack(2)).custody?.owner).toBe(CMO);
    expect(w.tell(CMO, w.pack(sscc(1), [pack(2)]))).toMatchObject({
      refusal: { code: 'NOT_OWNER', facts: { owner: CMO, other: MAKER } },
    });
  });

  it('C3: no container lies in itself', () => {
    const w = oneCase();
    w.done(MAKER, w.pack(carton(1), [carton(2)]));
    expect(w.refused(MAKER, w.pack(carton(2), [carton(1)]))).toBe('CYCLE');
    expect(w.refused(MAKER, w.pack(carton(1), [carton(1)]))).toBe('CYCLE');
  });

  it('C3: containers nest eight deep, and no deeper', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(MAKER, w.pack(sscc(1), [pack(1)]));
    for (let i = 2; i <= 8; i++) w.done(MAKER, w.pack(sscc(i), [sscc(i - 1)]));
    expect(w.unit(sscc(8)).contains?.levels).toHaveLength(8);
    expect(w.refused(MAKER, w.pack(sscc(9), [sscc(8)]))).toBe('TOO_DEEP');
    w.done(MAKER, w.commission([pack(2)]));
    expect(w.refused(MAKER, w.pack(sscc(1), [pack(2)]))).toBe('accepted');
  });

  it('C5: a child that lies elsewhere is taken out first', () => {
    const w = palletWorld();
    w.done(MAKER, w.commission([carton(3)]));
    const { warnings } = w.done(MAKER, w.pack(carton(3), [pack(1)]));
    expect(warnings).toEqual([{ code: 'AGGREGATION_BROKEN', units: [key(pack(1))] }]);
    expect(w.unit(carton(1))).toMatchObject({ contains: { levels: [1] }, contents: { state: 'broken', by: MAKER } });
    expect(w.unit(w.pallet).contains).toMatchObject({ levels: [2, 3], packs: 3 });
  });

  it('S9: packing what lies there already is a repeat, whoever has it by now', () => {
    const w = palletWorld();
    w.done(MAKER, w.ship([w.pallet], TRADER));
    w.done(TRADER, w.receive([w.pallet]));
    const { warnings } = w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
    expect(warnings).toEqual([{ code: 'REPEATED', units: [key(pack(1)), key(pack(2))] }]);
    w.done(TRADER, w.unpack(carton(1), [pack(1)]));
    expect(w.refused(MAKER, w.pack(carton(1), [pack(1), pack(2)]))).toBe('NOT_POSSESSOR');
  });

  it('C3: a child listed beside its own container goes with it', () => {
    const w = oneCase();
    w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
    expect(w.done(MAKER, w.pack(sscc(1), [carton(1), pack(1), pack(2)])).warnings).toMatchObject([
      { code: 'CONTAINER_IMPLICIT' },
    ]);
    expect(w.unit(pack(1)).container?.key).toBe(key(carton(1)));
  });

  it('L6.1: children lie 128 to a page, and a free place is used again', () => {
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

  it('L6.5: above 256 lots a summary says many, until the container is empty', () => {
    const w = world();
    for (let i = 0; i < 257; i++) w.done(MAKER, w.commission([pack(i)], { ilmd: { lot: `L${i}`, expiry: EXPIRY } }));
    const packs = Array.from({ length: 257 }, (_, i) => pack(i));
    w.done(MAKER, w.pack(sscc(1), packs));
    expect(w.unit(sscc(1)).contains).toMatchObject({ lots: 'many', packs: 257 });
    w.done(
      MAKER,
      w.recall({ id: 'R', class: 1, depth: 'wholesale', markets: [] }, [{ kind: 'lgtin', gtin: GTIN, lot: 'L200' }]),
    );
    // Then shipping looks into the children.
    expect(w.refused(MAKER, w.ship([sscc(1)], TRADER))).toBe('NOT_SALEABLE_RECALLED');
    w.done(MAKER, w.unpack(sscc(1), [pack(200)]));
    expect(w.refused(MAKER, w.ship([sscc(1)], TRADER))).toBe('accepted');
  });
});

describe('C4 unpacking', () => {
  it('C4: named children leave; S8: with all that they had from the container', () => {
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

  it('C4: none named = all of them; empty, an SSCC is no one’s', () => {
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

  it('C4, S2: quantities alone take nothing out', () => {
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

  it('C4: only the possessor unpacks, and only what lies there', () => {
    const w = palletWorld();
    expect(w.refused(TRADER, w.unpack(w.pallet))).toBe('NOT_POSSESSOR');
    expect(w.refused(MAKER, w.unpack(w.pallet, [pack(1)]))).toBe('NOT_IN_CONTAINER');
    expect(w.refused(MAKER, w.unpack(w.pallet, [pack(99)]))).toBe('UNKNOWN_UNIT');
    expect(w.refused(MAKER, w.unpack(sscc(9)))).toBe('UNKNOWN_CONTAINER');
    w.done(MAKER, w.ship([w.pallet], TRADER));
    expect(w.refused(MAKER, w.unpack(w.pallet))).toBe('ALREADY_IN_TRANSIT');
    expect(w.refused(TRADER, w.unpack(w.pallet))).toBe('NOT_POSSESSOR');
  });

  it('C4: an SSCC that was never here is recorded', () => {
    const w = world();
    expect(w.done(MAKER, w.unpack(sscc(9, '4999999'))).warnings).toMatchObject([{ code: 'FOREIGN_SSCC' }]);
  });

  it('S2: quantities and what is no unit carry no custody', () => {
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

  it('R: whoever possesses may pack; the others lack the unit, not the right', () => {
    const w = oneCase();
    expect(w.refused(AUTHORITY, w.pack(carton(1), [pack(1)]))).toBe('NOT_POSSESSOR');
  });
});
