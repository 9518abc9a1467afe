import type { JsonObject } from '@custos/core-bytes';
import { referenceHasher as hasher, sealedValue } from '@custos/core-crypto';
import { sameEntry } from '@custos/core-state';
import { decide, eventKey, eventRecordOf } from '../index.js';
import {
  BUDGET,
  carton,
  eventOf,
  gln,
  key,
  lgtin,
  MAKER,
  MAKER_SITE,
  pack,
  palletWorld,
  PHARMACY,
  pgln,
  sgln,
  sscc,
  TRADER,
  world,
  type World,
} from '../testing/world.js';

const one = (): World => {
  const w = world();
  w.done(MAKER, w.commission([pack(1), pack(2)]));
  return w;
};

describe('C24 recording', () => {
  it('C24: records any other EPCIS event, with no effect on custody', () => {
    const w = one();
    const stocked = w.object({ bizStep: 'stocking', epcs: [pack(1)] });
    const { changes, receiptChanges } = w.done(TRADER, stocked);
    expect(changes.map((change) => change.key)).toEqual([eventKey(TRADER, stocked.eventID as string)]);
    expect(receiptChanges).toEqual([]);
    expect(eventRecordOf(changes[0]!.after!)).toMatchObject({ rules: ['C24'], index: 0 });
  });

  it('S3, C24: records a serial that was never commissioned, with a warning', () => {
    const w = one();
    const { warnings } = w.done(TRADER, w.object({ bizStep: 'inspecting', epcs: [pack(99)] }));
    expect(warnings).toEqual([{ code: 'UNKNOWN_UNIT', units: [key(pack(99))] }]);
  });

  it('C24: refuses a party that is not registered', () => {
    const w = one();
    expect(w.refused(gln('4199999'), w.object({ bizStep: 'stocking', epcs: [pack(1)] }))).toBe('ROLE_MAY_NOT');
  });

  it('C5: a sighting takes no unit out of its container', () => {
    const w = palletWorld();
    w.done(MAKER, w.object({ bizStep: 'inspecting', epcs: [pack(1)], bizLocation: sgln(MAKER_SITE) }));
    expect(w.unit(pack(1)).container?.key).toBe(key(carton(1)));
    expect(w.holder(pack(1)).custody?.location).toBe(MAKER);
  });

  it('S2: quantities have no custody', () => {
    const w = one();
    w.done(TRADER, w.object({ bizStep: 'shipping', quantities: [{ epcClass: lgtin() }] }));
    w.done(TRADER, w.object({ bizStep: 'destroying', quantities: [{ epcClass: lgtin() }] }));
    expect(w.done(TRADER, w.ship([sscc(5, '4999999')], PHARMACY)).warnings).toMatchObject([{ code: 'FOREIGN_SSCC' }]);
  });
});

