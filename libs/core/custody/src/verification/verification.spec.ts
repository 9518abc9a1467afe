import type { Entry } from '@custos/core-state';
import { leavesFor, readCode, verdict, type Leaves, type Purpose, type Question, type Verdict } from '../index.js';
import { aroundOf } from './question.js';
import { askerOf, PATIENT, visible, type Asker } from '@custos/core-access';
import {
  AUTHORITY,
  carton,
  DAY,
  EXPIRY,
  GTIN,
  key,
  LOT,
  MAKER,
  pack,
  palletWorld,
  PHARMACY,
  sscc,
  TRADER,
  UNLICENSED,
  UNREGISTERED_GTIN,
  US_PHARMACY,
  world,
  type World,
} from '../testing/world.js';

const GS = '\u001d';
const scanOf = (serial: string, lot = LOT, expiry = '270630'): string => `01${GTIN}21${serial}${GS}17${expiry}10${lot}`;
const dispenser: Asker = { kind: 'dispenser', party: PHARMACY };
const wholesaler: Asker = { kind: 'wholesaler', party: TRADER };
const regulator: Asker = { kind: 'regulator', party: AUTHORITY };

interface Asked {
  readonly asker?: Asker;
  readonly purpose?: Purpose;
  readonly market?: string;
}

/** Fetches leaves as a server does, until no more are named. */
function fetch(w: World, question: Question, shape: (entry: Entry | undefined) => Entry | undefined): Leaves {
  const leaves = new Map<string, Entry | undefined>();
  for (let round = 0; ; round++) {
    const keys = leavesFor(question, leaves);
    if (keys.length === 0) return leaves;
    // A question without an end would block a phone.
    expect(round).toBeLessThan(12);
    for (const one of keys) leaves.set(one, shape(w.state.get(one)));
  }
}

const whole = (entry: Entry | undefined): Entry | undefined => entry;
const shown = (entry: Entry | undefined): Entry | undefined => entry && { value: entry.value };

function ask(
  w: World,
  code: string,
  { asker = PATIENT, purpose = 'check', market }: Asked = {},
  shape = whole,
): Verdict {
  const question = { code: readCode(code, 2026), asker, purpose, market };
  return verdict(question, fetch(w, question, shape), { height: 7, time: w.now });
}
const codes = ({ reasons }: Verdict) => reasons.map(({ code }) => code);

const atPharmacy = (): World => {
  const w = palletWorld();
  w.done(MAKER, w.ship([carton(1)], PHARMACY));
  w.done(PHARMACY, w.receive([carton(1)]));
  return w;
};

