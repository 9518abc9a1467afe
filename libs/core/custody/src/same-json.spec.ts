import fc from 'fast-check';
import { canonicalJson, type Json } from '@custos/core-bytes';
import { sameJson } from './same-json.js';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

describe('sameJson', () => {
  it('equals the equality of canonical forms', () => {
    fc.assert(fc.property(json, json, (a, b) => sameJson(a, b) === (canonicalJson(a) === canonicalJson(b))));
    fc.assert(fc.property(json, (a) => sameJson(a, JSON.parse(canonicalJson(a)) as Json)));
  });

  it('treats a missing member as undefined, and reads own members only', () => {
    expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameJson({}, { toString: 1 })).toBe(false);
    expect(sameJson({ constructor: 1 }, {})).toBe(false);
  });
});
