import type { Json, JsonObject } from '@custos/core-bytes';
import { parseContext, parseEvent, type EpcisEvent } from '../index.js';

const PACK = 'urn:epc:id:sgtin:4012345.000001.A1';
const OTHERWISE = 'urn:epc:id:SGTIN:4012345.000001.A1';
const PALLET = 'urn:epc:id:sscc:4012345.0000000001';
const when = { eventTime: '2026-05-04T10:20:30.123+02:00', eventTimeZoneOffset: '+02:00' };
const observed: JsonObject = { type: 'ObjectEvent', ...when, action: 'OBSERVE', epcList: [PACK] };
const packed: JsonObject = { type: 'AggregationEvent', ...when, action: 'ADD', parentID: PALLET, childEPCs: [PACK] };
const made: JsonObject = { type: 'TransformationEvent', ...when, inputEPCList: [PACK], outputEPCList: [PALLET] };
const sold: JsonObject = { ...observed, type: 'TransactionEvent', bizTransactionList: [{ bizTransaction: 'urn:x:1' }] };

const readingOf = (json: Json, context: Json = []): EpcisEvent | string => {
  const scope = parseContext(context);
  const result = scope.ok ? parseEvent(json, scope.value) : scope;
  return result.ok ? result.value : `${result.malformed.code} ${result.malformed.field}`;
};

describe('S1: a malformed spelling of a key is refused at its JSON pointer', () => {
  it.each<[string, JsonObject]>([
    ['/epcList/1', { ...observed, epcList: [PALLET, OTHERWISE] }],
    ['/quantityList/0/epcClass', { ...observed, quantityList: [{ epcClass: OTHERWISE }] }],
    ['/readPoint/id', { ...observed, readPoint: { id: OTHERWISE } }],
    ['/bizLocation/id', { ...observed, bizLocation: { id: OTHERWISE } }],
    ['/sourceList/0/source', { ...observed, sourceList: [{ type: 'location', source: OTHERWISE }] }],
    [
      '/destinationList/0/destination',
      { ...observed, destinationList: [{ type: 'location', destination: OTHERWISE }] },
    ],
    ['/parentID', { ...packed, parentID: OTHERWISE }],
    ['/childEPCs/0', { ...packed, childEPCs: [OTHERWISE] }],
    ['/childQuantityList/0/epcClass', { ...packed, childQuantityList: [{ epcClass: OTHERWISE }] }],
    ['/parentID', { ...packed, type: 'AssociationEvent', parentID: OTHERWISE }],
    ['/parentID', { ...sold, parentID: OTHERWISE }],
    ['/epcList/0', { ...sold, epcList: [OTHERWISE] }],
    ['/inputEPCList/0', { ...made, inputEPCList: [OTHERWISE] }],
    ['/inputQuantityList/0/epcClass', { ...made, inputQuantityList: [{ epcClass: OTHERWISE }] }],
    ['/outputEPCList/0', { ...made, outputEPCList: [OTHERWISE] }],
    ['/outputQuantityList/0/epcClass', { ...made, outputQuantityList: [{ epcClass: OTHERWISE }] }],
  ])('S1: %s', (field, event) => {
    expect(readingOf(event)).toBe(`MALFORMED_EVENT ${field}`);
  });

  it('S1: accepts any URI as business transaction, eventID and extension', () => {
    const bizTransactionList = [{ bizTransaction: OTHERWISE }];
    const event = { ...sold, bizTransactionList, eventID: OTHERWISE, 'urn:x:note': OTHERWISE };
    expect(readingOf(event)).toMatchObject({ eventID: OTHERWISE, bizTransactionList });
  });
});

describe('S1: a prefix of the context', () => {
  const context = [{ sgtin: 'urn:epc:id:sgtin:', shop: 'https://example.com/01/04012345000016/', ex: 'urn:x:' }];

  it.each(['sgtin:4012345.000001.A1', 'shop:21/A1'])('S1: %s is expanded to the pack', (epc) => {
    expect(readingOf({ ...observed, epcList: [epc] }, context)).toMatchObject({
      epcList: [{ epc, identifier: { kind: 'sgtin', gtin: '04012345000016', serial: 'A1' } }],
    });
  });

  it('S2: keeps a foreign URI behind it unchanged', () => {
    expect(readingOf({ ...observed, epcList: ['ex:7'] }, context)).toMatchObject({
      epcList: [{ epc: 'ex:7', identifier: { kind: 'other', uri: 'ex:7' } }],
    });
  });

  it.each(['urn', 'URN', 'http', 'https'])('S1: refuses the scheme %s as a prefix', (prefix) => {
    const scope = parseContext([{ [prefix]: 'https://example.com/' }]);
    expect(scope).toMatchObject({ ok: false, malformed: { field: `/@context/0/${prefix}` } });
  });
});

it('S2: refuses a unit in a list of quantities, which no rule reads', () => {
  const event = { ...observed, quantityList: [{ epcClass: PACK, quantity: 1 }] };
  expect(readingOf(event)).toBe('MALFORMED_EVENT /quantityList/0/epcClass');
});
