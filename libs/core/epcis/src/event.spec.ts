import type { Json, JsonObject } from '@custos/core-bytes';
import fc from 'fast-check';
import {
  CUSTOS_CONTEXT,
  CUSTOS_NAMESPACE,
  custosExtension,
  EVENT_TYPES,
  MAX_EPCS,
  openDocument,
  parseContext,
  parseDocument,
  parseEvent,
  type EpcisEvent,
} from './index.js';

const pack = 'urn:epc:id:sgtin:4012345.000001.A1';
const pallet = 'urn:epc:id:sscc:4012345.0000000001';
const when = { eventTime: '2026-05-04T10:20:30.123+02:00', eventTimeZoneOffset: '+02:00' };
const observed: JsonObject = { type: 'ObjectEvent', ...when, action: 'OBSERVE', epcList: [pack], bizStep: 'shipping' };
const packed: JsonObject = { type: 'AggregationEvent', ...when, action: 'ADD', parentID: pallet, childEPCs: [pack] };

const valueOf = (json: Json, context: Json = CUSTOS_CONTEXT): EpcisEvent => {
  const scope = parseContext(context);
  const result = scope.ok ? parseEvent(json, scope.value) : scope;
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
};

const fieldOf = (json: Json) => {
  const result = parseEvent(json);
  return result.ok ? 'accepted' : `${result.malformed.code} ${result.malformed.field}`;
};

