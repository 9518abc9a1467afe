import type { JsonObject } from '@custos/core-bytes';
import { parseEvent } from '@custos/core-epcis';
import {
  carton,
  CASE_GTIN,
  EXPIRY,
  GTIN,
  LOT,
  MAKER,
  pack,
  palletWorld,
  PHARMACY,
  TRADER,
  UNREGISTERED_GTIN,
  world,
  type World,
} from '../testing/world.js';

const serial = 'P1';
const base = `${GTIN}/21/${serial}`;
const RECALL = { id: 'R1', class: 1, depth: 'patient', markets: [] };
const urnOf = (scheme: string, family = 'id', namespace = 'urn:epc') =>
  `${namespace}:${family}:${scheme}:${GTIN.slice(1, 8)}.${GTIN[0]}${GTIN.slice(8, 13)}.${serial}`;

/** Returns a network in which a pharmacy holds a pack of a lot that is recalled down to the patient. */
function recalled(): World {
  const w = world();
  w.done(MAKER, w.commission([pack(1)]));
  w.done(MAKER, w.ship([pack(1)], PHARMACY));
  w.done(PHARMACY, w.receive([pack(1)]));
  w.done(MAKER, w.recall(RECALL));
  return w;
}

describe('S1: a recalled pack is not dispensed in any spelling of its code', () => {
  it.each([
    urnOf('sgtin'),
    urnOf('sgtin', 'id', 'URN:epc'),
    urnOf('sgtin', 'id', 'urn:EPC'),
    `Https://id.gs1.org/01/${base}`,
    `https://ID.gs1.org:443/01/${base}`,
    `https://id.gs1.org/%30%31/${base}`,
    `https://id.gs1.org/x/../01/${base}`,
    `https://id.gs1.org/gtin/${GTIN}/ser/%50%31`,
    `https://example.com/shop/01/${GTIN}/10/${LOT}/21/${serial}?17=270630#top`,
  ])('S1: %s is the pack, and is refused', (epc) => {
    const w = recalled();
    expect(w.tell(PHARMACY, { ...w.dispense([pack(1)]), epcList: [epc] })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'NOT_SALEABLE_RECALLED', facts: { unit: `unit/01/${base}` } },
    });
  });

  it.each([
    urnOf('SGTIN'),
    urnOf('sgtin', 'ID'),
    urnOf('sgtin', 'id', 'urn:epc:'),
    `https://id.gs1.org/01/${base}/`,
    `https://id.gs1.org/01//${base}`,
    `https://id.gs1.org/GTIN/${GTIN}/SER/${serial}`,
    `https://example.com/01/${base}/8004/X`,
    `https:/id.gs1.org/01/${base}`,
    `ftp://id.gs1.org/01/${base}`,
  ])('S1: %s is refused by its place', (epc) => {
    const w = recalled();
    expect(parseEvent({ ...w.dispense([pack(1)]), epcList: [epc] } as JsonObject)).toMatchObject({
      ok: false,
      malformed: { code: 'MALFORMED_EVENT', field: '/epcList/0' },
    });
  });
});

describe('S4: a recalled pack is not dispensed in any spelling of the step', () => {
  it.each([
    'URN:epcglobal:cbv:bizstep:dispensing',
    'urn:epcglobal:cbv:BIZSTEP:dispensing',
    'https://REF.gs1.org/cbv/BizStep-dispensing',
    'https://ns.gs1.org/voc/Bizstep-dispensing',
    'https://ref.gs1.org:443/cbv/%42izStep-dispensing',
    'CBV:BizStep-dispensing',
    'step:dispensing',
  ])('S4: %s is dispensing, and is refused', (bizStep) => {
    const w = recalled();
    const context = { step: 'https://www.gs1.org/voc/bizstep-' };
    expect(w.refused(PHARMACY, { ...w.dispense([pack(1)]), bizStep, '@context': context })).toBe(
      'NOT_SALEABLE_RECALLED',
    );
  });

  it.each([
    'urn:EPCglobal:cbv:bizstep:Dispensing',
    'https://ref.gs1.org/cbv/dispensing',
    'https://ns.gs1.org/voc/Disp-dispensing',
    'ftp://ref.gs1.org/cbv/BizStep-dispensing',
  ])('S4: %s is refused by its place', (bizStep) => {
    expect(parseEvent({ ...world().dispense([pack(1)]), bizStep } as JsonObject)).toMatchObject({
      ok: false,
      malformed: { code: 'MALFORMED_EVENT', field: '/bizStep' },
    });
  });
});

