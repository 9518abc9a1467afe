import type { Json, JsonObject } from '@custos/core-bytes';
import fc from 'fast-check';
import { eventPreHash, parseContext, parseEvent, webForm, wordOf, type VocabularyName } from '../index.js';

const VOCABULARIES: readonly (readonly [VocabularyName, string, readonly string[]])[] = [
  ['bizStep', 'BizStep', ['shipping', 'dispensing', 'destroying', 'retail_selling']],
  ['disposition', 'Disp', ['in_transit', 'recalled', 'active']],
  ['bizTransaction', 'BTT', ['po', 'desadv']],
  ['sourceOrDestination', 'SDT', ['owning_party', 'location']],
  ['errorReason', 'ER', ['did_not_occur', 'incorrect_data']],
  ['component', 'Comp', ['x', 'axial_distance']],
];

describe('S4: spellings of a word', () => {
  it.each([
    'shipping',
    'urn:epcglobal:cbv:bizstep:shipping',
    'URN:epcglobal:cbv:bizstep:shipping',
    'urn:EPCglobal:CBV:BizStep:shipping',
    'urn:epcglobal:cbv:%62izstep:%73hipping',
    'https://ref.gs1.org/cbv/BizStep-shipping',
    'http://ns.gs1.org/cbv/BizStep-shipping',
    'https://ns.gs1.org/voc/Bizstep-shipping',
    'https://gs1.org/voc/BizStep-shipping',
    'https://www.gs1.org/voc/bizstep-shipping',
    'https://id.gs1.org/cbv/BIZSTEP-shipping',
    'HTTPS://REF.GS1.ORG:443/cbv/BizStep-shipping',
    'https://ref.gs1.org.:/cbv/BizStep-shipping',
    'https://ref%2Egs1.org/x/../cbv/./BizStep%2Dshipping',
    'https://ref.gs1.org/standards/cbv/2.0/BizStep-shipping',
    'cbv:BizStep-shipping',
    'CBV:bizstep-shipping',
    'gs1:BizStep-shipping',
    'epcis:BizStep-shipping',
  ])('S4: %s is shipping', (text) => {
    expect(wordOf('bizStep', text)).toBe('shipping');
  });

  it.each([
    'Shipping',
    ' shipping',
    'BizStep-shipping',
    'urn:epcglobal:cbv:bizstep:Shipping',
    'urn:epcglobal:cbv:bizstep:blessing',
    'urn:epcglobal:cbv:bizstep:shipping#x',
    'urn:epcglobal:cbv:bizstep:shipping?+x',
    'urn:epcglobal:cbv:disp:active',
    'urn:epcglobal:cbv:bt:4012345000009:1',
    'urn:epcglobal:cbv:bti:shipping',
    'urn:EPCGLOBAL:bizstep:shipping',
    'urn:epc:id:sgtin:4012345.000001.A1',
    'urn:epcglobal%3Acbv:bizstep:shipping',
    'urn::epcglobal:cbv:bizstep:shipping',
    'epcglobal:cbv:bizstep:shipping',
    'cbv://BizStep-shipping',
    'https://REF.gs1.org/cbv/Disp-active',
    'https://ref.gs1.org/cbv/BizStep-Shipping',
    'https://ref.gs1.org/cbv/shipping',
    'https://ref.gs1.org/cbv/BizStep/shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping/',
    'https://ref.gs1.org/cbv/BizStep-shipping?x=1',
    'https://ref.gs1.org/cbv#BizStep-shipping',
    'https://me@ref.gs1.org/cbv/BizStep-shipping',
    'https://ref.gs1.org..//cbv/BizStep+shipping',
    'https:/ref.gs1.org/cbv/BizStep-shipping',
    'https://ref.gs1.org:x/cbv/BizStep-shipping',
    'https://ref.gs1.org/cbv/BizStep-shipping%',
    'https://ref\u3002gs1.org/cbv/BizStep-shipping',
    'https:\\\\ref.gs1.org\\cbv\\BizStep-shipping',
    'ftp://ref.gs1.org/cbv/BizStep-shipping',
    'ref.gs1.org:443/cbv/BizStep-shipping',
    'tag:GS1.org,2026:shipping',
    'view-source:https://ref.gs1.org/cbv/BizStep-shipping',
  ])('S4: refuses %s', (text) => {
    expect(wordOf('bizStep', text)).toBeUndefined();
  });

  it.each([
    'https://example.com/steps/polishing',
    'HTTPS://Example.com:443/steps/../polishing',
    // Words of another host are foreign, whatever their names.
    'https://example.com/cbv/BizStep-shipping',
    'https://example.com/?see=https://ref.gs1.org/cbv/BizStep-shipping',
    'https://notgs1.org/cbv/BizStep-shipping',
    'https://gs1.org.example.com/cbv/BizStep-shipping',
    'https://www.gs1us.org/voc/BizStep-shipping',
    'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'urn:gs1:epcisapp:rail:btt:passage',
    'urn:example:epcglobal:cbv:bizstep:shipping',
    'ours:BizStep-shipping',
  ])('S4: keeps the foreign word %s unchanged', (text) => {
    expect(wordOf('bizStep', text)).toBe(text);
  });

  it.each(VOCABULARIES)('S4: %s has the same spellings', (name, web, words) => {
    for (const word of words) {
      expect(webForm(name, word)).toBe(`https://ref.gs1.org/cbv/${web}-${word}`);
      expect(wordOf(name, `https://ns.gs1.org/voc/${web.toLowerCase()}-${word}`)).toBe(word);
      expect(wordOf(name, `Urn:EpcGlobal:cbv:${web}:${word}`)).toBe(word);
      for (const [other] of VOCABULARIES)
        if (other !== name) expect(wordOf(other, `https://ref.gs1.org/cbv/${web}-${word}`)).toBeUndefined();
    }
  });
});

