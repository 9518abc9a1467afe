import { fields } from './fields.js';
import { attempt, attemptAs, closedObjectOf, hexOf, integerOf, listOf, textOf, textsOf, wordOf } from './index.js';

const refusal = (decode: () => unknown): string => {
  const result = attempt(decode);
  return result.ok ? 'read' : `${result.malformed.code} ${result.malformed.field}`;
};

describe('readers of JSON members', () => {
  it.each<[string, () => unknown, string]>([
    ['a list where an object is expected', () => closedObjectOf([], '/a', []), 'OBJECT_EXPECTED /a'],
    ['a member that is not named', () => closedObjectOf({ 'x/y~': 1 }, '/a', ['b']), 'FIELD_UNKNOWN /a/x~1y~0'],
    ['an object where a list is expected', () => listOf({}, '/a', 1), 'LIST_EXPECTED /a'],
    ['one item too many', () => listOf([1, 2], '/a', 1), 'TOO_LONG /a'],
    ['an empty text', () => textOf('', '/a', 1), 'TEXT_EXPECTED /a'],
    ['one character too many', () => textOf('ab', '/a', 1), 'TOO_LONG /a'],
    ['a number among texts', () => textsOf(['a', 1], '/a', 2, 1), 'TEXT_EXPECTED /a/1'],
    ['a fraction', () => integerOf(1.5, '/a', 0), 'INTEGER_EXPECTED /a'],
    ['a number below', () => integerOf(0, '/a', 1), 'INTEGER_EXPECTED /a'],
    ['a number above', () => integerOf(3, '/a', 1, 2), 'INTEGER_EXPECTED /a'],
    ['a word of another list', () => wordOf('c', '/a', ['a', 'b']), 'WORD_UNKNOWN /a'],
    ['capital hex digits', () => hexOf('AA', '/a', 1), 'HEX_INVALID /a'],
    ['one byte too many', () => hexOf('aabb', '/a', 1), 'HEX_INVALID /a'],
  ])('refuse %s', (_name, decode, expected) => {
    expect(refusal(decode)).toBe(expected);
  });

  it('take what is at a limit', () => {
    expect(listOf([1, 2], '', 2)).toEqual([1, 2]);
    expect(textOf('ab', '', 2)).toBe('ab');
    expect(integerOf(2, '', 2, 2)).toBe(2);
    expect(hexOf('aabb', '', 2)).toEqual(Uint8Array.of(0xaa, 0xbb));
  });

  it('take own members only', () => {
    expect(fields({}, '').has('constructor')).toBe(false);
    expect(refusal(() => fields({}, '').text('constructor', 9))).toBe('TEXT_EXPECTED /constructor');
  });

  it('give one code to each refusal of a decoder, and keep field and fix', () => {
    const result = attemptAs('BROKEN', () => textOf(1, '/a'));
    expect(result).toEqual({ ok: false, malformed: { code: 'BROKEN', field: '/a', fix: 'send a text' } });
  });
});

describe('fields of an object', () => {
  const document = { a: 'x', list: [1, 2], map: { 'p/q': true } };

  it('are read by name, and a member that was not read is refused', () => {
    const source = fields(document, '/d');
    expect(source.text('a', 1)).toBe('x');
    expect(source.list('list', 2, (item, at) => [item, at])).toEqual([
      [1, '/d/list/0'],
      [2, '/d/list/1'],
    ]);
    expect(refusal(() => source.end())).toBe('FIELD_UNKNOWN /d/map');
    expect(source.members('map', 1)).toEqual([['p/q', true, '/d/map/p~1q']]);
    expect(refusal(() => source.end())).toBe('read');
  });

  it('are empty where the member is absent', () => {
    const source = fields({}, '');
    expect(source.list('list', 0, () => 1)).toEqual([]);
    expect(source.members('map', 0)).toEqual([]);
    expect(refusal(() => fields(document, '').list('list', 1, () => 1))).toBe('TOO_LONG /list');
  });
});
