import type { JsonObject } from '@custos/core-bytes';
import { encodeReceipts, receiptRoot } from '@custos/core-chain';
import { referenceHasher as hasher } from '@custos/core-crypto';
import fc from 'fast-check';
import { MAX_TRANSACTION_CHANGES, REFUSALS } from './index.js';
import { carton, commission, EXPIRY, ilmdOf, LOT, pack, packing, packs, shipping } from './testing/events.js';
import { MAKER, SmallNetwork, TRADER } from './testing/small-network.js';

// The real law, called through blocks.

function stocked(): SmallNetwork {
  const network = new SmallNetwork();
  network.do('product', MAKER, [
    {
      op: 'register',
      gtin: '04012345000016',
      name: 'Pyrenol',
      levels: [{ gtin: '14012345000013', name: 'case', packs: 4 }],
    },
  ]);
  return network;
}

const ilmd = ilmdOf(LOT, EXPIRY);

describe('events of a capture', () => {
  it.each<[string, string, JsonObject]>([
    ['an unknown type', '/type', { type: 'ThoughtEvent' }],
    ['a code that is none', '/epcList/0', { epcList: ['urn:epc:id:sgtin:4012345.1.P1'] }],
    ['no time', '/eventTime', { eventTime: undefined }],
    ['a list for a word', '/bizStep', { bizStep: ['shipping'] }],
  ])('L5.1: %s is a receipt, never an invalid block', (_name, field, change) => {
    const network = stocked();
    const event = { ...commission(MAKER, [pack(1)], ilmd), ...change };
    expect(network.capture(MAKER, [event])).toMatchObject([{ code: 'MALFORMED_EVENT', facts: { field } }]);
  });

  it('L6.1: an event without an id is malformed on chain', () => {
    const network = stocked();
    const event = { ...commission(MAKER, [pack(1)], ilmd), eventID: undefined };
    expect(network.capture(MAKER, [event])).toMatchObject([{ code: 'MALFORMED_EVENT' }]);
  });

  it('L2.6: a context that redefines the standard refuses the document', () => {
    const network = stocked();
    const receipts = network.capture(MAKER, [commission(MAKER, [pack(1)], ilmd)], {
      context: { cbv: 'https://x.test/' },
    });
    expect(receipts).toMatchObject([{ code: 'MALFORMED_PAYLOAD', facts: { rule: 'CONTEXT_INVALID' } }]);
  });

  it('S9: the same event again changes nothing; other content under its id is refused', () => {
    const network = stocked();
    const event = commission(MAKER, [pack(1)], ilmd);
    network.capture(MAKER, [event]);
    const root = network.stateRoot();
    const again = network.capture(MAKER, [event, { ...event, epcList: [pack(2)] }], { onError: 'proceed' });
    expect(again).toMatchObject([
      { outcome: 'accepted', warnings: [{ code: 'REPEATED' }] },
      { code: 'DUPLICATE_EVENT' },
    ]);
    expect(network.stateRoot()).toBe(root);
  });

  it('C1, L2.7: is decided on the writes of earlier transactions of the block', () => {
    const network = stocked();
    const receipts = network.block(
      network.sign('capture', MAKER, [head(1), commission(MAKER, [pack(1)], ilmd)]),
      network.sign('capture', MAKER, [head(2), commission(MAKER, [pack(1)], ilmdOf('L25B', EXPIRY))]),
      network.sign('capture', MAKER, [head(3), shipping(MAKER, TRADER, [pack(1)])]),
    );
    expect(receipts.map(({ code }) => code)).toEqual([undefined, 'SERIAL_REUSED', undefined]);
  });

  it('L5.5: events over the budget of their transaction are TOO_MUCH_WORK, and change nothing', () => {
    const network = stocked();
    const half = MAX_TRANSACTION_CHANGES / 2 + 1;
    const receipts = network.capture(
      MAKER,
      [
        commission(MAKER, packs(1, half), ilmd),
        commission(MAKER, packs(half + 1, 2 * half), ilmd),
        commission(MAKER, [carton(1)], ilmd),
      ],
      { onError: 'proceed' },
    );
    expect(receipts.map(({ code }) => code)).toEqual([undefined, 'TOO_MUCH_WORK', 'TOO_MUCH_WORK']);
    expect(network.state.has('unit/01/14012345000013/21/C1')).toBe(false);
    expect(network.stateRoot()).toBe(network.rootFromNothing());
  });
});

const head = (n: number): JsonObject => ({
  context: { custos: 'urn:custos:epcis:1' },
  header: {},
  onError: 'rollback',
  salt: String(n).padStart(64, '0'),
});

it('answers any JSON in the place of an event with a receipt of the catalogue', () => {
  const network = stocked();
  const template = commission(MAKER, [pack(1)], ilmd);
  const event = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.dictionary(fc.constantFrom(...Object.keys(template), 'errorDeclaration', 'custos:scan'), fc.jsonValue(), {
      minKeys: 1,
    }),
  );
  fc.assert(
    fc.property(event, (change) => {
      const before = network.stateRoot();
      const wild = { ...template, ...(change as JsonObject) };
      const receipts = network.capture(MAKER, [wild, packing(MAKER, carton(9), [pack(99)])]);
      expect(receipts).toHaveLength(2);
      for (const { outcome, code } of receipts) expect(outcome === 'refused' && REFUSALS[code!]).toBeTruthy();
      expect(network.stateRoot()).toBe(before);
      expect(receiptRoot(hasher, receipts)).toHaveLength(64);
      expect(encodeReceipts(receipts).length).toBeGreaterThan(2);
    }),
    { numRuns: 150 },
  );
});