describe('V1 one verdict', () => {
  it('V1: verifies a pack without reasons against it', () => {
    const w = atPharmacy();
    expect(ask(w, scanOf('P1'))).toEqual({
      answer: 'VERIFIED',
      reasons: [],
      unit: key(pack(1)),
      pack: { lifecycle: { state: 'active' }, lot: LOT, expiry: EXPIRY, product: 'Alpenrose 20' },
      asOf: { height: 7, time: w.now },
    });
    expect(ask(w, scanOf('P1'), { asker: dispenser, purpose: 'dispense', market: 'DE' })).toMatchObject({
      answer: 'VERIFIED_SALEABLE',
      pack: { possessor: PHARMACY },
    });
    expect(ask(w, scanOf('P3'), { asker: wholesaler }).pack?.possessor).toBeUndefined();
  });

  it('V1: reports all reasons, in one order', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([pack(1)]));
    w.done(MAKER, w.recall({ id: 'R', class: 1, depth: 'dispenser', markets: ['DE'] }));
    w.now += 500 * DAY;
    const told = ask(w, scanOf('P1', 'WRONG'), { asker: dispenser, purpose: 'dispense', market: 'DE' });
    expect(told.answer).toBe('MISMATCH');
    expect(codes(told)).toEqual(['MISMATCH', 'RECALLED', 'EXPIRED', 'INACTIVE']);
    expect(codes(ask(w, scanOf('P1'), { asker: dispenser, market: 'FR' }))).toEqual(['EXPIRED', 'INACTIVE']);
  });

  it('V1: a serial that was never commissioned is unknown, and the facts name the unknown part', () => {
    const w = atPharmacy();
    expect(ask(w, scanOf('P99'))).toMatchObject({
      answer: 'UNKNOWN',
      reasons: [{ code: 'UNKNOWN', facts: { gtin: GTIN, serial: true } }],
    });
    expect(ask(w, scanOf('P99'), { asker: dispenser }).reasons[0]?.facts).toMatchObject({ lotKnown: true });
    expect(ask(w, scanOf('P99', 'NONE'), { asker: dispenser }).reasons[0]?.facts).toMatchObject({ lotKnown: false });
  });

  it('V1: a product that the network does not cover raises no alarm', () => {
    const w = atPharmacy();
    expect(ask(w, scanOf('P99', LOT, '251231')).answer).toBe('NOT_COVERED');
    expect(ask(w, `01${UNREGISTERED_GTIN}21X${GS}17270630`).answer).toBe('NOT_COVERED');
  });

  it('V1: refuses a code without a serial', () => {
    expect(ask(atPharmacy(), `01${GTIN}10${LOT}`).answer).toBe('MALFORMED_SCAN');
    expect(ask(atPharmacy(), 'no code at all')).toMatchObject({
      answer: 'MALFORMED_SCAN',
      reasons: [{ code: 'MALFORMED_SCAN' }],
    });
  });

  it('V1: reports transit, custody and licence to a dispenser and not to a patient', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1)]));
    w.done(MAKER, w.ship([pack(1)], PHARMACY));
    expect(codes(ask(w, scanOf('P1'), { asker: dispenser, purpose: 'dispense', market: 'DE' }))).toEqual([
      'IN_TRANSIT',
    ]);
    expect(ask(w, scanOf('P1')).answer).toBe('VERIFIED');
    const other: Asker = { kind: 'dispenser', party: UNLICENSED };
    expect(codes(ask(w, scanOf('P1'), { asker: other, purpose: 'dispense' }))).toEqual(['IN_TRANSIT', 'UNLICENSED']);
    const abroad: Asker = { kind: 'dispenser', party: US_PHARMACY };
    expect(codes(ask(w, scanOf('P1'), { asker: abroad, purpose: 'dispense', market: 'US' }))).toContain(
      'NOT_POSSESSOR',
    );
  });

  it('M3: a recall bars the roles that its depth reaches, and is always reported to patients and regulators', () => {
    const w = atPharmacy();
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['DE'] }));
    expect(codes(ask(w, scanOf('P1'), { asker: dispenser, market: 'DE' }))).toEqual([]);
    expect(codes(ask(w, scanOf('P1'), { asker: wholesaler, market: 'DE' }))).toEqual(['RECALLED']);
    expect(codes(ask(w, scanOf('P1'), { asker: regulator }))).toEqual(['RECALLED']);
    expect(codes(ask(w, scanOf('P1')))).toEqual(['RECALLED']);
  });

  it('S8: a unit in an inactive container is inactive', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([carton(1)]));
    expect(ask(w, scanOf('P1')).pack?.lifecycle).toMatchObject({ reason: 'dispensed' });
    expect(codes(ask(w, scanOf('P1'), { asker: dispenser }))).toEqual(['INACTIVE']);
  });

  it('V1: judges a pallet by its summary for members', () => {
    const w = palletWorld();
    const code = `00${key(sscc(1)).slice('unit/00/'.length)}`;
    expect(ask(w, code, { asker: wholesaler }).answer).toBe('VERIFIED_SALEABLE');
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['DE'] }));
    expect(codes(ask(w, code, { asker: wholesaler, market: 'DE' }))).toEqual(['RECALLED']);
  });
});