describe('S4: any spelling', () => {
  const someCase = (text: string): fc.Arbitrary<string> =>
    fc
      .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
      .map((large) => [...text].map((c, i) => (large[i] ? c.toUpperCase() : c.toLowerCase())).join(''));
  const someEscapes = (text: string): fc.Arbitrary<string> =>
    fc
      .array(fc.nat(9), { minLength: text.length, maxLength: text.length })
      .map((dice) =>
        [...text]
          .map((c, i) => (dice[i] === 0 && !':/?#'.includes(c) ? `%${c.charCodeAt(0).toString(16)}` : c))
          .join(''),
      );
  const vocabularyAndWord = fc
    .constantFrom(...VOCABULARIES)
    .chain(([name, web, words]) =>
      fc.record({ name: fc.constant(name), web: someCase(web), word: fc.constantFrom(...words) }),
    );
  const host = fc.constantFrom('gs1.org', 'www.gs1.org', 'ref.gs1.org', 'ns.gs1.org', 'id.gs1.org', 'a.b.gs1.org');
  const path = fc.constantFrom('/', '/cbv/', '/voc/', '/x/../cbv/', '/./voc/', '//cbv/', '/%2e/a/');
  const space = fc.oneof(
    fc.tuple(someCase('urn:epcglobal:cbv:'), fc.constant(':')),
    fc.tuple(fc.constantFrom('cbv:', 'gs1:').chain(someCase), fc.constant('-')),
    fc
      .tuple(
        fc.constantFrom('https', 'http').chain(someCase),
        host.chain(someCase),
        fc.constantFrom('', '.', ':443', ':'),
        path,
      )
      .map(([scheme, name, end, folder]) => [`${scheme}://${name}${end}${folder}`, '-'] as const),
  );

  it('S4: gives the word', () => {
    fc.assert(
      fc.property(vocabularyAndWord, space, ({ name, web, word }, [before, mark]) => {
        expect(wordOf(name, `${before}${web}${mark}${word}`)).toBe(word);
      }),
    );
  });

  it('S4: with escapes or other text around it, gives the word or is refused', () => {
    const spelling = fc.tuple(vocabularyAndWord, space).chain(([{ name, web, word }, [before, mark]]) =>
      fc.record({
        name: fc.constant(name),
        word: fc.constant(word),
        // A scheme has no escapes.
        text: someEscapes(web + mark + word).map((end) => before + end),
        tail: fc.constantFrom('', '', '/', '?', '#', '?x', '#x', ':', '%20', '%', '-', 'X'),
      }),
    );
    fc.assert(
      fc.property(spelling, ({ name, word, text, tail }) => {
        expect([word, undefined]).toContain(wordOf(name, text + tail));
        if (tail === '') expect(wordOf(name, text)).toBe(word);
      }),
    );
  });
});

const when = { eventTime: '2026-05-04T10:20:30.123+02:00', eventTimeZoneOffset: '+02:00' };
const observed: JsonObject = {
  type: 'ObjectEvent',
  ...when,
  action: 'OBSERVE',
  epcList: ['urn:epc:id:sgtin:4012345.000001.A1'],
};

const readingOf = (json: JsonObject, context: Json = []): unknown => {
  const scope = parseContext(context);
  const result = scope.ok ? parseEvent(json, scope.value) : scope;
  return result.ok ? result.value : `${result.malformed.code} ${result.malformed.field}`;
};

