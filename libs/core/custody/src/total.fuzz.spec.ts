import fc from 'fast-check';
import type { Json, JsonObject } from '@custos/core-bytes';
import { referenceHasher as hasher, type Digest } from '@custos/core-crypto';
import { CUSTOS_CONTEXT, parseContext, parseEvent } from '@custos/core-epcis';
import { toDigitalLink } from '@custos/core-gs1';
import { decide, findPersonal, leavesFor, readCode, REFUSALS, sealPersonal, verdict } from './index.js';
import { PATIENT } from '@custos/core-access';
import { BUDGET, carton, MAKER, must, pack, palletWorld, PHARMACY, sscc, START, TRADER } from './testing/world.js';

// Events of an attacker: well-formed EPCIS with any words, members and units. The law must answer and never throw.

const CONTEXT = must(parseContext(CUSTOS_CONTEXT));
const w = palletWorld();
const codes = [pack(1), pack(3), pack(99), carton(1), carton(2), sscc(1), sscc(2), sscc(1, '4999999')].map((unit) =>
  toDigitalLink(unit),
);
const words = [
  'shipping',
  'receiving',
  'packing',
  'dispensing',
  'holding',
  'inspecting',
  'accepting',
  'stocking',
  'departing',
];
const someJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const some = fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 4 });
const place = fc.constantFrom(`https://id.gs1.org/414/${MAKER}`, `https://id.gs1.org/414/${TRADER}`, 'geo:1,2');

const LISTS: { readonly [type: string]: readonly string[] } = {
  ObjectEvent: ['action', 'epcList', 'ilmd'],
  AggregationEvent: ['action', 'parentID', 'childEPCs'],
  TransactionEvent: ['action', 'parentID', 'epcList', 'bizTransactionList'],
  TransformationEvent: ['inputEPCList', 'outputEPCList'],
  AssociationEvent: ['action', 'parentID', 'childEPCs'],
};
const LIST_NAMES = [
  'epcList',
  'childEPCs',
  'parentID',
  'inputEPCList',
  'outputEPCList',
  'bizTransactionList',
  'ilmd',
] as const;
const ALL_LISTS: readonly string[] = ['action', ...LIST_NAMES];

// The parser, which has its own tests, refuses members of other types.
function fitting(members: { readonly type: string; readonly action: string }): JsonObject {
  const own = LISTS[members.type]!.filter((name) => name !== 'ilmd' || members.action === 'ADD');
  return Object.fromEntries(
    Object.entries(members).filter(([name]) => own.includes(name) || !ALL_LISTS.includes(name)),
  );
}

const anyEvent = fc.record(
  {
    type: fc.constantFrom(
      'ObjectEvent',
      'AggregationEvent',
      'TransactionEvent',
      'TransformationEvent',
      'AssociationEvent',
    ),
    action: fc.constantFrom('ADD', 'OBSERVE', 'DELETE'),
    bizStep: fc.constantFrom(...words),
    disposition: fc.constantFrom(
      'dispensed',
      'partially_dispensed',
      'completeness_verified',
      'conformant',
      'in_transit',
    ),
    epcList: some,
    childEPCs: some,
    parentID: fc.constantFrom(...codes),
    inputEPCList: some,
    outputEPCList: some,
    bizTransactionList: fc.constant([{ type: 'po', bizTransaction: 'urn:x:1' }]),
    readPoint: place.map((id) => ({ id })),
    destinationList: fc.array(
      fc.record({
        type: fc.constantFrom('owning_party', 'possessing_party', 'location'),
        destination: fc.constantFrom(`https://id.gs1.org/417/${TRADER}`, 'urn:x:nobody'),
      }),
      { maxLength: 2 },
    ),
    'custos:scan': someJson,
    'custos:recall': someJson,
    'custos:dispensed': someJson,
    ilmd: fc.constant({ 'cbvmda:lotNumber': 'L24A', 'cbvmda:itemExpirationDate': '2027-06-30' }),
  },
  { requiredKeys: ['type', 'action', ...LIST_NAMES] },
);

describe('decide is total', () => {
  it('L5.1: answers any event with changes or a refusal of the catalogue', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        anyEvent,
        fc.constantFrom(MAKER, TRADER, PHARMACY, '4199999000000'),
        fc.nat(60),
        (members, signer, reads) => {
          const json = {
            eventID: 'urn:x:fuzz',
            eventTime: '2026-03-02T09:00:00Z',
            eventTimeZoneOffset: '+00:00',
            ...fitting(members),
          };
          const event = parseEvent(json as JsonObject, CONTEXT);
          if (!event.ok) return;
          judged++;
          const decision = decide(
            w.state,
            {
              txId: 'ab'.repeat(32) as Digest,
              index: 0,
              createdAt: START + 60_000_000,
              salt: 'cd'.repeat(32) as Digest,
              context: CUSTOS_CONTEXT,
              header: undefined,
              signer,
            },
            event.value,
            {
              hasher,
              height: 5,
              timestamp: START + 60_000_000,
              budget: { ...BUDGET, reads: reads > 40 ? BUDGET.reads : reads },
            },
          );
          if (decision.outcome === 'refused') expect(Object.keys(REFUSALS)).toContain(decision.refusal.code);
        },
      ),
      { numRuns: 400 },
    );
    expect(judged).toBeGreaterThan(50);
  });

  it('V3: gives a verdict on any scanned text', () => {
    const element = fc.stringMatching(/^(01|21|10|17|00)?[0-9A-Za-z]{0,24}$/);
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(element, { maxLength: 5 }).map((parts) => parts.join('\u001d')),
    );
    fc.assert(
      fc.property(text, (code) => {
        const question = { code: readCode(code, 2026), asker: PATIENT, purpose: 'check' } as const;
        const leaves = new Map(leavesFor(question, new Map()).map((key) => [key, w.state.get(key)]));
        expect(verdict(question, leaves, { height: 1, time: START }).reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('L2.8: the search for personal data accepts any JSON, and finds none when all of it is sealed', () => {
    fc.assert(
      fc.property(someJson, (value) => {
        const seals: Json[] = [];
        const sealed = sealPersonal(value, (hidden) => {
          seals.push(hidden);
          return `urn:custos:sealed:${'5a'.repeat(32)}`;
        });
        return findPersonal(sealed) === undefined && seals.length > 0 === (findPersonal(value) !== undefined);
      }),
      { numRuns: 200 },
    );
  });
});
