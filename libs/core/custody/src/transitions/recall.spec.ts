import { lotKey, lotOf } from '../index.js';
import {
  AUTHORITY,
  carton,
  CASE_GTIN,
  EXPIRY,
  GTIN,
  key,
  lgtin,
  LOT,
  MAKER,
  OTHER_GTIN,
  pack,
  PHARMACY,
  TRADER,
  UNREGISTERED_GTIN,
  world,
  type World,
} from '../testing/world.js';

const R = { id: 'R1', class: 2, depth: 'wholesale', markets: ['DE'] } as const;
const recallsOf = (w: World, lot = LOT) => lotOf(lotKey(GTIN, lot), w.state.get(lotKey(GTIN, lot))!).recalls;

describe('C19 recalling a lot', () => {
  it('C19: one change recalls all units of the lot at once', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1), pack(2), carton(1)]));
    const { changes, receiptChanges } = w.done(MAKER, w.recall(R));
    expect(changes.map((change) => change.key)).toEqual([expect.stringMatching('^event/'), lotKey(GTIN, LOT)]);
    expect(recallsOf(w)).toEqual([{ ...R, since: w.now }]);
    expect(receiptChanges).toEqual([{ keys: [lotKey(GTIN, LOT)], set: { recalls: [{ ...R, since: w.now }] } }]);
    expect(w.refused(MAKER, w.ship([carton(1)], TRADER))).toBe('NOT_SALEABLE_RECALLED');
  });

  it('C19: recalls an unknown lot, and units commissioned into it later', () => {
    const w = world();
    w.done(AUTHORITY, w.recall(R, [lgtin('NEW')]));
    w.done(MAKER, w.commission([pack(1)], { ilmd: { lot: 'NEW', expiry: EXPIRY } }));
    expect(recallsOf(w, 'NEW')).toHaveLength(1);
    expect(w.refused(MAKER, w.ship([pack(1)], TRADER))).toBe('NOT_SALEABLE_RECALLED');
  });

  it('C19: any packaging level names the lot', () => {
    const w = world();
    w.done(MAKER, w.recall(R, [lgtin(LOT, CASE_GTIN)]));
    expect(recallsOf(w)).toHaveLength(1);
  });

  it('C19: only the owner of the GTIN and the regulator recall', () => {
    const w = world();
    expect(w.refused(AUTHORITY, w.recall(R))).toBe('accepted');
    expect(w.refused(MAKER, w.recall({ ...R, id: 'R2' }))).toBe('accepted');
    expect(w.refused(TRADER, w.recall({ ...R, id: 'R3' }))).toBe('GTIN_NOT_OWNED');
    expect(w.refused(PHARMACY, w.recall({ ...R, id: 'R3' }))).toBe('GTIN_NOT_OWNED');
  });

  it('C19: class and depth only rise, markets only widen', () => {
    const w = world();
    w.done(MAKER, w.recall(R));
    expect(w.refused(MAKER, w.recall({ ...R, class: 3 }))).toBe('RECALL_NARROWED');
    expect(w.refused(MAKER, w.recall({ ...R, markets: ['FR'] }))).toBe('RECALL_NARROWED');
    w.done(MAKER, w.recall({ ...R, class: 1, depth: 'patient', markets: ['FR', 'DE'] }));
    expect(recallsOf(w)).toMatchObject([{ class: 1, depth: 'patient', markets: ['DE', 'FR'] }]);
    expect(w.refused(MAKER, w.recall({ ...R, class: 1, depth: 'dispenser', markets: ['DE', 'FR'] }))).toBe(
      'RECALL_NARROWED',
    );
    w.done(MAKER, w.recall({ ...R, class: 1, depth: 'patient', markets: [] }));
    expect(w.refused(MAKER, w.recall({ ...R, class: 1, depth: 'patient' }))).toBe('RECALL_NARROWED');
  });

  it('C19: a regulator may restate the class only', () => {
    const w = world();
    w.done(MAKER, w.recall({ ...R, class: 1 }));
    const since = w.now;
    w.done(AUTHORITY, w.recall({ ...R, class: 3 }));
    expect(recallsOf(w)).toMatchObject([{ class: 3, since }]);
    expect(w.refused(AUTHORITY, w.recall({ ...R, class: 3, markets: ['FR'] }))).toBe('RECALL_NARROWED');
  });

  it('S9: the same statement again is a repeat', () => {
    const w = world();
    w.done(MAKER, w.recall(R));
    expect(w.done(MAKER, w.recall(R)).warnings).toEqual([{ code: 'REPEATED', units: [lotKey(GTIN, LOT)] }]);
  });

  it('C19: recalls all lots of an event or none', () => {
    const w = world();
    w.done(MAKER, w.recall(R, [lgtin('A'), lgtin('B')]));
    expect(recallsOf(w, 'B')).toHaveLength(1);
    expect(w.refused(MAKER, w.recall({ ...R, class: 3 }, [lgtin('C'), lgtin('A')]))).toBe('RECALL_NARROWED');
    expect(w.state.get(lotKey(GTIN, 'C'))).toBeUndefined();
    w.done(MAKER, w.recall(R, [lgtin('A', OTHER_GTIN)]));
  });

  it('C19: refuses a statement that lacks a part', () => {
    const w = world();
    for (const statement of [
      { ...R, id: '' },
      { ...R, id: 'x'.repeat(65) },
      { ...R, class: 4 },
      { ...R, depth: 'pharmacy' },
      { ...R, markets: 'DE' },
      { ...R, markets: ['de'] },
      { ...R, markets: [7] },
    ])
      expect(w.refused(MAKER, w.recall(statement as never))).toBe('MALFORMED_EVENT');
    expect(w.refused(MAKER, w.recall(R, [{ kind: 'gtin', gtin: GTIN }]))).toBe('MALFORMED_EVENT');
    expect(w.refused(MAKER, w.recall({ ...R, class: '2' }))).toBe('accepted');
  });

  it('C19: a lot has at most eight recalls', () => {
    const w = world();
    for (let i = 0; i < 8; i++) w.done(MAKER, w.recall({ ...R, id: `R${i}` }));
    expect(w.refused(MAKER, w.recall({ ...R, id: 'R8' }))).toBe('TOO_LARGE');
  });

  it('C19: refuses a list of serials, which needs holds (C12)', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    expect(w.tell(MAKER, w.object({ epcs: [pack(1)], custos: { recall: R } }))).toMatchObject({
      refusal: { code: 'NOT_YET', facts: { rule: 'C12' } },
    });
  });

  it('S2: records a lot of an unknown GTIN', () => {
    const w = world();
    expect(w.done(MAKER, w.recall(R, [lgtin(LOT, UNREGISTERED_GTIN)])).warnings).toMatchObject([
      { code: 'UNKNOWN_GTIN' },
    ]);
  });

  it('C19: records stock put away under a recall', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(MAKER, w.object({ bizStep: 'holding', disposition: 'recalled', quantities: [{ epcClass: lgtin() }] }));
    expect(recallsOf(w)).toEqual([]);
    expect(w.unit(pack(1)).key).toBe(key(pack(1)));
  });
});
