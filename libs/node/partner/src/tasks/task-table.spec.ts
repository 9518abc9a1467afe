import type { Json } from '@custos/core-bytes';
import { KIND, MAX_TRANSACTION_BYTES } from '@custos/core-chain';
import { diagnoseCode } from '@custos/core-gs1';
import { MAX_CODES, TASKS, type TaskName } from '@custos/formats-api';
import fc from 'fast-check';
import { DraftTooLarge } from '../capture/drafts.js';
import {
  carton,
  CASE_GTIN,
  EXPIRY,
  GTIN,
  LOT,
  MAKER,
  NOBODY,
  pack,
  pallet,
  PHARMACY,
  PLANT,
  PRODUCT,
  scan,
  TRADER,
  AUTHORITY,
} from '../testing/members.js';
import { SmallLaw } from '../testing/small-law.js';
import { planTask } from '../testing/plan-task.js';

const BATCH = { lot: LOT, expiry: EXPIRY };
const unit = (code: string): string =>
  code.startsWith('(00)') ? `unit/00/${code.slice(4)}` : `unit/01/${code.slice(4, 18)}/21/${code.slice(22)}`;

describe('each task becomes what the law accepts', () => {
  it('C1-C4, C6, C8, C15, C19: the life of one pallet, told by tasks alone', async () => {
    const law = await SmallLaw.withProduct();
    const packs = ['A', 'B', 'C', 'D'].map(pack);
    await law.done(MAKER, 'commission', { codes: packs, ...BATCH, location: PLANT });
    await law.done(MAKER, 'commission', { codes: [carton('K1')], ...BATCH, location: PLANT });
    await law.done(MAKER, 'commission', { codes: [pallet(1)], location: PLANT });
    await law.done(MAKER, 'aggregate', { action: 'packing', container: carton('K1'), children: packs });
    await law.done(MAKER, 'aggregate', { action: 'packing', container: pallet(1), children: [carton('K1')] });
    const order = { receiver: TRADER.gln, owner: TRADER.gln, documents: [{ type: 'po', id: 'PO 2041/ä' }] };
    await law.done(MAKER, 'ship', { codes: [pallet(1)], ...order });
    await law.done(TRADER, 'receive', { codes: [pallet(1)], documents: [{ type: 'desadv', id: 'urn:x:1' }] });
    await law.done(TRADER, 'aggregate', { action: 'unpacking', container: pallet(1), children: [carton('K1')] });
    await law.done(TRADER, 'ship', { codes: [carton('K1')], receiver: PHARMACY.gln, owner: PHARMACY.gln });
    await law.done(PHARMACY, 'receive', { codes: [carton('K1')] });
    await law.done(PHARMACY, 'aggregate', { action: 'unpacking', container: carton('K1'), verified: true });
    await law.done(PHARMACY, 'dispense', { codes: [scan('A'), pack('B')] });
    expect(law.unit(unit(pack('A')))).toMatchObject({ ended: { by: PHARMACY.gln } });
    const notice = { gtin: GTIN, lot: LOT, id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] };
    await law.done(MAKER, 'recall', notice);
    const again = await law.task(PHARMACY, 'dispense', { codes: [scan('C')] });
    expect(again[0]).toMatchObject({ outcome: 'refused', code: 'NOT_SALEABLE_RECALLED' });
  });

  it.each(['elementString', 'digitalLink', 'urn'] as const)(
    'L6.1: codes written as %s become the same event as those in brackets',
    (form) => {
      const law = new SmallLaw();
      const eventsOf = ([unit, container, receiver]: readonly string[]) =>
        law.plan(MAKER, 'ship', { codes: [unit, container], receiver }).draft.parts.slice(1);
      const bracketed = [scan('A'), pallet(1), `(417)${PHARMACY.gln}`];
      const other = bracketed.map((code) => diagnoseCode(code, { thisYear: 2026, prefixLength: 7 })[form]!);
      expect(new Set([...other, ...bracketed]).size).toBe(6);
      expect(eventsOf(other)).toEqual(eventsOf(bracketed));
    },
  );

  it('C1, C2: mixed codes become an event for each lot, and one for SSCCs', async () => {
    const law = await SmallLaw.withProduct();
    const events = await law.done(MAKER, 'commission', {
      codes: [scan('A', 'L1'), pallet(1), scan('B', 'L2'), scan('C', 'L1')],
    });
    expect(events.map(({ ilmd }) => ilmd)).toEqual([
      { 'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': EXPIRY },
      { 'cbvmda:lotNumber': 'L2', 'cbvmda:itemExpirationDate': EXPIRY },
      undefined,
    ]);
    expect(events.map(({ epcList }) => (epcList as readonly Json[]).length)).toEqual([2, 1, 1]);
  });

  it('C15: a scan that contradicts the pack is refused by the law, which sees the scan', async () => {
    const law = await SmallLaw.withProduct();
    await law.done(MAKER, 'commission', { codes: [pack('A')], ...BATCH });
    await law.done(MAKER, 'ship', { codes: [pack('A')], receiver: PHARMACY.gln, owner: PHARMACY.gln });
    await law.done(PHARMACY, 'receive', { codes: [pack('A')] });
    const [receipt] = await law.task(PHARMACY, 'dispense', { codes: [scan('A', 'OTHER')] });
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'NOT_SALEABLE_MISMATCH' });
  });

  it('C6: without an owner possession alone moves', async () => {
    const law = await SmallLaw.withProduct();
    await law.done(MAKER, 'commission', { codes: [pack('A')], ...BATCH });
    await law.done(MAKER, 'ship', { codes: [pack('A')], receiver: TRADER.gln });
    await law.done(TRADER, 'receive', { codes: [pack('A')] });
    expect(law.unit(unit(pack('A')))).toMatchObject({ custody: { owner: MAKER.gln, possessor: TRADER.gln } });
  });

  it('C6: in the US who ships to a new owner affirms the transaction statement', async () => {
    const law = await SmallLaw.withProduct({ transactionStatementRequired: true });
    await law.done(MAKER, 'commission', { codes: [pack('A')], ...BATCH });
    const sale = { codes: [pack('A')], receiver: TRADER.gln, owner: TRADER.gln };
    expect(await law.task(MAKER, 'ship', sale)).toMatchObject([{ code: 'TRANSACTION_STATEMENT_MISSING' }]);
    expect(await law.task(MAKER, 'ship', { ...sale, transactionStatement: true })).toMatchObject([
      { outcome: 'accepted' },
    ]);
  });

  it('C19: a regulator recalls, a case GTIN names the lot of the product, no market is everywhere', async () => {
    const law = await SmallLaw.withProduct();
    await law.done(AUTHORITY, 'recall', { gtin: CASE_GTIN, lot: LOT, id: 'R-1', class: 2, depth: 'wholesale' });
    expect([...law.state.keys()]).toContain(`lot/01/${GTIN}/10/${LOT}`);
  });

  it('L5.5: as many codes as the contract takes are not too much work', async () => {
    const law = await SmallLaw.withProduct();
    const codes = Array.from({ length: MAX_CODES }, (_, i) => pack(`S${i}`));
    await law.done(MAKER, 'commission', { codes, ...BATCH });
    await law.done(MAKER, 'ship', { codes, receiver: TRADER.gln, owner: TRADER.gln });
  });

  it('L6.1: the same task at the same time has the same eventID, another has another', () => {
    const law = new SmallLaw();
    const idOf = (codes: readonly string[]) => law.plan(TRADER, 'receive', { codes }).events[0]!.eventID;
    expect(idOf([pallet(1)])).toBe(idOf([pallet(1)]));
    expect(idOf([pallet(1)])).not.toBe(idOf([pallet(2)]));
    expect(idOf([pallet(1)])).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
  });
});

