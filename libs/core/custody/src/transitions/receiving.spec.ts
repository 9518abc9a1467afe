import {
  carton,
  KEEPER,
  key,
  MAKER,
  pack,
  palletWorld,
  pgln,
  PHARMACY,
  PHARMACY_COUNTER,
  sgln,
  sscc,
  TRADER,
} from '../testing/world.js';

const travelling = () => {
  const w = palletWorld();
  w.done(MAKER, w.ship([w.pallet], TRADER));
  return w;
};
const shipmentOf = (w: ReturnType<typeof travelling>) => w.unit(w.pallet).custody!.transit!.shipment;

describe('C8 receiving', () => {
  it('C8: the SSCC alone receives all units inside, contents inferred', () => {
    const w = travelling();
    const shipment = shipmentOf(w);
    const { receiptChanges } = w.done(TRADER, w.receive([w.pallet]));
    expect(w.unit(w.pallet)).toMatchObject({
      custody: { owner: TRADER, possessor: TRADER, receivedFrom: MAKER, location: TRADER },
      contents: { state: 'inferred', by: TRADER },
    });
    expect(w.unit(w.pallet).custody?.transit).toBeUndefined();
    expect(w.shipment(shipment)).toMatchObject({ units: 1, open: 0 });
    expect(receiptChanges.flatMap(({ keys }) => keys)).toEqual([shipment, key(w.pallet)]);
  });

  it('S7: children scanned beside their container make it verified', () => {
    const w = travelling();
    w.done(TRADER, w.receive([w.pallet, carton(1), carton(2)]));
    expect(w.unit(w.pallet).contents).toEqual({ state: 'verified', by: TRADER });
    expect(w.unit(carton(1)).container?.key).toBe(key(w.pallet));
  });

  it('S7: not when the event states that it inferred them, or when some are missing', () => {
    const some = travelling();
    some.done(TRADER, some.receive([some.pallet, carton(1)]));
    expect(some.unit(some.pallet).contents?.state).toBe('inferred');
    const inferred = travelling();
    inferred.done(
      TRADER,
      inferred.receive([inferred.pallet, carton(1), carton(2)], { disposition: 'completeness_inferred' }),
    );
    expect(inferred.unit(inferred.pallet).contents?.state).toBe('inferred');
  });

  it('C8: takes a unit out of a container in transit, and the rest stays in transit', () => {
    const w = travelling();
    const shipment = shipmentOf(w);
    const { warnings } = w.done(TRADER, w.receive([carton(1)]));
    expect(warnings).toEqual([{ code: 'AGGREGATION_BROKEN', units: [key(carton(1))] }]);
    expect(w.unit(carton(1)).custody).toMatchObject({ owner: TRADER, possessor: TRADER });
    expect(w.unit(w.pallet).custody).toMatchObject({ possessor: MAKER, transit: { to: TRADER } });
    expect(w.shipment(shipment).open).toBe(1);
  });

  it('C8: receives a container in transit with its last child', () => {
    const w = travelling();
    const shipment = shipmentOf(w);
    w.done(TRADER, w.receive([pack(1), pack(2)]));
    expect(w.unit(carton(1)).custody).toMatchObject({ possessor: TRADER });
    w.done(TRADER, w.receive([carton(2)]));
    expect(w.unit(w.pallet).custody).toMatchObject({ possessor: TRADER, receivedFrom: MAKER });
    expect(w.unit(w.pallet).custody?.transit).toBeUndefined();
    expect(w.shipment(shipment).open).toBe(0);
  });

  it('C8: the agent of the addressee receives; without a mandate the owner stays', () => {
    const w = travelling();
    w.done(KEEPER, w.receive([w.pallet]));
    expect(w.unit(w.pallet).custody).toMatchObject({ possessor: KEEPER, owner: MAKER, pendingOwner: TRADER });
  });

  it('C8: refuses NOT_ADDRESSEE for all other parties, the sender too', () => {
    const w = travelling();
    expect(w.tell(PHARMACY, w.receive([w.pallet]))).toMatchObject({
      refusal: { code: 'NOT_ADDRESSEE', facts: { to: TRADER, signer: PHARMACY } },
    });
    expect(w.refused(MAKER, w.receive([w.pallet]))).toBe('NOT_ADDRESSEE');
    expect(w.refused(PHARMACY, w.receive([pack(1)]))).toBe('NOT_ADDRESSEE');
  });

  it('S9: receiving a unit that the signer possesses is a repeat', () => {
    const w = travelling();
    w.done(TRADER, w.receive([w.pallet]));
    const { warnings, changes } = w.done(TRADER, w.receive([w.pallet, pack(1)]));
    expect(warnings).toEqual([{ code: 'REPEATED', units: [key(w.pallet)] }]);
    expect(changes).toHaveLength(1);
    expect(w.done(TRADER, w.receive([pack(1)])).warnings).toMatchObject([{ code: 'REPEATED' }]);
    expect(w.unit(pack(1)).container).toBeDefined();
  });

  it('C8: accepting receives a unit in transit to the signer', () => {
    const w = travelling();
    w.done(TRADER, w.object({ bizStep: 'accepting', epcs: [w.pallet] }));
    expect(w.unit(w.pallet).custody?.possessor).toBe(TRADER);
    expect(w.tell(TRADER, w.object({ bizStep: 'accepting', epcs: [w.pallet] }))).toMatchObject({
      refusal: { code: 'NOT_YET', facts: { rule: 'C11' } },
    });
  });

  it('C9: refuses NOT_YET for goods that arrive before their data', () => {
    const w = travelling();
    w.done(MAKER, w.commission([pack(7)]));
    for (const unit of [pack(7), pack(99), sscc(77)])
      expect(w.tell(TRADER, w.receive([unit]))).toMatchObject({ refusal: { code: 'NOT_YET', facts: { rule: 'C9' } } });
    expect(w.refused(TRADER, w.receive([w.pallet, pack(7)]))).toBe('NOT_YET');
    expect(w.unit(w.pallet).custody?.possessor).toBe(MAKER);
  });

  it('C10: refuses NOT_YET for a difference in lot or expiry', () => {
    const w = travelling();
    expect(w.tell(TRADER, w.receive([pack(1)], { custos: { scan: { lot: 'X' } } }))).toMatchObject({
      refusal: { code: 'NOT_YET', facts: { rule: 'C10' } },
    });
    expect(w.refused(TRADER, w.receive([w.pallet], { disposition: 'mismatch_quantity' }))).toBe('NOT_YET');
  });

  it('M1: a unit arrives at the place of the event, else at the receiver’s own place', () => {
    const w = travelling();
    w.done(TRADER, w.receive([w.pallet]));
    w.done(TRADER, w.unpack(w.pallet, [carton(1)]));
    w.done(
      TRADER,
      w.ship([carton(1)], PHARMACY, { destinations: [{ type: 'possessing_party', destination: pgln(PHARMACY) }] }),
    );
    w.done(PHARMACY, w.receive([carton(1)], { bizLocation: sgln(PHARMACY_COUNTER) }));
    expect(w.unit(carton(1)).custody).toMatchObject({ owner: TRADER, location: PHARMACY_COUNTER });
  });

  it('S5: an aggregation with OBSERVE counts as its parent and its children', () => {
    const w = travelling();
    w.done(TRADER, w.aggregation({ bizStep: 'receiving', parent: w.pallet, children: [carton(1), carton(2)] }));
    expect(w.unit(w.pallet)).toMatchObject({ custody: { possessor: TRADER }, contents: { state: 'verified' } });
  });
});