describe('an event', () => {
  it('has a type, its source unchanged, and empty lists where they are absent', () => {
    const event = valueOf(observed);
    expect(event).toMatchObject({
      type: 'ObjectEvent',
      eventTime: Date.UTC(2026, 4, 4, 8, 20, 30, 123),
      epcList: [{ epc: pack, identifier: { kind: 'sgtin', gtin: '04012345000016', serial: 'A1' } }],
      quantityList: [],
      sourceList: [],
      extensions: {},
    });
    expect(event.source).toBe(observed);
  });

  it.each([
    'shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'https://ns.gs1.org/cbv/BizStep-shipping',
    'cbv:BizStep-shipping',
  ])('S4: %s is one word', (bizStep) => {
    expect(valueOf({ ...observed, bizStep }).bizStep).toBe('shipping');
  });

  it('S4: keeps words of other namespaces, refuses words that the CBV does not have', () => {
    expect(valueOf({ ...observed, bizStep: 'https://example.com/steps/blessing' }).bizStep).toContain('blessing');
    expect(fieldOf({ ...observed, bizStep: 'blessing' })).toBe('MALFORMED_EVENT /bizStep');
    expect(fieldOf({ ...observed, bizStep: 'urn:epcglobal:cbv:bizstep:blessing' })).toBe('MALFORMED_EVENT /bizStep');
    expect(fieldOf({ ...observed, bizStep: 'urn:epcglobal:cbv:disp:active' })).toBe('MALFORMED_EVENT /bizStep');
  });

  it('C1: lot and expiry are read in both spellings of their namespace', () => {
    for (const namespace of ['urn:epcglobal:cbv:mda', 'urn:epcglobal:cbv:mda:']) {
      const ilmd = { 'm:lotNumber': 'L1', 'm:itemExpirationDate': '2027-03-31T00:00:00Z' };
      const event = valueOf({ ...observed, action: 'ADD', ilmd }, { m: namespace });
      expect(event).toMatchObject({ ilmd: { lotNumber: 'L1', itemExpirationDate: '2027-03-31' } });
    }
  });

  it('recognises the namespace of Custos by its URI, with any prefix', () => {
    const recall = { id: 'R1', depth: 'patient' };
    for (const [prefix, space] of [
      ['custos', CUSTOS_NAMESPACE],
      ['x', `${CUSTOS_NAMESPACE}:`],
      ['y', `${CUSTOS_NAMESPACE}#`],
    ] as const) {
      const event = valueOf({ ...observed, [`${prefix}:recall`]: recall }, { [prefix]: space });
      expect(custosExtension(event, 'recall')).toEqual(recall);
      expect(event.extensions[`{${CUSTOS_NAMESPACE}}recall`]).toEqual(recall);
    }
    const nested = valueOf({ ...observed, 'custos:recall': { 'custos:id': 'R1', depth: 'patient' } });
    expect(custosExtension(nested, 'recall')).toEqual(recall);
    expect(custosExtension(valueOf({ ...observed, [`${CUSTOS_NAMESPACE}:recall`]: recall }), 'recall')).toEqual(recall);
    const foreign = valueOf({ ...observed, 'custos:recall': recall }, { custos: 'https://example.com/' });
    expect(custosExtension(foreign, 'recall')).toBeUndefined();
  });

  it('C4: DELETE without children means all of them', () => {
    const emptied = { ...packed, action: 'DELETE', childEPCs: undefined };
    expect(valueOf(emptied)).toMatchObject({ action: 'DELETE', childEPCs: [], childQuantityList: [] });
  });

  it('treats a name with an undeclared prefix as a URI, as JSON-LD does', () => {
    const event = valueOf({ ...observed, 'other:a': 3 });
    expect(event.extensions).toEqual({ 'other:a': 3 });
  });

  it('a context may rename single terms', () => {
    const context = [{ '@version': 1.1, id: '@id', note: 'rdfs:comment', ex: 'https://example.com/' }];
    expect(valueOf({ ...observed, 'ex:a': 3 }, context).extensions).toEqual({ '{https://example.com/}a': 3 });
  });

  it('drops a repeated EPC in lists that may repeat one', () => {
    expect(valueOf({ ...packed, childEPCs: [pack, pallet, pack] })).toMatchObject({ childEPCs: { length: 2 } });
    const bizTransactionList = [{ bizTransaction: 'urn:x:1' }];
    const sold = { ...observed, type: 'TransactionEvent', bizTransactionList, epcList: [pack, pack] };
    expect(valueOf(sold)).toMatchObject({ epcList: [{ epc: pack }] });
  });

  it('S2: records a faulty key that no rule reads, refuses a faulty key of a pack, pallet or place', () => {
    const grai = 'https://id.example.com/8003/030013450007718765';
    const event = valueOf({ ...observed, epcList: [grai] });
    expect(event).toMatchObject({ epcList: [{ epc: grai, identifier: { kind: 'other', uri: grai } }] });
    for (const link of ['01/04012345000017/21/A', '00/340123450000000001', '414/4012345000008', '417/4012345000008'])
      expect(fieldOf({ ...observed, epcList: [`https://id.gs1.org/${link}`] })).toBe('MALFORMED_EVENT /epcList/0');
  });

  it('L2.8: accepts a sealed amount', () => {
    const sealed = `urn:custos:sealed:${'a'.repeat(64)}`;
    const quantityList = [{ epcClass: 'urn:epc:class:lgtin:4012345.000001.L1', quantity: sealed }];
    const event = valueOf({ ...observed, quantityList });
    expect(event.type === 'ObjectEvent' && Object.keys(event.quantityList[0]!)).toEqual(['epcClass', 'identifier']);
  });
});

