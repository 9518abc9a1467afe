import fc from 'fast-check';
import { canonicalJson, type Json, type JsonObject } from '@custos/core-bytes';
import { applyChanges, mapView, overlay, sameEntry, type Entry } from './index.js';

const KEYS = ['a', 'b', 'c', 'party/1'];
const entry = fc.option(fc.record({ value: fc.record({ n: fc.nat(2) }) }), { nil: undefined });
const writes = fc.array(fc.tuple(fc.constantFrom(...KEYS), entry), { maxLength: 12 });
const asMap = (pairs: readonly (readonly [string, Entry | undefined])[]): Map<string, Entry> => {
  const map = new Map<string, Entry>();
  for (const [key, value] of pairs) {
    if (value) map.set(key, value);
    else map.delete(key);
  }
  return map;
};

describe('overlay', () => {
  it('L5.5: lists the keys that differ, ascending; applying the changes gives the same state', () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const below = asMap(before);
        const above = overlay(mapView(below));
        for (const [key, value] of after) above.set(key, value);
        const changes = above.changes();
        expect(changes.map((change) => change.key)).toEqual([...new Set(changes.map((change) => change.key))].sort());
        for (const { key, before: old, after: next } of changes) {
          expect(old).toEqual(below.get(key));
          expect(JSON.stringify(next)).not.toBe(JSON.stringify(old));
        }
        const rest = KEYS.filter((key) => !changes.some((change) => change.key === key));
        for (const key of rest) expect(above.get(key)).toEqual(below.get(key));
        const copy = overlay(mapView(below));
        applyChanges(copy, changes);
        for (const key of KEYS) expect(copy.get(key)).toEqual(above.get(key));
      }),
    );
  });

  it('does not show its writes to the overlay below until they are applied', () => {
    const below = overlay(mapView(new Map()));
    const above = overlay(below);
    above.set('a', { value: { n: 1 } });
    expect(below.get('a')).toBeUndefined();
    applyChanges(below, above.changes());
    expect(below.get('a')).toEqual({ value: { n: 1 } });
  });

  it('L6.3: a private part or a summary that differs is a change', () => {
    const below = mapView(new Map([['a', { value: {}, private: { n: 1 } }]]));
    const above = overlay(below);
    above.set('a', { value: {}, private: { n: 1 } });
    expect(above.changes()).toEqual([]);
    above.set('a', { value: {}, private: { n: 1 }, summary: {} });
    expect(above.changes()).toHaveLength(1);
  });

  it('finds entries equal if and only if their canonical JSON is', () => {
    const part = fc.option(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue({ maxDepth: 2 })), {
      nil: undefined,
    });
    const small = fc.record({ value: fc.record({ n: fc.option(fc.nat(1), { nil: undefined }) }), private: part });
    const text = ({ value, private: hidden }: Entry) => canonicalJson({ value, hidden: hidden ?? null } as Json);
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [one, two] = [a as Entry, b as Entry];
        expect(sameEntry(one, two)).toBe(text(one) === text(two));
        expect(sameEntry(one, { ...one, value: { ...one.value, x: undefined } as JsonObject })).toBe(true);
      }),
    );
  });
});
