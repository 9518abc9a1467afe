import fc from 'fast-check';
import { JOBS, parseInput, TASKS } from './index.js';

const PACK = '(01)04012345000016(21)A1';

function faultOf(schema: Parameters<typeof parseInput>[0], input: unknown, place?: 'query') {
  const result = parseInput(schema, input, place);
  if (result.ok) throw new Error('it parsed');
  return result.malformed;
}

describe('what a route takes', () => {
  it.each([
    ['nothing at all', undefined, 'TYPE_WRONG', ''],
    ['no object', 'text', 'TYPE_WRONG', ''],
    ['a member that is missing', { receiver: '4012345000009' }, 'FIELD_MISSING', '/codes'],
    ['a member of another type', { codes: 'text', receiver: '4012345000009' }, 'TYPE_WRONG', '/codes'],
    ['an empty list', { codes: [], receiver: '4012345000009' }, 'TOO_LITTLE', '/codes'],
    ['too long a list', { codes: Array(5_001).fill(PACK), receiver: '4012345000009' }, 'TOO_MUCH', '/codes'],
    ['a wrong check digit', { codes: [PACK, '(01)04012345000017(21)A'] }, 'CHECK_DIGIT_WRONG', '/codes/1'],
    ['a member of nobody', { codes: [PACK], receiver: '4012345000009', 'a/b~': 1 }, 'FIELD_UNKNOWN', '/a~1b~0'],
    [
      'a time without offset',
      { codes: [PACK], receiver: '4012345000009', eventTime: '2026-01-01' },
      'FIELD_INVALID',
      '/eventTime',
    ],
  ])('%s is refused by its place', (_what, body, code, field) => {
    const fault = faultOf(TASKS.ship.input, body);
    expect(fault).toEqual({ code, field, fix: expect.any(String) });
    expect(fault.fix).not.toBe('');
  });

  it('a word that is none is refused with those that are', () => {
    const recall = { gtin: '04012345000016', lot: 'L1', id: 'R1', class: 4, depth: 'patient' };
    expect(faultOf(TASKS.recall.input, recall)).toEqual({
      code: 'WORD_UNKNOWN',
      field: '/class',
      fix: 'send one of 1, 2, 3',
    });
  });

  it('a query is refused by its parameter', () => {
    expect(faultOf(JOBS.inventory.input, { within: 'x' }, 'query')).toMatchObject({
      code: 'CODE_UNKNOWN',
      field: 'within',
    });
    expect(faultOf(JOBS.verify.input, {}, 'query')).toMatchObject({ code: 'FIELD_MISSING', field: 'code' });
  });

  it('a lot and a country are what the law takes', () => {
    const recall = { gtin: '04012345000016', lot: 'L 1', id: 'R1', class: 1, depth: 'patient' };
    expect(faultOf(TASKS.recall.input, recall)).toMatchObject({ code: 'CHARACTER_WRONG', field: '/lot' });
    const markets = { ...recall, lot: 'L1', markets: ['DE', 'de'] };
    expect(faultOf(TASKS.recall.input, markets)).toMatchObject({ code: 'COUNTRY_INVALID', field: '/markets/1' });
  });

  it.each([
    '4012345000009',
    'urn:epc:id:pgln:4012345.00000',
    'urn:epc:id:sgln:4012345.00000.0',
    'https://id.gs1.org/417/4012345000009',
    'https://example.com/gln/4012345000009',
    '(414)4012345000009',
    '4174012345000009',
    ']d24174012345000009',
  ])('a party or place may be named by %s, and is read as its GLN', (receiver) => {
    const task = parseInput(TASKS.ship.input, { codes: [PACK], receiver });
    expect(task).toMatchObject({ ok: true, value: { receiver: '4012345000009' } });
  });

  it.each([
    '4012345000016',
    '04012345000016',
    '(01)04012345000016',
    '0104012345000016',
    PACK,
    ']E04012345000016',
    'urn:epc:idpat:sgtin:4012345.000001.*',
    'urn:epc:class:lgtin:4012345.000001.L1',
    'https://id.gs1.org/01/04012345000016/10/L1?17=270331',
  ])('a product may be named by %s, and is read as its GTIN', (gtin) => {
    const query = parseInput(JOBS.inventory.input, { gtin }, 'query');
    expect(query).toMatchObject({ ok: true, value: { gtin: '04012345000016' } });
  });

  it('a code that names another thing is refused by its place', () => {
    const place = { codes: [PACK], receiver: 'urn:epc:id:sgln:4012345.00000.17' };
    expect(faultOf(TASKS.ship.input, place)).toMatchObject({ code: 'KEY_MISSING', field: '/receiver' });
    expect(faultOf(TASKS.ship.input, { ...place, receiver: PACK })).toMatchObject({ code: 'KEY_MISSING' });
    expect(faultOf(JOBS.inventory.input, { gtin: '(00)340123450000000000' }, 'query')).toMatchObject({
      code: 'KEY_MISSING',
      field: 'gtin',
    });
  });

  it('whatever comes, each contract answers with a value or a place', () => {
    const schemas = [...Object.values(TASKS), ...Object.values(JOBS)].map(({ input }) => input);
    fc.assert(
      fc.property(fc.constantFrom(...schemas), fc.jsonValue(), (schema, json) => {
        const result = parseInput(schema, json);
        if (!result.ok) for (const text of Object.values(result.malformed)) expect(typeof text).toBe('string');
      }),
    );
  });
});