describe('refusals state the JSON pointer of the fault', () => {
  it.each<[string, Json, string]>([
    ['no object', [], ''],
    ['another type', { ...observed, type: 'PartyEvent' }, '/type'],
    ['a time without offset', { ...observed, eventTime: '2026-05-04T10:20:30' }, '/eventTime'],
    ['a day that does not exist', { ...observed, eventTime: '2026-02-29T10:20:30Z' }, '/eventTime'],
    ['an offset above 14 hours', { ...observed, eventTimeZoneOffset: '+14:30' }, '/eventTimeZoneOffset'],
    ['no action', { ...observed, action: undefined }, '/action'],
    ['no items', { ...observed, epcList: undefined }, '/epcList'],
    ['a wrong check digit', { ...observed, epcList: [pack, 'https://id.gs1.org/00/340123450000000001'] }, '/epcList/1'],
    ['one code twice', { ...observed, epcList: [pack, pack] }, '/epcList/1'],
    ['an unknown field', { ...observed, weight: 3 }, '/weight'],
    ['a name without prefix', { ...observed, 'a/b': 3 }, '/a~1b'],
    ['the prefix custos undeclared', { ...observed, 'custos:hold': {} }, '/custos:hold'],
    ['a field of another event', { ...observed, parentID: pallet }, '/parentID'],
    ['ilmd while observing', { ...observed, ilmd: {} }, '/ilmd'],
    ['ilmd without namespace', { ...observed, action: 'ADD', ilmd: { lotNumber: 'L1' } }, '/ilmd/lotNumber'],
    ['a lot outside set 82', { ...observed, action: 'ADD', ilmd: { 'cbvmda:lotNumber': 'L 1' } }, '/ilmd'],
    ['a malformed day', { ...observed, action: 'ADD', ilmd: { 'cbvmda:itemExpirationDate': '27-1-1' } }, '/ilmd'],
    ['an id that is no URI', { ...observed, eventID: 'one' }, '/eventID'],
    ['L5.7: an id above 128 bytes', { ...observed, eventID: `urn:x:${'é'.repeat(62)}` }, '/eventID'],
    ['packing nothing', { ...packed, childEPCs: [] }, '/childEPCs'],
    ['packing into nothing', { ...packed, parentID: undefined }, '/parentID'],
    ['a transaction without document', { ...observed, type: 'TransactionEvent' }, '/bizTransactionList'],
    ['making from nothing', { type: 'TransformationEvent', ...when, outputEPCList: [pack] }, '/inputEPCList'],
    [
      'a type of source that is none',
      { ...observed, sourceList: [{ type: 'me', source: pallet }] },
      '/sourceList/0/type',
    ],
    ['a reason for what did not occur', didNotOccur(), '/errorDeclaration/correctiveEventIDs'],
    [
      'an empty sensor',
      { ...observed, sensorElementList: [{ sensorReport: [] }] },
      '/sensorElementList/0/sensorReport',
    ],
  ])('%s', (_name, json, field) => {
    expect(fieldOf(withoutAbsent(json))).toBe(`MALFORMED_EVENT ${field}`);
  });

  it('more than 5,000 EPCs', () => {
    const childEPCs = Array.from({ length: MAX_EPCS + 1 }, (_, i) => `urn:epc:id:sgtin:4012345.000001.${i}`);
    expect(fieldOf({ ...packed, childEPCs: childEPCs.slice(1) })).toBe('accepted');
    expect(fieldOf({ ...packed, childEPCs })).toBe('MALFORMED_EVENT ');
  });

  it('a context that gives a name of the standard another meaning', () => {
    const context = [{ cbvmda: 'https://example.com/' }];
    expect(parseContext(context)).toMatchObject({ ok: false, malformed: { field: '/@context/0/cbvmda' } });
  });
});

function didNotOccur(): Json {
  const errorDeclaration = {
    declarationTime: '2026-05-04T10:20:30Z',
    reason: 'did_not_occur',
    correctiveEventIDs: ['urn:x:1'],
  };
  return { ...observed, errorDeclaration };
}

function withoutAbsent(json: Json): Json {
  return JSON.parse(JSON.stringify(json)) as Json;
}

