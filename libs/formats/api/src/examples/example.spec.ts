import { differenceOf, exampleUrl } from './example.js';

const DIGEST = '9e4888d7239656b84953f5d012090e286aee3e90de39cb01a446b02bdcc0be7d';

describe('an answer beside its example', () => {
  it.each([
    ['another value', { gln: '4012345000009' }, { gln: '4023456000000' }, '/gln'],
    ['another number', { packs: 2 }, { packs: 3 }, '/packs'],
    ['a member more', {}, { a: 1 }, '/a'],
    ['a member less', { a: 1 }, {}, '/a'],
    ['a longer list', { list: [1] }, { list: [1, 2] }, '/list'],
    ['another type', { a: '1' }, { a: 1 }, '/a'],
    ['another beginning', { a: '0001…' }, { a: '0002ff' }, '/a'],
    ['a word with a digest', { a: `lot/${DIGEST}` }, { a: `shipment/${DIGEST}` }, '/a'],
  ])('%s is named by its place', (_what, example, answer, place) => {
    expect(differenceOf(example, answer)).toContain(`${place}:`);
  });

  it.each([
    ['a hash', `ni:///sha-256;${DIGEST}?ver=CBV2.0`, `ni:///sha-256;${'0'.repeat(64)}?ver=CBV2.0`],
    ['an id', '/jobs/af0b326f-d616-4ae4-8b13-b5d0f6dbc24e', '/jobs/00000000-d616-4ae4-8b13-b5d0f6dbc24e'],
    ['a time', '2026-01-05T08:00:00Z', '2026-11-28T03:30:51.915Z'],
    ['what is cut', '0001…', '0001ffff'],
  ])('%s may be another one', (_what, example, answer) => {
    expect(differenceOf(example, answer)).toBeUndefined();
    expect(differenceOf({ height: 1 }, { height: 2 })).toBeUndefined();
  });
});

it('an example says its address', () => {
  const example = {
    route: 'unit',
    name: 'x',
    summary: 'x',
    status: 200,
    params: { code: 'a/b' },
    query: { from: 'ü' },
  };
  expect(exampleUrl('/units/{code}/journey', example)).toBe('/units/a%2Fb/journey?from=%C3%BC');
});
