import type { Json, JsonObject } from '@custos/core-bytes';
import type { RouteExample } from './example.js';

// One carton from the maker to a patient, in the order in which it can be sent to three services of one network.

const MAKER = '4012345000009';
const TRADER = '4023456000000';
const PHARMACY = '4034567000001';
const GTIN = '04012345000016';
const CASE = '14012345000013';
const PACKS = [`(01)${GTIN}(21)A`, `(01)${GTIN}(21)B`];
const CARTON = `(01)${CASE}(21)K1`;
const PALLET = '(00)040123450000000016';
const BATCH = { lot: 'L24A', expiry: '2031-06-30' };
const SCAN = `(01)${GTIN}(21)A(17)310630(10)L24A`;
const LOT_KEY = `lot/01/${GTIN}/10/L24A`;
const PACK_KEYS = [`unit/01/${GTIN}/21/A`, `unit/01/${GTIN}/21/B`];
const CARTON_KEY = `unit/01/${CASE}/21/K1`;
const LINK = 'https://id.gs1.org/01';

const TIME = '2026-01-05T08:00:00.000Z';
const TIME_MS = 1_767_600_000_000;
const TX = 'a978141c3c3fedfbc33f44c150b3387c50a383b6a6dee6a16736b0a4c28d3890';
const HASHED = 'ni:///sha-256;9e4888d7239656b84953f5d012090e286aee3e90de39cb01a446b02bdcc0be7d?ver=CBV2.0';
const SHIPMENT = 'shipment/00def86cf0b5193922c18bcf89ce6b82cbb02ee9a4bf26de8851b2b649808efa';
const JOB = 'af0b326f-d616-4ae4-8b13-b5d0f6dbc24e';
const CAPTURE = '0b7a3c55-4b0e-4d0f-9a53-2d1c6f1f8e21';

const change = (keys: readonly string[], set: JsonObject): JsonObject => ({ keys, set });
const ONE_LEAF = { index: 0, size: 1, path: [] };

function settled(changes: readonly JsonObject[]): JsonObject {
  const receipt = { txId: TX, eventIndex: 0, outcome: 'accepted', warnings: [], changes };
  const inclusion = {
    ...{ header: '0001…', certificate: '0000…', head: '01…', transaction: ONE_LEAF },
    receipts: [{ receipt, proof: ONE_LEAF }],
  };
  return { transaction: TX, height: 7, receipts: [receipt], inclusion };
}

/** Returns the answer of a task that is final, with its receipt and the proof that the block includes it. */
function final(changes: readonly JsonObject[], events: readonly string[] = [HASHED]): JsonObject {
  return { status: 'final', blockTime: TIME, events, ...settled(changes) };
}

const born = (product: string): JsonObject => ({
  ...{ expiry: BATCH.expiry, gtin: product, incarnation: 1, lifecycle: { state: 'active' }, location: MAKER },
  ...{ lot: LOT_KEY, onHold: false, owner: MAKER, possessor: MAKER },
});

const shipped = (from: string, to: string): JsonObject => {
  const parts = { documents: [], event: `${from}/${HASHED}`, from, open: 1, pendingOwner: to, place: to };
  const transit = { from, kind: 'delivery', shipment: SHIPMENT, since: TIME_MS, to };
  return final([
    change([SHIPMENT], { ...parts, since: TIME_MS, to, units: 1 }),
    change([CARTON_KEY], { pendingOwner: to, transit }),
  ]);
};

const moved = (from: string, to: string): JsonObject => ({
  ...{ location: to, owner: to, pendingOwner: null, possessor: to, receivedFrom: from, transit: null },
});

const levels = [
  { gtin: GTIN, name: 'pack', packs: 1 },
  { gtin: CASE, name: 'case of 4', packs: 4 },
];
const name = 'Alpenrosin 20 mg, 30 tablets';
const version = { cmos: [], effectiveFrom: TIME_MS, markets: ['DE'], name, version: 1 };
const PRODUCT_KEY = `product/${GTIN}`;

