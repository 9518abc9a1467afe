import type { Json } from '@custos/core-bytes';
import fc from 'fast-check';
import { foldUnits, staysOf, type Move, type Stay } from './fold-units.js';
import { heightOfPosition, chainPositionOf } from '@custos/node-follower';
import { CASES, eventsOf, livePallet, PACKS, PALLET } from '../testing/pallet-life.js';
import { readEvents } from './read-events.js';
import { entryAfter, levelStatements } from './registry-entries.js';
import { PHARMACY, FollowedChain, TRADER, type FollowedBlock } from '../testing/followed-chain.js';
import { storableJson, storableText } from './storable.js';

describe('moments', () => {
  it('T1: order by height, then by position', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(6_499), fc.nat(2 ** 31), fc.nat(6_499), (h, p, h2, p2) => {
        expect(chainPositionOf(h, p) < chainPositionOf(h2, p2)).toBe(h < h2 || (h === h2 && p < p2));
        expect(heightOfPosition(chainPositionOf(h, p))).toBe(h);
      }),
    );
  });
});

describe('what Postgres cannot keep', () => {
  it('is replaced, and nothing else is touched', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(storableText(text)).toBe(text.replaceAll('\u0000', '\ufffd'));
      }),
    );
    fc.assert(
      fc.property(
        fc.json().map((text) => JSON.parse(text) as Json),
        (value) => {
          expect(JSON.parse(storableJson(value))).toEqual(
            JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '\\ufffd')),
          );
        },
      ),
    );
    expect(storableJson({ 'a\u0000': ['\u0000', null, 1] })).toBe('{"a\ufffd":["\ufffd",null,1]}');
  });
});

describe('stays', () => {
  const moves = fc
    .array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', null)), { maxLength: 12 })
    .map((list) => list.map(([unit, container], i): Move => ({ unit, container, moment: i + 1 })));

  it('of one unit follow each other, and the last is open where it lies now', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const { ended, begun } = staysOf(list);
        for (const unit of ['a', 'b']) {
          const own = list.filter((move) => move.unit === unit);
          const stays: readonly Stay[] = begun.filter((stay) => stay.unit === unit);
          // What was open before the block ends with the first move.
          expect(ended.filter((end) => end.unit === unit).map(({ to }) => to)).toEqual(
            own.slice(0, 1).map((m) => m.moment),
          );
          expect(stays.map(({ from }) => from)).toEqual(own.filter((m) => m.container !== null).map((m) => m.moment));
          stays.forEach(({ from, to }, i) => {
            const next = own.find(({ moment }) => moment > from);
            expect(to).toBe(next ? next.moment : null);
            if (to === null) expect(i).toBe(stays.length - 1);
          });
        }
      }),
    );
  });
});

describe('entries of the registry', () => {
  it('take over what receipts state, and forget what they state as gone', () => {
    const set = {
      owner: '1',
      withdrawn: {},
      levels: [{ gtin: '04012345000016', name: 'pack', packs: 1 }],
      versions: [
        { version: 1, name: 'Old' },
        { version: 2, name: 'New' },
      ],
    };
    const product = entryAfter('product/04012345000016', { value: { detail: 'x' } }, set);
    expect(product).toEqual({
      value: { owner: '1', withdrawn: {}, name: 'New', version: 2 },
      private: { levels: set.levels, versions: set.versions },
    });
    const base = { key: 'gtin/04012345000016', set: { base: '04012345000016' } };
    expect(levelStatements('product/04012345000016', set)).toEqual([base]);
    const place = entryAfter('gln/4012345000016', undefined, { party: '1', country: 'DE' });
    expect(place).toEqual({ value: { party: '1', country: 'DE' } });
    expect(entryAfter('gln/4012345000016', place, { party: null })).toBeUndefined();
  });
});

describe('a block as rows', () => {
  const projected = ({ block, receipts }: FollowedBlock) => ({
    block,
    receipts,
    above: [],
    record: undefined as never,
  });

  it('C4: unpacking all mentions the children that came out, which the event does not name', async () => {
    const chain = new FollowedChain();
    livePallet(chain);
    const unpacking = projected(chain.blocks[7]!);
    expect(readEvents(unpacking).events).toMatchObject([{ bizStep: 'unpacking', keyId: expect.any(String) }]);
    expect(readEvents(unpacking).mentions.map(({ unit, role, inside }) => [unit, role, inside])).toEqual([
      [CASES[0], 'parent', false],
      [PACKS[0], 'changed', true],
      [PACKS[1], 'changed', true],
    ]);
    const { moves, units } = foldUnits(unpacking);
    expect(moves.map(({ unit, container }) => [unit, container])).toEqual([
      [PACKS[0], null],
      [PACKS[1], null],
    ]);
    expect(units.find(({ key }) => key === PACKS[0])?.set).toMatchObject({ possessor: PHARMACY, container: null });
  });

  it('S8: a unit that goes into a container leaves its custody to it', async () => {
    const chain = new FollowedChain();
    livePallet(chain);
    const { units } = foldUnits(projected(chain.blocks[2]!));
    expect(units.find(({ key }) => key === CASES[0])?.set).toMatchObject({ container: PALLET, possessor: null });
    expect(units.find(({ key }) => key === PALLET)?.set).toMatchObject({ transit: { to: TRADER } });
  });

  it('an event that does not parse is kept as it came', async () => {
    const chain = new FollowedChain();
    const block = chain.add(chain.capture(TRADER, [{ type: 'Nonsense' }, eventsOf(chain).receive(PACKS)]));
    expect(readEvents(projected(block)).events).toMatchObject([
      { refusal: 'MALFORMED_EVENT', type: null, event: '{"eventID":"urn:event:1:0","type":"Nonsense"}' },
      { type: 'ObjectEvent', bizStep: 'receiving' },
    ]);
  });
});