describe('V2 answers to the public', () => {
  it('V2: existence; the state only when all four elements match', () => {
    const w = atPharmacy();
    expect(ask(w, `01${GTIN}21P1`)).toMatchObject({
      answer: 'INCOMPLETE',
      reasons: [{ code: 'INCOMPLETE', facts: { missing: ['lot', 'expiry'] } }],
    });
    expect(ask(w, `01${GTIN}21P1`).pack).toBeUndefined();
    const wrong = ask(w, scanOf('P1', 'L24B'));
    expect(wrong).toMatchObject({ answer: 'MISMATCH', reasons: [{ facts: { fields: ['lot'] } }] });
    expect(wrong.pack).toBeUndefined();
    expect(ask(w, `01${GTIN}21P1`, { asker: dispenser }).answer).toBe('VERIFIED_SALEABLE');
  });

  it('V2: dispensed is the normal answer for a patient, without the party that dispensed', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([pack(1)]));
    const told = ask(w, scanOf('P1'));
    expect(told).toMatchObject({ answer: 'VERIFIED', pack: { lifecycle: { reason: 'dispensed' } } });
    expect(told.pack?.ended).toBeUndefined();
    expect(ask(w, scanOf('P1'), { asker: dispenser }).pack?.ended).toMatchObject({ by: PHARMACY });
  });

  it('V2: gives the same answer from public leaves alone, as a phone proves them', () => {
    const w = atPharmacy();
    w.done(PHARMACY, w.dispense([pack(2)]));
    w.done(MAKER, w.recall({ id: 'R', class: 2, depth: 'wholesale', markets: ['DE'] }));
    for (const code of [scanOf('P1'), scanOf('P2'), scanOf('P3'), scanOf('P99'), scanOf('P1', 'X'), `01${GTIN}21P1`])
      expect(ask(w, code, {}, shown)).toEqual(ask(w, code));
  });

  it('L6.4: a unit without a private part states no last event', () => {
    const w = atPharmacy();
    const lastTo = (asker: Asker, shape = whole) => {
      const question: Question = { code: readCode(scanOf('P1'), 2026), asker, purpose: 'check' };
      return aroundOf(key(pack(1)), fetch(w, question, shape), asker).map((unit) => unit.last);
    };
    expect(lastTo(PATIENT)).toEqual([undefined, undefined]);
    expect(lastTo(dispenser, shown)).toEqual([undefined, undefined]);
    expect(lastTo(dispenser)[0]).toEqual(w.unit(pack(1)).last);
  });

  it('L7.3: the leaves of a public answer are the pack, its containers, its lot and its product', () => {
    const w = palletWorld();
    const question = { code: readCode(scanOf('P1'), 2026), asker: PATIENT, purpose: 'check' } as const;
    expect([...fetch(w, question, shown).keys()].sort()).toEqual(
      [
        key(pack(1)),
        key(carton(1)),
        key(w.pallet),
        `gtin/${GTIN}`,
        `product/${GTIN}`,
        `lot/01/${GTIN}/10/${LOT}`,
      ].sort(),
    );
  });
});

describe('V3 mangled scans', () => {
  it.each([
    ['case flip', scanOf('P1').replace('P1', 'p1').replace(LOT, LOT.toLowerCase())],
    ['missing separator', scanOf('P1').replace(GS, '')],
  ])('V3: %s is repaired and reported', (kind, code) => {
    const w = atPharmacy();
    const told = ask(w, code);
    expect(told).toMatchObject({ answer: 'VERIFIED', unit: key(pack(1)) });
    expect(told.reasons[0]).toMatchObject({ code: 'MALFORMED_SCAN', facts: { kind } });
  });

  it('V3: repairs the keyboard layout of another country', () => {
    const w = world();
    w.done(MAKER, w.commission([pack('y')]));
    expect(ask(w, scanOf('Pz')).reasons[0]).toMatchObject({
      code: 'MALFORMED_SCAN',
      facts: { kind: 'keyboard layout' },
    });
  });

  it('V3: never repairs a known serial', () => {
    const w = world();
    w.done(MAKER, w.commission([pack('y'), pack('z')]));
    expect(ask(w, scanOf('Pz'))).toMatchObject({ unit: key(pack('z')), reasons: [] });
  });

  it('V3: a code without a repair stays unknown', () => {
    expect(ask(atPharmacy(), scanOf('q9')).answer).toBe('UNKNOWN');
  });
});

describe('absence 11: the only place that hides', () => {
  it('a patient sees the verdict only, a regulator everything, a party the facts that name it', () => {
    const custody = { about: 'custody', parties: [PHARMACY, MAKER] } as const;
    const event = { about: 'event', signer: MAKER, parties: [TRADER] } as const;
    expect(visible(PATIENT, { about: 'verdict' })).toBe(true);
    for (const fact of [custody, event, { about: 'chain' } as const]) {
      expect(visible(PATIENT, fact)).toBe(false);
      expect(visible(regulator, fact)).toBe(true);
    }
    expect(visible(dispenser, custody)).toBe(true);
    expect(visible(wholesaler, custody)).toBe(false);
    expect(visible(wholesaler, event)).toBe(true);
    expect(visible(dispenser, event)).toBe(false);
    expect(visible({ kind: 'wholesaler', party: MAKER }, { about: 'reach', gtinOwner: MAKER })).toBe(true);
    expect(visible(wholesaler, { about: 'reach', gtinOwner: MAKER })).toBe(false);
    expect(visible(wholesaler, { about: 'inventory', party: TRADER })).toBe(true);
    expect(visible({ kind: 'dispenser' }, { about: 'chain' })).toBe(false);
  });

  it('V1: the kind of asker follows from the roles', () => {
    expect(askerOf({ gln: MAKER, roles: ['manufacturer'] }).kind).toBe('wholesaler');
    expect(askerOf({ gln: PHARMACY, roles: ['pharmacy', 'distributor'] }).kind).toBe('dispenser');
    expect(askerOf({ gln: AUTHORITY, roles: ['regulator'] })).toEqual(regulator);
  });
});