describe('S5 rows that are not in force', () => {
  const cases: readonly (readonly [string, (w: World) => JsonObject])[] = [
    ['C7', (w) => w.object({ bizStep: 'void_shipping', epcs: [pack(1)] })],
    ['C10', (w) => w.object({ bizStep: 'receiving', custos: { missing: [key(pack(1))] }, epcs: [pack(1)] })],
    ['C10', (w) => w.object({ bizStep: 'inspecting', disposition: 'mismatch_class', epcs: [pack(1)] })],
    ['C11', (w) => w.object({ bizStep: 'accepting', epcs: [pack(1)] })],
    ['C12', (w) => w.object({ bizStep: 'holding', disposition: 'non_sellable_other', epcs: [pack(1)] })],
    ['C12', (w) => w.object({ bizStep: 'inspecting', disposition: 'no_pedigree_match', epcs: [pack(1)] })],
    ['C12', (w) => w.object({ epcs: [pack(1)], custos: { hold: { op: 'set', kind: 'locked' } } })],
    [
      'C13',
      (w) =>
        w.object({
          bizStep: 'inspecting',
          disposition: 'conformant',
          epcs: [pack(1)],
          custos: { scan: { lot: 'L24A' } },
        }),
    ],
    [
      'C14',
      (w) =>
        w.object({
          bizStep: 'inspecting',
          disposition: 'non_conformant',
          epcs: [pack(1)],
          custos: { hold: { op: 'set' } },
        }),
    ],
    ['C16', (w) => w.object({ action: 'DELETE', bizStep: 'decommissioning', epcs: [pack(1)] })],
    ['C16', (w) => w.object({ action: 'DELETE', epcs: [pack(1)] })],
    ['C16', (w) => w.object({ bizStep: 'destroying', epcs: [pack(1)] })],
    ['C16', (w) => w.object({ bizStep: 'sampling', epcs: [pack(1)] })],
    ['C22', (w) => w.object({ epcs: [pack(1)], custos: { restate: { lot: 'X' } } })],
    ['C23', (w) => w.commission([pack(5)], { custos: { origin: { declaredBy: TRADER } } })],
    ['C17', (w) => declared(w, 'did_not_occur')],
    ['C21', (w) => declared(w, 'incorrect_data')],
    ['C21', (w) => declared(w, undefined)],
  ];
  const declared = (w: World, reason: string | undefined): JsonObject =>
    w.object({
      bizStep: 'stocking',
      epcs: [pack(1)],
      errorDeclaration: { declarationTime: '2026-03-02T09:00:00Z', ...(reason && { reason }) },
    });

  it.each(cases)('%s is recognised and answered NOT_YET, never recorded in silence', (rule, event) => {
    const w = one();
    expect(w.tell(MAKER, event(w))).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'NOT_YET', facts: { rule } },
    });
  });

  it('S2: records an error declaration beside an event that touched no unit', () => {
    const w = one();
    const declaration = { declarationTime: '2026-03-02T09:00:00Z', reason: 'incorrect_data' };
    const event = w.object({ bizStep: 'shipping', epcs: [sscc(5, '4999999')] });
    const [error, of] = [{ errorDeclaration: declaration }, (members: JsonObject) => ({ ...event, ...members })];
    expect(w.done(TRADER, of(error)).changes).toEqual([]);
    w.done(TRADER, event);
    expect(w.done(TRADER, of(error)).changes).toEqual([]);
    expect(w.refused(TRADER, of({ ...error, bizStep: 'stocking' }))).toBe('DUPLICATE_EVENT');
    // The event itself is unchanged.
    expect(w.done(TRADER, event).warnings).toMatchObject([{ code: 'REPEATED' }]);
    // A recall lists no unit either, and an event that empties a container lists none of its children.
    const recalled = w.recall({ id: 'R', class: 1, depth: 'patient', markets: ['DE'] });
    expect(w.refused(MAKER, { ...recalled, ...error })).toBe('NOT_YET');
    expect(w.refused(MAKER, { ...w.unpack(carton(1)), ...error })).toBe('NOT_YET');
  });

  it('C18: refuses NOT_YET for a transformation of known units, and records one of foreign units', () => {
    const w = one();
    const transform = (unit: ReturnType<typeof pack>): JsonObject => {
      const { epcList, action: _action, ...rest } = w.object({ epcs: [unit] });
      return {
        ...rest,
        type: 'TransformationEvent',
        inputEPCList: epcList,
        outputQuantityList: [{ epcClass: 'https://id.gs1.org/01/09521321000018/10/X', quantity: 1 }],
      };
    };
    expect(w.tell(MAKER, transform(pack(1)))).toMatchObject({ refusal: { code: 'NOT_YET', facts: { rule: 'C18' } } });
    expect(w.refused(MAKER, transform(sscc(1, '4999999')))).toBe('accepted');
  });

  it('C11: refuses NOT_YET for a sale by the owner, and records other transactions', () => {
    const w = one();
    const link = (destinations: JsonObject[]): JsonObject => ({
      ...w.object({ action: 'ADD', epcs: [pack(1)] }),
      type: 'TransactionEvent',
      bizTransactionList: [{ type: 'po', bizTransaction: 'urn:x:1' }],
      destinationList: destinations,
    });
    const buyer = { type: 'owning_party', destination: `https://id.gs1.org/417/${TRADER}` };
    expect(w.tell(MAKER, link([buyer]))).toMatchObject({ refusal: { code: 'NOT_YET', facts: { rule: 'C11' } } });
    const { destinationList: _none, ...plain } = link([]);
    expect(w.refused(MAKER, plain)).toBe('accepted');
    expect(pgln(TRADER).kind).toBe('pgln');
  });

  it('S1: refuses NOT_YET for national numbers of China', () => {
    const w = one();
    const unit = { kind: 'cn', code: '81234567890123456789' } as const;
    expect(w.tell(MAKER, w.ship([unit], TRADER))).toMatchObject({
      refusal: { code: 'NOT_YET', facts: { rule: 'S1' } },
    });
    expect(w.refused(MAKER, w.object({ bizStep: 'stocking', epcs: [unit] }))).toBe('accepted');
  });

  it('S5: refuses ADD with a step of another row', () => {
    const w = one();
    expect(w.refused(MAKER, w.commission([pack(7)], { bizStep: 'shipping' }))).toBe('ACTION_MISMATCH');
    expect(w.refused(MAKER, w.commission([pack(7)], { bizStep: 'packing' }))).toBe('ACTION_MISMATCH');
    expect(w.refused(MAKER, w.pack(sscc(1), [pack(1)], { bizStep: 'receiving' }))).toBe('ACTION_MISMATCH');
    expect(w.refused(MAKER, w.pack(sscc(1), [pack(1)], { bizStep: 'loading' }))).toBe('accepted');
    expect(w.refused(MAKER, w.commission([pack(8)], { bizStep: undefined }))).toBe('accepted');
  });
});