describe('S4: the fields of an event', () => {
  const place = 'https://id.gs1.org/414/4012345000009';
  const fieldsWith = (of: (web: string, word: string) => string): JsonObject => ({
    ...observed,
    bizStep: of('BizStep', 'shipping'),
    disposition: of('Disp', 'in_transit'),
    persistentDisposition: { set: [of('Disp', 'active')], unset: [of('Disp', 'recalled')] },
    bizTransactionList: [{ type: of('BTT', 'po'), bizTransaction: 'urn:epcglobal:cbv:bt:4012345000009:1' }],
    sourceList: [{ type: of('SDT', 'location'), source: place }],
    destinationList: [{ type: of('SDT', 'location'), destination: place }],
    sensorElementList: [{ sensorReport: [{ type: 'Length', component: of('Comp', 'x'), value: 1 }] }],
  });
  const bare = fieldsWith((_, word) => word);
  const hashed = (json: JsonObject, context: Json): string => {
    const scope = parseContext(context);
    if (!scope.ok) throw new Error(scope.malformed.fix);
    const event = parseEvent(json, scope.value);
    if (!event.ok) throw new Error(event.malformed.field);
    return eventPreHash(event.value, scope.value);
  };

  it.each(['https://NS.gs1.org/voc/', 'CBV:', 'words:'])(
    'S4: with %s are the same words and the same hash',
    (before) => {
      const context = { words: 'https://ref.GS1.org/x/../cbv/' };
      const event = fieldsWith((web, word) => `${before}${web}-${word}`);
      expect(readingOf(event, context)).toMatchObject({
        bizStep: 'shipping',
        disposition: 'in_transit',
        persistentDisposition: { set: ['active'], unset: ['recalled'] },
        bizTransactionList: [{ type: 'po' }],
        sourceList: [{ type: 'location' }],
        destinationList: [{ type: 'location' }],
      });
      expect(hashed(event, context)).toBe(hashed(bare, context));
    },
  );

  it.each<[string, JsonObject]>([
    ['/bizStep', { bizStep: 'urn:EPCGLOBAL:cbv:bizstep:blessing' }],
    ['/disposition', { disposition: 'https://ns.gs1.org/voc/Disp-blessed' }],
    ['/persistentDisposition/set/0', { persistentDisposition: { set: ['words:Disp-blessed'] } }],
    [
      '/bizTransactionList/0/type',
      { bizTransactionList: [{ type: 'urn:epcglobal:cbv:bt:1', bizTransaction: 'urn:x:1' }] },
    ],
    ['/sourceList/0/type', { sourceList: [{ type: 'https://gs1.org/voc/SDT-blessed', source: place }] }],
    ['/destinationList/0/type', { destinationList: [{ type: 'CBV:SDT-blessed', destination: place }] }],
    [
      '/errorDeclaration/reason',
      { errorDeclaration: { declarationTime: when.eventTime, reason: 'https://ref.gs1.org/cbv/Er-blessed' } },
    ],
    [
      '/sensorElementList/0/sensorReport/0/component',
      { sensorElementList: [{ sensorReport: [{ type: 'Length', component: 'gs1:Comp-blessed' }] }] },
    ],
  ])('S4: %s refuses a word that GS1 does not have', (field, members) => {
    expect(readingOf({ ...observed, ...members }, { words: 'https://ref.gs1.org/cbv/' })).toBe(
      `MALFORMED_EVENT ${field}`,
    );
  });

  it('S4: expands a prefix before the check, also one that an event declares or that has a known name', () => {
    const context = [
      { ours: 'https://example.com/steps/', gs1: 'https://example.com/voc/', step: 'urn:epcglobal:cbv:bizstep:' },
    ];
    const stepOf = (bizStep: string, inner: Json = []) =>
      (readingOf({ ...observed, bizStep, '@context': inner }, context) as { bizStep: string }).bizStep;
    expect(stepOf('step:shipping')).toBe('shipping');
    expect(stepOf('ours:polishing')).toBe('ours:polishing');
    expect(stepOf('gs1:BizStep-shipping')).toBe('gs1:BizStep-shipping');
    expect(stepOf('ours:BizStep-shipping', { ours: 'https://www.gs1.org/voc/' })).toBe('shipping');
    expect(readingOf({ ...observed, bizStep: 'step:blessing' }, context)).toBe('MALFORMED_EVENT /bizStep');
  });

  it('S4: a prefix may use another of its object in any order, but none of a later object', () => {
    const [far, near] = [{ a: { '@id': 'b:BizStep-' } }, { b: 'c:cbv/', c: 'https://ref.gs1.org/' }];
    const stepOf = (context: Json) =>
      (readingOf({ ...observed, bizStep: 'a:shipping' }, context) as { bizStep: string }).bizStep;
    expect(stepOf([{ ...far, ...near }])).toBe('shipping');
    expect(stepOf([{ b: 'https://example.com/' }, { ...far, ...near }])).toBe('shipping');
    expect(stepOf([near, far])).toBe('shipping');
    expect(stepOf([far, near])).toBe('a:shipping');
    expect(stepOf([{ a: 'b:x', b: 'a:y' }])).toBe('a:shipping');
  });
});
