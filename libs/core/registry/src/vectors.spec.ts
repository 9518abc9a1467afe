import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject, Parsed } from '@custos/core-bytes';
import { keyIdOf, referenceHasher as hasher, referencePublicKey } from '@custos/core-crypto';
import {
  decideKey,
  decideParty,
  decideProduct,
  parseKeyPayload,
  parsePartyPayload,
  parseProductPayload,
  registry,
  registryGenesis,
} from './index.js';
import { applyChanges, mapView, overlay, type Decision } from '@custos/core-state';

// L9: one example of each shape. A change of them is a change of the format: only CUSTOS_WRITE_VECTORS=1 rewrites them.
const FILE = join(process.cwd(), '../../../vectors/registry.json');

const MAKER = '4012345000009';
const TRADER = '4023456000000';
const TIME = 1_760_000_000_000;
const publicKeys = [1, 2].map((n) => referencePublicKey(new Uint8Array(32).fill(n)));

const GENESIS = {
  time: TIME,
  countries: { DE: 'EU', US: 'US' },
  ruleSets: { US: { transactionStatementRequired: true, possessorAtDispensing: 'refuse' } },
  parties: [
    {
      gln: MAKER,
      name: 'Alpenrose Pharma',
      country: 'DE',
      roles: ['manufacturer'],
      licences: [{ kind: 'manufacturing', validFrom: TIME, validTo: TIME + 31_536_000_000 }],
      prefixes: ['4012345'],
      locations: [{ gln: '4012345000016', country: 'DE', name: 'Werk Tal' }],
      agents: [{ gln: TRADER, mandate: true, validFrom: TIME }],
    },
    { gln: TRADER, name: 'Nordlicht Grosshandel', country: 'DE', roles: ['distributor'], prefixes: ['4023456'] },
  ],
  keys: [MAKER, TRADER].map((party, i) => ({ party, publicKey: publicKeys[i]! })),
  products: [{ gtin: '04023456000017', owner: MAKER, name: 'Eigenmarke' }],
};

const MASTER = {
  gtin: '04012345000016',
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [{ gtin: '14012345000013', name: 'case', packs: 4 }],
  markets: ['DE', 'FR'],
  cmos: [{ gln: TRADER, validFrom: TIME }],
  content: { amount: 20, uom: 'unit' },
  nationalNumbers: [{ country: 'DE', number: '01234567' }],
  coveredFrom: '2019-02-09',
};

/** Transactions in order, each on the state that the one before left. `signer` is the index of the key. */
const TRANSACTIONS: readonly { readonly kind: string; readonly signer: number; readonly payload: JsonObject }[] = [
  { kind: 'product', signer: 0, payload: { op: 'register', ...MASTER } },
  {
    kind: 'product',
    signer: 0,
    payload: { op: 'revise', ...MASTER, name: 'Pyrenol forte', effectiveFrom: TIME + 86_400_000 },
  },
  { kind: 'product', signer: 0, payload: { op: 'withdraw', gtin: MASTER.gtin, market: 'FR' } },
  { kind: 'product', signer: 0, payload: { op: 'grant', gtin: '04012345000023', to: TRADER } },
  { kind: 'product', signer: 1, payload: { op: 'register', ...MASTER } },
  { kind: 'product', signer: 1, payload: { op: 'register', gtin: '04023456000017', name: 'Eigenmarke' } },
  {
    kind: 'party',
    signer: 0,
    payload: { op: 'locations', add: [{ gln: '4012345000023', country: 'FR' }], remove: ['4012345000016'] },
  },
  { kind: 'party', signer: 0, payload: { op: 'agents', agents: [] } },
  { kind: 'party', signer: 0, payload: { op: 'roles' } },
  {
    kind: 'key',
    signer: 1,
    payload: { op: 'revoke', keyId: keyIdOf(hasher, publicKeys[1]!), suspectSince: TIME },
  },
];

function value<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

function registryVectors(): unknown {
  const entries = value(registryGenesis(hasher, GENESIS));
  const state = overlay(mapView(entries));
  const transactions = TRANSACTIONS.map(({ kind, signer, payload }, i) => {
    const key = registry(state).activeKey(keyIdOf(hasher, publicKeys[signer]!))!;
    const envelope = { hasher, height: i + 1, timestamp: TIME + 1_000 * (i + 1), signers: [key] };
    const decide = (json: Json): Decision => {
      if (kind === 'product') return decideProduct(state, envelope, value(parseProductPayload(json)));
      if (kind === 'party') return decideParty(state, envelope, value(parsePartyPayload(json)));
      return decideKey(state, envelope, value(parseKeyPayload(json)));
    };
    const decision = decide(payload);
    if (decision.outcome === 'accepted') applyChanges(state, decision.changes);
    const writes =
      decision.outcome === 'accepted' ? decision.changes.map(({ key, after }) => ({ key, after: after ?? null })) : [];
    const answer =
      decision.outcome === 'accepted' ? { changes: decision.receiptChanges } : { refusal: decision.refusal };
    return {
      kind,
      party: key.party,
      height: envelope.height,
      timestamp: envelope.timestamp,
      payload,
      outcome: decision.outcome,
      ...answer,
      writes,
    };
  });
  return { genesis: GENESIS, entries: Object.fromEntries(entries), transactions };
}

it('L9, L6.1: the golden vectors still hold', () => {
  const made = JSON.stringify(registryVectors(), undefined, 1) + '\n';
  if (process.env.CUSTOS_WRITE_VECTORS === '1') writeFileSync(FILE, made);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(made));
});
