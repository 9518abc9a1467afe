import type { Json, JsonObject } from '@custos/core-bytes';
import { referenceHasher } from '@custos/core-crypto';
import fc from 'fast-check';
import {
  aggregationEvent,
  CUSTOS_CONTEXT,
  eventHash,
  eventPreHash,
  objectEvent,
  parseContext,
  parseEvent,
  transactionEvent,
  type Context,
  type EpcisEvent,
} from '../index.js';
import { canonicalNumber } from '../members/numbers.js';

const scope = (json: Json): Context => {
  const context = parseContext(json);
  if (!context.ok) throw new Error(context.malformed.fix);
  return context.value;
};
const context = scope([...(CUSTOS_CONTEXT as readonly Json[]), { ex: 'https://example.com/ns/' }]);
const parse = (json: Json): EpcisEvent => {
  const event = parseEvent(json, context);
  if (!event.ok) throw new Error(JSON.stringify(event.malformed));
  return event.value;
};
const text = (json: Json) => eventPreHash(parse(json), context);

const gtin = '04012345000016' as never;
const pack = { kind: 'sgtin', gtin, serial: 'A1' } as const;
const other = { kind: 'sgtin', gtin, serial: 'B2' } as const;
const pallet = { kind: 'sscc', sscc: '340123450000000000' as never } as const;
const time = Date.UTC(2026, 4, 4, 8, 20, 30, 123);

const shipped = objectEvent({
  eventTime: time,
  eventTimeZoneOffset: '+02:00',
  action: 'OBSERVE',
  bizStep: 'shipping',
  disposition: 'in_transit',
  epcs: [other, pack],
  bizTransactions: [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1' }],
  sources: [{ type: 'owning_party', source: { kind: 'pgln', gln: '4012345000009' as never } }],
  destinations: [{ type: 'owning_party', destination: { kind: 'pgln', gln: '4023456000000' as never } }],
});

describe('the event hash', () => {
  it('is computed over one text, in one order', () => {
    expect(text({ ...shipped, 'ex:b': ['2', '1.50'], 'ex:a': { 'ex:c': ' x ' } })).toBe(
      'eventType=ObjectEventeventTime=2026-05-04T08:20:30.123ZeventTimeZoneOffset=+02:00' +
        'epcListepc=https://id.gs1.org/01/04012345000016/21/A1epc=https://id.gs1.org/01/04012345000016/21/B2' +
        'action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-shippingdisposition=https://ref.gs1.org/cbv/Disp-in_transit' +
        'bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:epcglobal:cbv:bt:4012345000009:1' +
        'destinationListtype=https://ref.gs1.org/cbv/SDT-owning_partydestination=https://id.gs1.org/417/4023456000000' +
        'sourceListtype=https://ref.gs1.org/cbv/SDT-owning_partysource=https://id.gs1.org/417/4012345000009' +
        '{https://example.com/ns/}a{https://example.com/ns/}c=x{https://example.com/ns/}b=1.5{https://example.com/ns/}b=2',
    );
  });

  it.each<[string, JsonObject]>([
    ['codes as URNs', { epcList: ['urn:epc:id:sgtin:4012345.000001.A1', 'urn:epc:id:sgtin:4012345.000001.B2'] }],
    [
      'words as URNs',
      { bizStep: 'urn:epcglobal:cbv:bizstep:shipping', disposition: 'https://ref.gs1.org/cbv/Disp-in_transit' },
    ],
    ['the time elsewhere, finer', { eventTime: '2026-05-04T03:20:30.12349-05:00' }],
    ['an id', { eventID: 'urn:uuid:1' }],
    ['a record time', { recordTime: '2026-05-04T08:21:00Z' }],
    ['an error declared', { errorDeclaration: { declarationTime: '2026-05-04T08:21:00Z', reason: 'did_not_occur' } }],
    ['a comment', { 'rdfs:comment': 'fragile' }],
  ])('is the same with %s', (_name, members) => {
    expect(text({ ...shipped, ...members })).toBe(text(shipped));
  });

  it.each<[string, JsonObject]>([
    ['another time', { eventTime: '2026-05-04T08:20:30.1236Z' }],
    ['another zone', { eventTimeZoneOffset: '+01:00' }],
    ['one pack less', { epcList: ['urn:epc:id:sgtin:4012345.000001.A1'] }],
    ['an extension', { 'ex:a': '1' }],
  ])('differs with %s', (_name, members) => {
    expect(text({ ...shipped, ...members })).not.toBe(text(shipped));
  });

  it('states the algorithm', () => {
    const hash = eventHash(referenceHasher, parse(shipped), context);
    expect(hash.startsWith('ni:///sha-256;')).toBe(true);
    expect(hash).toHaveLength('ni:///sha-256;'.length + 64 + '?ver=CBV2.0'.length);
  });

  it('has one form of a number', () => {
    expect(['1.0', '+01.50', '-0.0', '007', '.5', '1e3', 'x', '1.2.3'].map(canonicalNumber)).toEqual([
      '1',
      '1.5',
      '0',
      '7',
      '.5',
      '1e3',
      'x',
      '1.2.3',
    ]);
    fc.assert(
      fc.property(fc.integer(), fc.nat(5), (n, zeros) => {
        expect(canonicalNumber(`${n}.${'0'.repeat(zeros)}`)).toBe(String(n));
      }),
    );
  });
});

describe('builders', () => {
  it('write the smallest event, which parses', () => {
    expect(shipped).toEqual({
      type: 'ObjectEvent',
      eventTime: '2026-05-04T10:20:30.123+02:00',
      eventTimeZoneOffset: '+02:00',
      action: 'OBSERVE',
      bizStep: 'shipping',
      disposition: 'in_transit',
      epcList: ['https://id.gs1.org/01/04012345000016/21/B2', 'https://id.gs1.org/01/04012345000016/21/A1'],
      bizTransactionList: [{ type: 'po', bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1' }],
      sourceList: [{ type: 'owning_party', source: 'https://id.gs1.org/417/4012345000009' }],
      destinationList: [{ type: 'owning_party', destination: 'https://id.gs1.org/417/4023456000000' }],
    });
    expect(parse(shipped)).toMatchObject({ eventTime: time, epcList: [{ identifier: other }, { identifier: pack }] });
  });

  it('C1, C3, C4, C11, C19: commission, pack, unpack, sell, recall', () => {
    const at = { eventTime: time, action: 'ADD' } as const;
    const commissioned = parse(objectEvent({ ...at, epcs: [pack], ilmd: { lot: 'L1', expiry: '2028-06-30' } }));
    expect(commissioned).toMatchObject({ ilmd: { lotNumber: 'L1', itemExpirationDate: '2028-06-30' } });
    const aggregated = parse(aggregationEvent({ ...at, bizStep: 'packing', parent: pallet, children: [pack, other] }));
    expect(aggregated).toMatchObject({ parentID: { identifier: pallet }, childEPCs: { length: 2 } });
    expect(parse(aggregationEvent({ ...at, action: 'DELETE', parent: pallet }))).toMatchObject({ childEPCs: [] });
    const bizTransactions = [{ bizTransaction: 'urn:x:1' }];
    expect(parse(transactionEvent({ ...at, epcs: [pack], bizTransactions })).type).toBe('TransactionEvent');
    const lot = { kind: 'lgtin', gtin, lot: 'L1' } as const;
    const recalled = parse(
      objectEvent({ ...at, action: 'OBSERVE', quantities: [{ epcClass: lot }], custos: { recall: { id: 'R1' } } }),
    );
    expect(recalled).toMatchObject({ quantityList: [{ identifier: lot }], epcList: [] });
  });
});