describe('S1: lot and expiry in the Digital Link of a pack', () => {
  const linkOf = (lot: string, expiry: string) => `https://id.gs1.org/01/${GTIN}/10/${lot}/21/${serial}?17=${expiry}`;
  const [YYMMDD, LATER] = ['270630', '270731'];

  it('S1: are compared with the unit when it is dispensed', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(MAKER, w.ship([pack(1)], PHARMACY));
    w.done(PHARMACY, w.receive([pack(1)]));
    const dispensed = (epc: string, custos = {}) => ({ ...w.dispense([pack(1)], { custos }), epcList: [epc] });
    const fieldsOf = (event: JsonObject) => {
      const decision = w.tell(PHARMACY, event);
      return decision.outcome === 'refused' ? [decision.refusal.code, decision.refusal.facts.fields] : decision.outcome;
    };
    expect(fieldsOf(dispensed(linkOf('L24B', LATER)))).toEqual(['NOT_SALEABLE_MISMATCH', ['lot', 'expiry']]);
    expect(fieldsOf(dispensed(linkOf(LOT, LATER), { scan: { lot: 'X' } }))).toEqual([
      'NOT_SALEABLE_MISMATCH',
      ['lot', 'expiry'],
    ]);
    expect(EXPIRY).toBe('2027-06-30');
    expect(fieldsOf(dispensed(linkOf(LOT, YYMMDD), { scan: { lot: LOT } }))).toBe('accepted');
  });

  it('S1: are compared for each pack when it is shipped or received', () => {
    const w = palletWorld();
    w.done(MAKER, w.unpack(w.pallet));
    w.done(MAKER, { ...w.ship([], TRADER), epcList: [`https://id.gs1.org/01/${CASE_GTIN}/21/C1?17=270630`] });
    const out = { ...w.ship([pack(3)], TRADER), epcList: [linkOf('L24B', YYMMDD).replace(serial, 'P3')] };
    expect(w.refused(MAKER, out)).toBe('NOT_SALEABLE_MISMATCH');
    const arrived = `https://id.gs1.org/01/${CASE_GTIN}/10/L24B/21/C1`;
    expect(w.refused(TRADER, { ...w.receive([]), epcList: [arrived] })).toBe('NOT_YET');
  });
});

describe('S1: another key of a registered product', () => {
  const KEYS = [
    `https://id.gs1.org/01/${GTIN}/235/${serial}`,
    urnOf('upui'),
    `https://id.gs1.org/8006/${GTIN}0102/21/1`,
  ];

  it.each(KEYS)('S1: %s is not dispensed, shipped, received, packed or unpacked', (epc) => {
    const w = recalled();
    const [made, box] = [pack(2), carton(1)];
    w.done(MAKER, w.commission([made, box]));
    const facts = { epc, count: 1 };
    for (const event of [w.dispense([]), w.ship([], TRADER), w.receive([])])
      expect(w.tell(PHARMACY, { ...event, epcList: [epc] })).toMatchObject({ refusal: { code: 'OTHER_KEY', facts } });
    for (const event of [w.pack(box, [made]), w.unpack(box, [made])])
      expect(w.refused(MAKER, { ...event, childEPCs: [epc] })).toBe('OTHER_KEY');
    expect(w.refused(MAKER, { ...w.pack(box, [made]), parentID: epc })).toBe('OTHER_KEY');
  });

  it.each(KEYS)('C24: %s is recorded with a warning in an event that moves no unit', (epc) => {
    const w = recalled();
    const decision = w.done(PHARMACY, { ...w.object({ bizStep: 'stocking' }), epcList: [epc] });
    expect(decision.warnings).toEqual([{ code: 'OTHER_KEY' }]);
  });

  it('S2: is recorded like any other key for an unregistered GTIN', () => {
    const epc = `https://id.gs1.org/01/${UNREGISTERED_GTIN}/235/${serial}`;
    expect(recalled().done(PHARMACY, { ...world().dispense([]), epcList: [epc] }).warnings).toEqual([]);
  });
});