describe('what is wrong with a task is told by its place, and nothing is signed', () => {
  const law = new SmallLaw();
  const faultOf = (name: TaskName, body: unknown) => {
    const plan = planTask(name, body, law.contextOf(MAKER));
    return plan.ok ? undefined : [plan.malformed.code, plan.malformed.field];
  };

  it.each<[string, TaskName, unknown, string, string]>([
    ['no body', 'dispense', undefined, 'TYPE_WRONG', ''],
    [
      'a wrong check digit',
      'dispense',
      { codes: [pack('A'), '(01)04012345000017(21)B'] },
      'CHECK_DIGIT_WRONG',
      '/codes/1',
    ],
    ['a code without serial', 'receive', { codes: [`(01)${GTIN}`] }, 'NOT_A_UNIT', '/codes/0'],
    [
      'a container without serial',
      'aggregate',
      { action: 'packing', container: `(01)${GTIN}` },
      'NOT_A_UNIT',
      '/container',
    ],
    [
      'a code twice, in two forms',
      'receive',
      { codes: [pack('A'), `https://id.gs1.org/01/${GTIN}/21/A`] },
      'LISTED_TWICE',
      '/codes/1',
    ],
    ['packs without lot', 'commission', { codes: [pack('A')], expiry: EXPIRY }, 'LOT_MISSING', '/lot'],
    ['packs without expiry', 'commission', { codes: [pack('A')], lot: LOT }, 'EXPIRY_MISSING', '/expiry'],
    [
      'a lot that the code contradicts',
      'commission',
      { codes: [scan('A')], ...BATCH, lot: 'X' },
      'BATCH_CONTRADICTED',
      '/codes/0',
    ],
    ['packing of nothing', 'aggregate', { action: 'packing', container: pallet(1) }, 'CHILDREN_MISSING', '/children'],
    [
      'an event in the future',
      'receive',
      { codes: [pallet(1)], eventTime: '2030-01-01T00:00:00Z' },
      'EVENT_IN_FUTURE',
      '/eventTime',
    ],
    [
      'a day that does not exist',
      'commission',
      { codes: [pack('A')], lot: LOT, expiry: '2027-02-30' },
      'DATE_INVALID',
      '/expiry',
    ],
    [
      'a level twice',
      'registerProduct',
      { ...PRODUCT, levels: [...PRODUCT.levels, ...PRODUCT.levels] },
      'REPEATED',
      '/levels',
    ],
    ['a country in small letters', 'registerProduct', { ...PRODUCT, markets: ['de'] }, 'COUNTRY_INVALID', '/markets/0'],
    [
      'a recall of a class that is none',
      'recall',
      { gtin: GTIN, lot: LOT, id: 'R', class: 4, depth: 'patient' },
      'WORD_UNKNOWN',
      '/class',
    ],
    ['a wrong GLN', 'ship', { codes: [pallet(1)], receiver: '4012345000000' }, 'CHECK_DIGIT_WRONG', '/receiver'],
    [
      'a document whose id a shipment cannot keep',
      'ship',
      {
        codes: [pallet(1)],
        receiver: NOBODY,
        documents: [
          { type: 'po', id: '1' },
          { type: 'inv', id: 'ü'.repeat(19) },
        ],
      },
      'TOO_LONG',
      '/documents/1/id',
    ],
    [
      'a person',
      'ship',
      { codes: [pallet(1)], receiver: NOBODY, documents: [{ type: 'inv', id: 'urn:epc:id:gsrn:4012345.0000000001' }] },
      'PERSONAL_DATA',
      '/documents/0/id',
    ],
  ])('%s', (_what, name, body, code, field) => {
    expect(faultOf(name, body)).toEqual([code, field]);
  });

  it('L2.1: a draft that no block could hold is not signed', async () => {
    const parts = [{ note: 'x'.repeat(MAX_TRANSACTION_BYTES) }];
    await expect(law.judge(MAKER, { kind: KIND.product, parts })).rejects.toBeInstanceOf(DraftTooLarge);
  });

  it('everything that a task names of the registry is named with its place', () => {
    const task = { codes: [pack('A'), pallet(1)], receiver: TRADER.gln, owner: TRADER.gln, location: PLANT };
    const { named } = law.plan(MAKER, 'ship', { ...task, destination: PHARMACY.gln });
    expect(named.map(({ key, field }) => [key, field])).toEqual([
      [`gtin/${GTIN}`, '/codes/0'],
      [`gln/${PLANT}`, '/location'],
      [`gln/${PHARMACY.gln}`, '/destination'],
      [`party/${TRADER.gln}`, '/receiver'],
      [`party/${TRADER.gln}`, '/owner'],
    ]);
  });

  it('whatever the body is, a task is a plan or one place that is wrong', () => {
    const names = fc.constantFrom(...(Object.keys(TASKS) as TaskName[]));
    const texts = fc.constantFrom(
      pack('A'),
      scan('B'),
      carton('K'),
      pallet(1),
      TRADER.gln,
      GTIN,
      LOT,
      EXPIRY,
      'x',
      'DE',
    );
    const values = fc.oneof(
      fc.jsonValue(),
      texts,
      fc.array(texts),
      fc.constantFrom(1, 'packing', 'unpacking', 'patient'),
    );
    const fields = ['codes', 'lot', 'expiry', 'location', 'eventTime', 'action', 'container', 'children', 'receiver'];
    const more = ['owner', 'documents', 'gtin', 'name', 'markets', 'levels', 'id', 'class', 'depth', '__proto__'];
    const bodies = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...fields, ...more), values));
    fc.assert(
      fc.property(names, bodies, (name, body) => {
        const plan = planTask(name, body, law.contextOf(MAKER));
        if (plan.ok) expect(plan.value.draft.parts.length).toBeGreaterThan(0);
        else
          expect(plan.malformed).toEqual({
            code: expect.any(String),
            field: expect.any(String),
            fix: expect.any(String),
          });
      }),
      { numRuns: 500 },
    );
  });
});