describe('a document', () => {
  const document = {
    '@context': CUSTOS_CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: when.eventTime,
  };

  it('gives its context, its header and its events', () => {
    const result = parseDocument({ ...document, sender: 'a', epcisBody: { eventList: [observed, packed] } });
    expect(result).toMatchObject({ ok: true, value: { context: CUSTOS_CONTEXT, header: { sender: 'a' } } });
    expect(result.ok && result.value.events.map(({ type }) => type)).toEqual(['ObjectEvent', 'AggregationEvent']);
  });

  it('may be one bare event, whose context goes with the document', () => {
    const result = parseDocument({ '@context': CUSTOS_CONTEXT, ...observed, 'custos:document': 'x' });
    expect(result.ok && result.value.events[0]!.source).toEqual({ ...observed, 'custos:document': 'x' });
  });

  it('keeps the members beside its events', () => {
    const header = { epcisMasterData: { vocabularyList: [{ type: 'urn:epcglobal:epcis:vtype:Location' }] } };
    const epcisBody = { eventList: [observed], 'x:note': 'n' };
    const result = openDocument({ ...document, epcisHeader: header, epcisBody });
    expect(result).toMatchObject({
      ok: true,
      value: { header: { epcisHeader: header, epcisBody: { 'x:note': 'n' } } },
    });
  });

  it('may be a query result', () => {
    const { schemaVersion: _version, creationDate: _date, ...answer } = { ...document, type: 'EPCISQueryDocument' };
    const queryResults = { queryName: 'q', 'x:ignoreFields': ['x:hash'], resultsBody: { eventList: [observed] } };
    const result = openDocument({ ...answer, epcisBody: { queryResults } });
    const at = '/epcisBody/queryResults/resultsBody/eventList/0';
    expect(result).toMatchObject({ ok: true, value: { events: [{ at, json: observed }], ignored: ['x:hash'] } });
    const rest = { queryName: 'q', 'x:ignoreFields': ['x:hash'] };
    expect(result).toMatchObject({ value: { header: { epcisBody: { queryResults: rest } } } });
    const unnamed = { queryResults: { resultsBody: { eventList: [] } } };
    expect(parseDocument({ ...answer, epcisBody: unnamed })).toMatchObject({
      malformed: { field: '/epcisBody/queryResults/queryName' },
    });
  });

  it.each<[string, JsonObject, string]>([
    ['no context', { type: 'EPCISDocument' }, '/@context'],
    ['no body', document, '/epcisBody'],
    ['no version', { ...document, schemaVersion: 'two', epcisBody: { eventList: [] } }, '/schemaVersion'],
    [
      'a list of nothing',
      { ...document, epcisHeader: { epcisMasterData: { vocabularyList: [{}] } }, epcisBody: { eventList: [] } },
      '/epcisHeader/epcisMasterData/vocabularyList/0/type',
    ],
    ['a stray member in its body', { ...document, epcisBody: { eventList: [], shade: 1 } }, '/epcisBody/shade'],
    ['an unknown member', { ...document, shade: 1, epcisBody: { eventList: [] } }, '/shade'],
    [
      'a fault in its second event',
      { ...document, epcisBody: { eventList: [observed, {}] } },
      '/epcisBody/eventList/1/type',
    ],
  ])('is refused with %s', (_name, json, field) => {
    expect(parseDocument(json)).toMatchObject({ ok: false, malformed: { code: 'MALFORMED_EVENT', field } });
  });
});

describe('arbitrary input', () => {
  const name = fc.constantFrom(
    ...Object.keys(observed),
    ...Object.keys(packed),
    'sensorElementList',
    'ilmd',
    'quantityList',
    'errorDeclaration',
    '__proto__',
    '@context',
    'custos:hold',
  );
  const leaf = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json>(...EVENT_TYPES, 'ADD', pack, [pack], [{}]),
  );

  it('that was made from a valid event is parsed or refused without throwing', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, leaf, { maxKeys: 8 }),
        fc.constantFrom(observed, packed, {}),
        (members, event) => {
          for (const result of [
            parseEvent({ ...event, ...members }),
            parseDocument({ '@context': {}, ...event, ...members }),
          ]) {
            if (!result.ok)
              expect(result.malformed).toMatchObject({ code: 'MALFORMED_EVENT', fix: expect.any(String) });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of any JSON is parsed or refused without throwing', () => {
    fc.assert(fc.property(fc.jsonValue() as fc.Arbitrary<Json>, (json) => parseEvent(json).ok === false));
  });
});
