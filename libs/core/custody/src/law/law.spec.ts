import { canonicalJson, type JsonObject } from '@custos/core-bytes';
import type { Role } from '@custos/core-registry';
import { candidateRows } from './choose.js';
import { lawTable, REFUSALS, ROWS, type LawRow, type RefusalCode } from '../index.js';
import { CAPABILITIES } from '@custos/core-access';
import {
  AUTHORITY,
  carton,
  CMO,
  DISPOSER,
  eventOf,
  INSURER,
  KEEPER,
  lgtin,
  MAKER,
  pack,
  palletWorld,
  PHARMACY,
  PHARMACY_2,
  snapshot,
  sscc,
  TRADER,
  world,
  type World,
} from '../testing/world.js';

// For every state of a pack, action and role: whether it is allowed, and otherwise which refusal of the row it gives.

type Told = (w: World, signer: string) => JsonObject;

const toPharmacy = (w: World): World => {
  w.done(MAKER, w.ship([pack(1)], TRADER));
  w.done(TRADER, w.receive([pack(1)]));
  w.done(TRADER, w.ship([pack(1)], PHARMACY));
  return w;
};
const received = (w: World): World => {
  w.done(PHARMACY, toPharmacy(w).receive([pack(1)]));
  return w;
};

const STATES: { readonly [state: string]: (w: World) => World } = {
  unknown: (w) => w,
  packed: (w) => w,
  travelling: (w) => toPharmacy(w),
  received: (w) => received(w),
  dispensed: (w) => {
    w.done(PHARMACY, received(w).dispense([pack(1)]));
    return w;
  },
  recalled: (w) => {
    w.done(AUTHORITY, received(w).recall({ id: 'R', class: 1, depth: 'patient', markets: [] }));
    return w;
  },
  returned: (w) => {
    w.done(PHARMACY, received(w).ship([pack(1)], TRADER));
    w.done(TRADER, w.receive([pack(1)]));
    return w;
  },
};

const subject = (state: string) => (state === 'unknown' ? pack(77) : pack(1));

const ACTIONS: { readonly [action: string]: (state: string) => Told } = {
  commission: (state) => (w) => w.commission([subject(state)], { ilmd: { lot: 'OTHER', expiry: '2027-01-31' } }),
  pack: (state) => (w, signer) => w.pack(sscc(9, signer.slice(0, 7)), [subject(state)]),
  unpack: (state) => (w) => w.unpack(carton(1), [subject(state)]),
  ship: (state) => (w) => w.ship([subject(state)], PHARMACY_2),
  'ship back': (state) => (w) => w.ship([subject(state)], MAKER),
  receive: (state) => (w) => w.receive([subject(state)]),
  dispense: (state) => (w) => w.dispense([subject(state)]),
  recall: () => (w) => w.recall({ id: 'R', class: 1, depth: 'patient', markets: [] }, [lgtin()]),
  record: (state) => (w) => w.object({ bizStep: 'inspecting', epcs: [subject(state)] }),
};

const SIGNERS: { readonly [role: string]: string } = {
  maker: MAKER,
  cmo: CMO,
  trader: TRADER,
  '3pl': KEEPER,
  pharmacy: PHARMACY,
  'other pharmacy': PHARMACY_2,
  regulator: AUTHORITY,
  disposer: DISPOSER,
  insurer: INSURER,
};

/** The signers whose action is accepted; all others are refused. */
const ALLOWED: { readonly [action: string]: { readonly [state: string]: readonly string[] } } = {
  commission: { unknown: ['maker', 'cmo'] },
  pack: { packed: ['maker'], received: ['pharmacy'], recalled: ['pharmacy'], returned: ['trader'] },
  unpack: { packed: ['maker'] },
  // A pharmacy sells to no pharmacy. A unit that it already ships there is a repeat.
  ship: { packed: ['maker'] },
  'ship back': {
    packed: ['maker'],
    received: ['pharmacy'],
    dispensed: ['pharmacy'],
    recalled: ['pharmacy'],
    returned: ['trader'],
  },
  receive: {
    packed: ['maker'],
    travelling: ['pharmacy'],
    received: ['pharmacy'],
    dispensed: ['pharmacy'],
    recalled: ['pharmacy'],
    returned: ['trader'],
  },
  // M3: in the EU the report of the dispenser has precedence over the possessor in the state.
  dispense: { packed: ['pharmacy', 'other pharmacy'], received: ['pharmacy', 'other pharmacy'] },
  recall: Object.fromEntries(Object.keys(STATES).map((state) => [state, ['maker', 'regulator']])),
  record: Object.fromEntries(Object.keys(STATES).map((state) => [state, Object.keys(SIGNERS)])),
};

/** The ids of the events that prepared the states are below this number. */
const BEGUN = 1_000;
const PREPARED = Object.fromEntries(
  Object.entries(STATES).map(([state, prepare]) => {
    const w = prepare(palletWorld());
    return [state, { entries: snapshot(w), now: w.now }];
  }),
);

const cells = Object.keys(STATES).flatMap((state) => Object.keys(ACTIONS).map((action) => [state, action] as const));

describe('the law as a table', () => {
  it.each(cells)('a pack that is %s: roles that may %s', (state, action) => {
    const allowed: string[] = [];
    for (const [role, signer] of Object.entries(SIGNERS)) {
      const { entries, now } = PREPARED[state]!;
      const w = world(entries, BEGUN);
      w.now = now;
      const event = ACTIONS[action]!(state)(w, signer);
      const decision = w.tell(signer, event);
      if (decision.outcome === 'accepted') allowed.push(role);
      else
        expect(
          inColumn(
            decision.refusal.code,
            candidateRows(eventOf(event)).map(({ row }) => row),
          ),
        ).toBe(true);
    }
    expect(allowed).toEqual(ALLOWED[action]![state] ?? []);
  });

  function inColumn(code: RefusalCode, rows: readonly LawRow[]): boolean {
    return rows.some(({ refusals }) =>
      refusals.some((word) => word === code || (word.endsWith('*') && code.startsWith(word.slice(0, -1)))),
    );
  }

  it('L0: every refusal of a row is in the catalogue', () => {
    const codes = Object.keys(REFUSALS);
    for (const { refusals } of ROWS as readonly LawRow[])
      for (const word of refusals)
        expect(codes.some((code) => code === word || (word.endsWith('*') && code.startsWith(word.slice(0, -1))))).toBe(
          true,
        );
  });

  it('S5: a row that is not in force refuses NOT_YET, and every rule of section C has its row', () => {
    const rules = (ROWS as readonly LawRow[]).map(({ rule }) => rule as string);
    for (const { inForce, refusals } of ROWS as readonly LawRow[]) expect(inForce).toBe(!refusals.includes('NOT_YET'));
    const derived = ['C5', 'C20'];
    for (let n = 1; n <= 24; n++) expect([...rules, ...derived]).toContain(`C${n}`);
    expect(rules.at(-1)).toBe('C24');
  });

  it('R: only dispensers dispense, and they never sell', () => {
    for (const [role, { capabilities }] of Object.entries(CAPABILITIES) as [
      Role,
      { capabilities: readonly string[] },
    ][]) {
      const dispenser = ['pharmacy', 'hospital', 'supplier'].includes(role);
      expect([role, capabilities.includes('dispense')]).toEqual([role, dispenser]);
      if (dispenser) expect(capabilities).not.toContain('sell');
    }
  });

  it('the law is JSON', () => {
    expect(JSON.parse(canonicalJson(lawTable()))).toMatchObject({
      havens: { destroyed: [] },
      capabilities: { pharmacy: {} },
    });
  });
});