describe('S9 repeats of an event', () => {
  it('S9: the same event again is accepted without effect', () => {
    const w = one();
    const shipped = w.ship([pack(1)], TRADER);
    w.done(MAKER, shipped);
    w.done(TRADER, w.receive([pack(1)]));
    expect(w.done(MAKER, shipped)).toEqual({
      outcome: 'accepted',
      changes: [],
      receiptChanges: [],
      warnings: [{ code: 'REPEATED' }],
    });
  });

  it('S9: the same eventID with other content is refused', () => {
    const w = one();
    const { eventID } = w.object({});
    w.done(MAKER, { ...w.object({ bizStep: 'stocking', epcs: [pack(1)] }), eventID });
    expect(w.refused(MAKER, { ...w.object({ bizStep: 'storing', epcs: [pack(1)] }), eventID })).toBe('DUPLICATE_EVENT');
  });

  it('L6.1: eventIDs of two signers do not conflict', () => {
    const w = one();
    const { eventID } = w.object({});
    w.done(MAKER, { ...w.object({ bizStep: 'stocking', epcs: [pack(1)] }), eventID });
    expect(w.refused(TRADER, { ...w.object({ bizStep: 'storing', epcs: [pack(1)] }), eventID })).toBe('accepted');
  });

  it('L6.1: refuses an event without an eventID on chain', () => {
    const w = one();
    const { eventID: _eventID, ...nameless } = w.object({ epcs: [pack(1)] });
    expect(w.refused(MAKER, nameless)).toBe('MALFORMED_EVENT');
  });
});

