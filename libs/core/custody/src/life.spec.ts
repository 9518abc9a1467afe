import { carton, key, lgtin, MAKER, pack, palletWorld, PHARMACY, TRADER } from './testing/world.js';

describe('the life of a pallet', () => {
  it('goes from factory to patient, and no further', () => {
    const w = palletWorld();
    const shipped = w.done(MAKER, w.ship([w.pallet], TRADER));
    // S8: one unit moves, with all units inside it.
    expect(shipped.receiptChanges).toHaveLength(2);
    expect(w.done(TRADER, w.receive([w.pallet])).receiptChanges).toMatchObject([
      { keys: [expect.stringMatching('^shipment/')], set: { open: 0 } },
      { keys: [key(w.pallet)], set: { possessor: TRADER, owner: TRADER, transit: null, contents: 'inferred' } },
    ]);
    w.done(TRADER, w.unpack(w.pallet, [carton(1)]));
    w.done(TRADER, w.ship([carton(1)], PHARMACY));
    w.done(PHARMACY, w.receive([carton(1)]));
    w.done(PHARMACY, w.unpack(carton(1)));
    w.done(PHARMACY, w.dispense([pack(1)]));
    const again = w.tell(PHARMACY, w.dispense([pack(1)]));
    expect(again).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'ALREADY_DISPENSED', facts: { by: PHARMACY } },
    });
    w.done(MAKER, w.recall({ id: 'R1', class: 1, depth: 'patient', markets: ['DE'] }, [lgtin()]));
    expect(w.refused(PHARMACY, w.dispense([pack(2)]))).toBe('NOT_SALEABLE_RECALLED');
    expect(w.unit(pack(3)).container).toEqual({ key: key(carton(2)), incarnation: 1 });
    expect(w.holder(pack(3)).custody).toMatchObject({ possessor: TRADER, owner: TRADER });
  });
});
