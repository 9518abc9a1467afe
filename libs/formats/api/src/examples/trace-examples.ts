import type { JsonObject } from '@custos/core-bytes';
import type { RouteExample } from './example.js';

// Two packs of a lot, made and asked about.

const MAKER = { gln: '4012345000009', name: 'Alpenrose Pharma' };
const GTIN = '04012345000016';
const LINK = `https://id.gs1.org/01/${GTIN}`;
const EPCS = [`${LINK}/21/A`, `${LINK}/21/B`];
const SCAN = `(01)${GTIN}(21)A(17)280630(10)L1`;
const TIME = '2026-01-05T08:00:02.000Z';
const DIGEST = 'c1b30b8976241a2099ac0293143274a8ab5a886f95d0d8785a3af54b2bff19de';
const asOf = { height: 2, time: TIME };
const product = 'Alpenrosin 20 mg';
const lot = `lot/01/${GTIN}/10/L1`;
const expiry = '2028-06-30';
const lifecycle = { state: 'active' };

const custody = {
  ...{ possessor: MAKER, owner: MAKER, pendingOwner: null, receivedFrom: null, location: MAKER.gln, transit: null },
};
const unit: JsonObject = {
  ...{ key: `unit/01/${GTIN}/21/A`, code: EPCS[0]!, gtin: GTIN, product, lot, expiry, lifecycle },
  ...{ onHold: false, recalls: [], containers: [], contents: null, custody },
};

const event: JsonObject = {
  ...{ type: 'ObjectEvent', eventID: 'urn:event:1', eventTime: TIME, eventTimeZoneOffset: '+00:00' },
  ...{ action: 'ADD', bizStep: 'commissioning', epcList: EPCS },
  ilmd: { 'cbvmda:itemExpirationDate': expiry, 'cbvmda:lotNumber': 'L1' },
};
const step: JsonObject = {
  ...{ height: 2, blockTime: TIME, eventTime: TIME, event, eventId: 'urn:event:1', step: 'commissioning' },
  ...{ outcome: 'accepted', party: MAKER.gln, partyName: MAKER.name, signer: DIGEST, location: MAKER.gln },
  ...{ through: null, finality: 'final', transaction: DIGEST },
};

const judged: JsonObject = {
  ...{ verdict: 'VERIFIED', reasons: [], unit: EPCS[0]!, asOf },
  pack: { lifecycle, lot: 'L1', expiry, product },
};
const leaf = (key: string, value: JsonObject): JsonObject => ({ key, value, proof: '00…' });
const leaves = [
  leaf(`unit/01/${GTIN}/21/A`, { public: { lifecycle, onHold: false, lot, expiry, incarnation: 1 }, private: DIGEST }),
  leaf(`gtin/${GTIN}`, { base: GTIN }),
  leaf(`product/${GTIN}`, { name: product, owner: MAKER.gln, version: 1, withdrawn: {}, detail: DIGEST }),
  leaf(lot, { public: { expiry, recalls: [] }, private: DIGEST }),
];

const problem = (status: number, code: string, title: string, rest: JsonObject): JsonObject => ({
  ...{ type: `urn:custos:problem:${code}`, status, code, title },
  ...rest,
});

const regulator = { by: 'regulator' } as const;

/**
 * The examples of the trace API. `by` is the role of the party whose token asks; an example without it sends no token.
 */
export const TRACE_EXAMPLES: readonly RouteExample[] = [
  {
    ...{ ...regulator, route: 'unit', name: 'pack', summary: 'By what stands on it', params: { code: SCAN } },
    ...{ status: 200, answer: { asOf, unit } },
  },
  {
    ...{ by: 'distributor', route: 'unit', name: 'hidden', summary: 'To a party that never had it' },
    ...{ params: { code: EPCS[0]! }, status: 200, answer: { asOf, unit: { ...unit, custody: 'hidden' } } },
  },
  {
    ...{ ...regulator, route: 'unit', name: 'unknown', summary: 'Nobody made it', params: { code: `${LINK}/21/C` } },
    status: 404,
    answer: problem(404, 'UNKNOWN_UNIT', 'No such unit was ever commissioned', {
      ...{ field: 'code', fix: 'check the code; of a counterfeit, tell the owner of the product' },
    }),
  },
  {
    ...{ ...regulator, route: 'journey', name: 'pack', summary: 'All that happened to it', params: { code: EPCS[0]! } },
    ...{ query: { limit: '50' }, status: 200, answer: { asOf, unit, steps: [step] } },
  },
  {
    ...{ ...regulator, route: 'reach', name: 'lot', summary: 'Who holds it', params: { lgtin: `${LINK}/10/L1` } },
    status: 200,
    answer: {
      ...{ asOf, lot: `${LINK}/10/L1`, recalls: [], units: 2, took: 1.5 },
      holders: [
        {
          ...{ party: MAKER.gln, partyName: MAKER.name, packs: 2, verified: 2, inferred: 0, inTransit: 0 },
          ...{ inactive: 0, dispensed: 0 },
        },
      ],
    },
  },
  {
    ...{ by: 'distributor', route: 'reach', name: 'hidden', summary: 'Neither owner of the GTIN nor regulator' },
    ...{ params: { lgtin: `${LINK}/10/L1` }, status: 403 },
    answer: problem(403, 'NOT_VISIBLE', 'This is not for the party of this token to see', {
      ...{ field: 'Authorization', fix: 'ask with the token of a party that may see it' },
    }),
  },
  {
    ...{ route: 'verify', name: 'genuine', summary: 'Without a token', query: { code: SCAN }, status: 200 },
    answer: judged,
  },
  {
    ...{ route: 'verify', name: 'proven', summary: 'With what shows it', query: { code: SCAN, proof: 'true' } },
    ...{ status: 200, answer: { ...judged, proof: { header: '0001…', certificate: '0000…', leaves } } },
  },
  {
    ...{ route: 'verify', name: 'unknown', summary: 'A serial that nobody made' },
    ...{ query: { code: `(01)${GTIN}(21)C(17)280630(10)L1` }, status: 200 },
    answer: { verdict: 'UNKNOWN', reasons: [{ code: 'UNKNOWN', facts: { gtin: GTIN, serial: true } }], asOf },
  },
  {
    ...{ ...regulator, route: 'blocks', name: 'newest', summary: 'The last one', query: { limit: '1' }, status: 200 },
    answer: {
      asOf,
      blocks: [
        {
          ...{ height: 2, hash: DIGEST, time: TIME, view: 2, proposer: 3, transactions: 1, stateRoot: DIGEST },
          proposerName: 'Nordlicht Grosshandel',
          signers: ['Bundesstelle Arzneimittel', 'Löwen-Apotheke', 'Nordlicht Grosshandel'],
        },
      ],
    },
  },
  {
    ...{ route: 'blocks', name: 'noToken', summary: 'Without a token', status: 401 },
    answer: problem(401, 'UNAUTHENTICATED', 'No token, or none that is known here', {
      ...{ field: 'Authorization', fix: 'send Authorization: Bearer <token>' },
    }),
  },
];