const heldUnit = (product: string, serial: string, container: string | null): JsonObject => ({
  ...{ code: `${LINK}/${product}/21/${serial}`, key: `unit/01/${product}/21/${serial}`, gtin: product },
  ...{ lot: BATCH.lot, expiry: BATCH.expiry, lifecycle: 'active', container, location: TRADER, inTransitTo: null },
});

const dispensedBefore: JsonObject = {
  ...{ by: PHARMACY, event: HASHED, height: 13, place: PHARMACY, repeat: true, time: TIME_MS, unit: PACK_KEYS[0]! },
};
const dispensedFacts: JsonObject = {
  ...dispensedBefore,
  count: 1,
  units: [{ ...dispensedBefore, code: 'ALREADY_DISPENSED' }],
};

const EVENT_ID = 'urn:uuid:4f1c0d5e-8a2b-4c3d-9e6f-0a1b2c3d4e5f';
const EVENT_PATH = `/events/${encodeURIComponent(EVENT_ID)}`;
const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
const storing = (eventID: string): JsonObject => ({
  ...{ type: 'ObjectEvent', eventID, eventTime: '2026-01-05T08:00:00Z', eventTimeZoneOffset: '+00:00' },
  ...{ action: 'OBSERVE', bizStep: 'storing', epcList: ['urn:epc:id:sscc:4012345.0000000001'] },
  readPoint: { id: 'urn:epc:id:sgln:4012345.00000.0' },
});
const EVENT: JsonObject = { '@context': [CONTEXT], ...storing(EVENT_ID) };
const DOCUMENT: JsonObject = {
  ...{ '@context': [CONTEXT], type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2026-01-05T08:00:00Z' },
  epcisBody: { eventList: [storing('urn:uuid:5f1c0d5e-8a2b-4c3d-9e6f-0a1b2c3d4e5f')] },
};
const RESULTS: JsonObject = {
  '@context': [CONTEXT],
  ...{ type: 'EPCISQueryDocument', schemaVersion: '2.0', creationDate: TIME },
  epcisBody: {
    queryResults: {
      queryName: 'SimpleEventQuery',
      resultsBody: { eventList: [{ ...storing(EVENT_ID), recordTime: TIME }] },
    },
  },
};

const problem = (status: number, code: string, title: string, rest: JsonObject): JsonObject => ({
  ...{ type: `urn:custos:problem:${code}`, status, code, title },
  ...rest,
});
const epcisProblem = (kind: string, status: number, code: string, title: string, rest: JsonObject): JsonObject => ({
  ...problem(status, code, title, rest),
  type: `epcisException:${kind}`,
});

const UNPACKING = { action: 'unpacking', container: CARTON, verified: true };
const RECALL = { gtin: GTIN, lot: BATCH.lot, id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] };

const maker = { by: 'manufacturer' } as const;
const trader = { by: 'distributor' } as const;
const pharmacy = { by: 'pharmacy' } as const;
const task = (route: string, name: string, summary: string, body: Json, changes: readonly JsonObject[]) => ({
  ...{ route, name, summary, body, status: 201 },
  answer: final(changes),
});

const asked = (route: string, params: Readonly<Record<string, string>> = {}): RouteExample => ({
  ...{ ...maker, route, params, name: route, summary: 'Which versions, which limits', status: 204 },
});
const DISCOVERIES = [
  asked('discoverCapture'),
  asked('discoverCaptureJob', { job: CAPTURE }),
  asked('discoverEvents'),
  asked('discoverEvent', { eventId: EVENT_ID }),
];

/**
 * The examples of the partner API in the order in which they are sent: each depends on the effects of those before it.
 */