describe('L2.8 identifiers of persons', () => {
  const sealed = sealedValue(hasher, new Uint8Array(32), 'x');
  it.each([
    [
      'a patient as a destination',
      { destinationList: [{ type: 'owning_party', destination: 'https://id.gs1.org/8018/401234500000000012' }] },
    ],
    ['a provider as a URN', { epcList: ['urn:epc:id:gsrnp:4012345.0000000001'] }],
    ['a prescription', { 'custos:prescription': 'RX-77' }],
    ['a prescription inside a member', { 'custos:dispensed': { amount: 1, 'custos:prescriptionNumber': '77' } }],
    ['a contact', { 'custos:contact': { name: 'A' } }],
    [
      'a prescription as a business transaction',
      { bizTransactionList: [{ type: 'https://example.org/prescription', bizTransaction: 'urn:x:77' }] },
    ],
  ])('L2.8: %s is refused in the clear', (_name, members) => {
    const w = one();
    const event = { ...w.object({ bizStep: 'dispensing', epcs: [pack(1)] }), ...members } as JsonObject;
    expect(w.refused(MAKER, event)).toBe('PERSONAL_DATA');
  });

  it('L2.8: accepts them sealed', () => {
    const w = one();
    const event = {
      ...w.object({ bizStep: 'stocking', epcs: [pack(1)], custos: { prescription: sealed } }),
      bizTransactionList: [{ type: 'https://example.org/prescription', bizTransaction: sealed }],
    };
    expect(w.refused(MAKER, event)).toBe('accepted');
  });

  it('L2.8: checks the header of the document too', () => {
    const w = one();
    const header = { sender: { 'sbdh:Contact': 'A. Person' } };
    expect(w.tell(MAKER, w.object({ epcs: [pack(1)] }), { header })).toMatchObject({
      refusal: { code: 'PERSONAL_DATA', facts: { field: '/header/sender/sbdh:Contact' } },
    });
  });

  it('L2.8: refuses every event of a document for its header, also with proceed', () => {
    const w = one();
    const header = { sender: { 'sbdh:Contact': 'A. Person' } };
    for (const index of [0, 1, 7])
      expect(w.refused(MAKER, w.object({ epcs: [pack(1)] }), { header, index })).toBe('PERSONAL_DATA');
    expect(w.refused(MAKER, w.object({ epcs: [pack(1)] }), { header: { sender: 'A' }, index: 1 })).toBe('accepted');
  });
});

describe('L5.5 budgets', () => {
  const judge = (w: World, event: JsonObject, budget: Partial<typeof BUDGET>) =>
    decide(
      w.state,
      {
        txId: 'ab'.repeat(32) as never,
        index: 0,
        createdAt: w.now,
        salt: 'cd'.repeat(32) as never,
        context: undefined,
        header: undefined,
        signer: MAKER,
      },
      eventOf(event),
      { hasher, height: 9, timestamp: w.now, budget: { ...BUDGET, ...budget } },
    );
  const packs = Array.from({ length: 40 }, (_, i) => pack(i));

  it('L5.5: refuses more EPCs than reads left, before any read', () => {
    const w = world();
    let reads = 0;
    const counting = { ...w, state: { ...w.state, get: (of: string) => (reads++, w.state.get(of)) } };
    expect(judge(counting, w.commission(packs), { reads: 39 })).toMatchObject({
      refusal: { code: 'TOO_MUCH_WORK', facts: { needed: 40, left: 39 } },
    });
    expect(reads).toBeLessThan(5);
    expect(judge(w, w.commission(packs), { changes: 41 })).toMatchObject({ refusal: { code: 'TOO_MUCH_WORK' } });
    expect(judge(w, w.commission(packs), { changes: 42 })).toMatchObject({ outcome: 'accepted' });
  });

  it('L5.5: checks the budget between units, not at the end', () => {
    const w = world();
    expect(judge(w, w.commission(packs), { reads: 41 })).toMatchObject({
      refusal: { code: 'TOO_MUCH_WORK', facts: { left: 41 } },
    });
    // 40 units and their lot; the event itself is not counted yet.
    expect(judge(w, w.commission(packs), { changes: 40 })).toMatchObject({
      refusal: { code: 'TOO_MUCH_WORK', facts: { needed: 41 } },
    });
  });

  it('C4: unpacking all children checks their number before it reads them', () => {
    const w = world();
    w.done(MAKER, w.commission(packs));
    w.done(MAKER, w.pack(sscc(1), packs));
    expect(judge(w, w.unpack(sscc(1)), { changes: 39 })).toMatchObject({
      refusal: { code: 'TOO_MUCH_WORK', facts: { needed: 40 } },
    });
    expect(judge(w, w.unpack(sscc(1)), {})).toMatchObject({ outcome: 'accepted' });
  });

  it('I: a refusal changes nothing', () => {
    const w = one();
    const before = w.state.changes();
    w.refused(TRADER, w.ship([pack(1)], PHARMACY));
    w.refused(MAKER, w.ship([pack(1), pack(99)], PHARMACY));
    expect(w.state.changes().every((change, i) => sameEntry(change.after, before[i]?.after))).toBe(true);
  });
});