export const PARTNER_STORY: readonly RouteExample[] = [
  {
    ...{ ...maker, route: 'registerProduct', name: 'product', summary: 'A pack, and the case that holds four' },
    body: { gtin: GTIN, name, markets: ['DE'], levels: [levels[1]!] },
    status: 201,
    answer: final([change([PRODUCT_KEY], { levels, owner: MAKER, versions: [version], withdrawn: {} })], []),
  },
  {
    ...maker,
    ...task('commission', 'packs', 'Two packs of a lot', { codes: PACKS, ...BATCH }, [
      change([LOT_KEY], { expiry: BATCH.expiry, recalls: [] }),
      change(PACK_KEYS, born(GTIN)),
    ]),
  },
  {
    ...maker,
    ...task('commission', 'case', 'A case of the same lot', { codes: [CARTON], ...BATCH }, [
      change([CARTON_KEY], born(CASE)),
    ]),
  },
  {
    ...{ ...maker, route: 'commission', name: 'wrongCheckDigit', summary: 'A GTIN that was typed in wrongly' },
    body: { codes: ['(01)04012345000017(21)A'], ...BATCH },
    status: 400,
    answer: problem(400, 'CHECK_DIGIT_WRONG', 'The request is malformed', {
      field: '/codes/0',
      fix: 'its last digit must be the check digit of those before it',
    }),
  },
  {
    ...maker,
    ...task(
      'aggregate',
      'packing',
      'Packs into their case',
      { action: 'packing', container: CARTON, children: PACKS },
      [change(PACK_KEYS, { container: CARTON_KEY }), change([CARTON_KEY], { contents: 'verified' })],
    ),
  },
  {
    ...{ ...maker, route: 'ship', name: 'toWholesaler', summary: 'The case and all that is in it, sold' },
    ...{ body: { codes: [CARTON], receiver: TRADER, owner: TRADER }, status: 201, answer: shipped(MAKER, TRADER) },
  },
  {
    ...trader,
    ...task('receive', 'fromMaker', 'One scan of the case', { codes: [CARTON] }, [
      change([SHIPMENT], { open: 0 }),
      change([CARTON_KEY], { contents: 'inferred', ...moved(MAKER, TRADER) }),
    ]),
  },
  {
    ...{ ...trader, route: 'inventory', name: 'stock', summary: 'A case and the packs in it' },
    ...{ query: { limit: '10' }, status: 200 },
    answer: {
      asOf: { height: 7, time: TIME },
      units: [
        heldUnit(CASE, 'K1', null),
        ...['A', 'B'].map((serial) => heldUnit(GTIN, serial, `${LINK}/${CASE}/21/K1`)),
      ],
    },
  },
  {
    ...{ ...trader, route: 'ship', name: 'toPharmacy', summary: 'Onwards to a pharmacy' },
    ...{ body: { codes: [CARTON], receiver: PHARMACY, owner: PHARMACY }, status: 201 },
    answer: shipped(TRADER, PHARMACY),
  },
  {
    ...pharmacy,
    ...task('receive', 'fromWholesaler', 'One scan of the case', { codes: [CARTON] }, [
      change([SHIPMENT], { open: 0 }),
      change([CARTON_KEY], moved(TRADER, PHARMACY)),
    ]),
  },
  {
    ...pharmacy,
    ...task('aggregate', 'unpacking', 'All that is in the case, each scanned', UNPACKING, [
      change(PACK_KEYS, { container: null, ...moved(TRADER, PHARMACY) }),
      change([CARTON_KEY], { contents: null }),
    ]),
  },
  {
    ...{ ...pharmacy, route: 'verify', name: 'beforeDispensing', summary: 'May this pack be handed out?' },
    ...{ query: { code: SCAN, purpose: 'dispense', market: 'DE' }, status: 200 },
    answer: {
      ...{ verdict: 'VERIFIED_SALEABLE', reasons: [], unit: `${LINK}/${GTIN}/21/A`, asOf: { height: 12, time: TIME } },
      pack: { lifecycle: { state: 'active' }, ...BATCH, product: name, possessor: PHARMACY },
    },
  },
  {
    ...pharmacy,
    ...task('dispense', 'toPatient', 'A pack, by what stands on it', { codes: [SCAN] }, [
      change([PACK_KEYS[0]!], { lifecycle: { reason: 'dispensed', state: 'inactive' } }),
    ]),
  },
  {
    ...{ ...pharmacy, route: 'dispense', name: 'twice', summary: 'The same pack again: refused, and on the chain' },
    ...{ body: { codes: [SCAN] }, status: 409 },
    answer: problem(409, 'ALREADY_DISPENSED', 'The pack was dispensed before.', {
      fix: 'Do not hand it out; check whether it is your own earlier report.',
      facts: dispensedFacts,
      receipt: {
        ...{ txId: TX, eventIndex: 0, outcome: 'refused', code: 'ALREADY_DISPENSED', facts: dispensedFacts },
        ...{ warnings: [], changes: [] },
      },
      ...{ height: 14, transaction: TX },
    }),
  },
  {
    ...maker,
    ...task('commission', 'pallet', 'A pallet, under an Idempotency-Key', { codes: [PALLET] }, [
      change([`unit/00/${PALLET.slice(4)}`], {
        ...{ incarnation: 1, lifecycle: { state: 'active' }, location: MAKER, onHold: false, possessor: MAKER },
      }),
    ]),
    headers: { 'Idempotency-Key': 'pallet-1' },
  },
  {
    ...{ ...maker, route: 'commission', name: 'notFinalYet', summary: 'Not final within the wait' },
    ...{ body: { codes: ['(00)040123450000000023'] }, status: 202, location: `/jobs/${JOB}` },
    answer: { status: 'pending', job: JOB, transaction: TX },
  },
  {
    ...{
      ...maker,
      route: 'job',
      name: 'final',
      summary: 'It became final meanwhile',
      params: { job: JOB },
      status: 200,
    },
    answer: {
      ...{ job: JOB, status: 'final' },
      ...settled([
        change(['unit/00/040123450000000023'], {
          ...{ incarnation: 1, lifecycle: { state: 'active' }, location: MAKER, onHold: false, possessor: MAKER },
        }),
      ]),
    },
  },
  {
    ...maker,
    ...task('recall', 'toPatients', 'A lot, down to patients', RECALL, [
      change([LOT_KEY], { recalls: [{ class: 1, depth: 'patient', id: 'R-1', markets: ['DE'], since: TIME_MS }] }),
    ]),
  },
  {
    ...{ ...maker, route: 'captureEvent', name: 'stored', summary: 'A pallet is stored', body: EVENT },
    ...{ status: 201, location: EVENT_PATH, answer: final([], [EVENT_ID]) },
  },
  {
    ...{ ...maker, route: 'captureEvent', name: 'again', summary: 'The same event', body: EVENT, status: 409 },
    answer: epcisProblem('ResourceAlreadyExistsException', 409, 'REPEATED', 'This event is captured already', {
      ...{ field: '/eventID', event: EVENT_ID },
      fix: `read it at ${EVENT_PATH}, or send a new event with an eventID of its own`,
    }),
  },
  {
    ...{ ...maker, route: 'event', name: 'stored', summary: 'As it was signed', params: { eventId: EVENT_ID } },
    ...{ status: 200, answer: RESULTS },
  },
  {
    ...{ ...maker, route: 'capture', name: 'document', summary: 'All or nothing', body: DOCUMENT, status: 202 },
    ...{ headers: { 'GS1-Capture-Error-Behaviour': 'rollback' }, location: `/capture/${CAPTURE}` },
  },
  {
    ...{
      ...maker,
      route: 'captureJob',
      name: 'done',
      summary: 'It was captured',
      params: { job: CAPTURE },
      status: 200,
    },
    answer: {
      ...{ captureID: CAPTURE, createdAt: TIME, finishedAt: TIME, running: false, success: true },
      ...{ captureErrorBehaviour: 'rollback', errors: [] },
    },
  },
  ...DISCOVERIES,
];
