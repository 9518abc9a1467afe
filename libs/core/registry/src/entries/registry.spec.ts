import { canonicalJson, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { keyIdOf, referenceHasher as hasher, referencePublicKey, type KeyId } from '@custos/core-crypto';
import fc from 'fast-check';
import {
  agentOf,
  decideKey,
  decideParty,
  decideProduct,
  EU_RULE_SET,
  hasLicence,
  isCmoOf,
  keyKey,
  LICENCE_KINDS,
  parseKeyPayload,
  parsePartyPayload,
  parseProductPayload,
  REGISTRY_REFUSALS,
  registry,
  registryGenesis,
  ROLES,
  type RegistryEnvelope,
  type RegistryGenesis,
} from '../index.js';
import { applyChanges, mapView, overlay, type Decision, type Overlay, type StateView } from '@custos/core-state';

const MAKER = '4012345000009';
const TRADER = '4023456000000';
const AUTHORITY = '4045678000002';
const PACK = '04012345000016';
const CASE = '14012345000013';
const TIME = 1_760_000_000_000;

const keyOfParty = (n: number) => referencePublicKey(new Uint8Array(32).fill(n));
const keyId = (n: number): KeyId => keyIdOf(hasher, keyOfParty(n));

const GENESIS: RegistryGenesis = {
  time: TIME,
  countries: { DE: 'EU', US: 'US' },
  ruleSets: { US: { transactionStatementRequired: true, possessorAtDispensing: 'refuse' } },
  parties: [
    {
      gln: MAKER,
      name: 'Alpenrose Pharma',
      country: 'DE',
      roles: ['manufacturer'],
      licences: [{ kind: 'manufacturing', validFrom: 0, validTo: TIME + 1_000 }],
      prefixes: ['4012345'],
      locations: [{ gln: '4012345000016', country: 'DE', name: 'Werk' }],
      agents: [{ gln: TRADER, mandate: true, validFrom: TIME }],
    },
    { gln: TRADER, name: 'Nordlicht', country: 'DE', roles: ['distributor'], prefixes: ['4023456'] },
    { gln: AUTHORITY, name: 'Bundesstelle', country: 'DE', roles: ['regulator'] },
  ],
  keys: [MAKER, TRADER, AUTHORITY].map((party, i) => ({ party, publicKey: keyOfParty(i + 1) })),
  products: [{ gtin: '04023456000017', owner: MAKER, name: 'Eigenmarke' }],
};

function value<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

const genesisView = (): Overlay => overlay(mapView(value(registryGenesis(hasher, GENESIS))));

function envelope(state: StateView, ...signers: readonly number[]): RegistryEnvelope {
  const keys = signers.map((n) => registry(state).activeKey(keyId(n))!);
  return { hasher, height: 7, timestamp: TIME + 500, signers: keys };
}

function settle(state: Overlay, decision: Decision): string {
  if (decision.outcome === 'refused') {
    const { code, facts } = decision.refusal;
    expect(Object.keys(facts).every((fact) => REGISTRY_REFUSALS[code as 'NOT_YET'].facts.includes(fact))).toBe(true);
    return code;
  }
  applyChanges(state, decision.changes);
  return 'accepted';
}

const product = (state: Overlay, signer: number, payload: Json, at = TIME + 500): string =>
  settle(
    state,
    decideProduct(state, { ...envelope(state, signer), timestamp: at }, value(parseProductPayload(payload))),
  );
const party = (state: Overlay, signer: number, payload: Json): string =>
  settle(state, decideParty(state, envelope(state, signer), value(parsePartyPayload(payload))));
const key = (state: Overlay, signer: number, payload: Json): string =>
  settle(state, decideKey(state, envelope(state, signer), value(parseKeyPayload(payload))));

const REGISTER = {
  op: 'register',
  gtin: PACK,
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [{ gtin: CASE, name: 'case', packs: 4 }],
  markets: ['FR', 'DE'],
  cmos: [{ gln: TRADER, validFrom: TIME }],
  content: { amount: 20, uom: 'unit' },
  nationalNumbers: [{ country: 'DE', number: '01234567' }],
  coveredFrom: '2019-02-09',
};

describe('the registry after genesis', () => {
  const state = genesisView();
  const known = registry(state);

  it('L6.1: knows parties, places, prefixes and keys', () => {
    expect(known.party(MAKER)).toMatchObject({ name: 'Alpenrose Pharma', roles: ['manufacturer'] });
    expect(known.location(MAKER)).toMatchObject({ party: MAKER, country: 'DE' });
    expect(known.location('4012345000016')).toEqual({
      gln: '4012345000016',
      party: MAKER,
      country: 'DE',
      name: 'Werk',
    });
    expect(known.ssccOwner('340123450000000017')).toBe(MAKER);
    expect(known.gtinOwner(PACK)).toBe(MAKER);
    expect(known.gtinOwner('04000000000013')).toBeUndefined();
    expect(known.activeKey(keyId(2))).toMatchObject({ party: TRADER, enrolled: 0 });
    expect(known.activeKey(keyId(9))).toBeUndefined();
  });

  it('C1: a grant wins over the prefix', () => {
    expect(known.gtinOwner('04023456000017')).toBe(MAKER);
    expect(known.product('04023456000017', TIME)).toMatchObject({ owner: MAKER, name: 'Eigenmarke', version: 1 });
  });

  it('M3: a country follows its rule set, any other the EU', () => {
    expect(known.ruleSet('DE')).toEqual(EU_RULE_SET);
    expect(known.ruleSet('US')).toEqual({
      ...EU_RULE_SET,
      transactionStatementRequired: true,
      possessorAtDispensing: 'refuse',
    });
    expect(known.ruleSet('ZZ')).toEqual(EU_RULE_SET);
    expect(known.ruleSet('constructor')).toEqual(EU_RULE_SET);
  });

  it('a licence or agent is valid from validFrom on and before validTo', () => {
    const maker = known.party(MAKER)!;
    expect(hasLicence(maker, 'manufacturing', TIME + 999)).toBe(true);
    expect(hasLicence(maker, 'manufacturing', TIME + 1_000)).toBe(false);
    expect(agentOf(maker, TRADER, TIME - 1)).toBeUndefined();
    expect(agentOf(maker, TRADER, TIME)).toMatchObject({ mandate: true });
  });

  it.each([
    [
      'a wrong check digit',
      { parties: [{ gln: '4012345000008', name: 'x', country: 'DE', roles: [] }] },
      '/parties/0/gln',
    ],
    ['a party twice', { parties: [...GENESIS.parties, GENESIS.parties[1]!] }, '/parties/3/gln'],
    ['an unknown agent', { parties: [GENESIS.parties[0]!], keys: [], products: [] }, '/parties/0/agents'],
    ['a key of an unknown party', { keys: [{ party: '4034567000001', publicKey: keyOfParty(4) }] }, '/keys/0/party'],
    ['a key twice', { keys: [GENESIS.keys[0]!, GENESIS.keys[0]!] }, '/keys/1/publicKey'],
    ['an unknown role', { parties: [{ gln: MAKER, name: 'x', country: 'DE', roles: ['king'] }] }, '/parties/0/roles/0'],
    ['an unknown rule set', { countries: { DE: 'DE' } }, '/countries/DE'],
    ['a misspelt member', { ruleSets: { US: { partial: true } } }, '/ruleSets/US/partial'],
    ['a product twice', { products: [GENESIS.products[0]!, GENESIS.products[0]!] }, '/products/1/levels'],
  ])('L3.4: genesis with %s is refused', (_name, change, field) => {
    expect(registryGenesis(hasher, { ...GENESIS, ...change })).toMatchObject({ ok: false, malformed: { field } });
  });
});

describe('product', () => {
  it('L2.6: registers all levels of a product, versioned and effective-dated', () => {
    const state = genesisView();
    expect(product(state, 1, REGISTER)).toBe('accepted');
    const found = registry(state).product(CASE, TIME + 500)!;
    expect(found).toMatchObject({ gtin: PACK, owner: MAKER, version: 1, markets: ['DE', 'FR'], withdrawn: {} });
    expect(found.levels.map((level) => level.gtin)).toEqual([PACK, CASE]);
    expect(isCmoOf(found, TRADER, TIME)).toBe(true);
    expect(isCmoOf(found, TRADER, TIME - 1)).toBe(false);

    const revision = { ...REGISTER, op: 'revise', name: 'Pyrenol forte', effectiveFrom: TIME + 900 };
    expect(product(state, 1, revision)).toBe('accepted');
    expect(registry(state).product(PACK, TIME + 899)!.name).toBe(REGISTER.name);
    expect(registry(state).product(PACK, TIME + 900)).toMatchObject({ name: 'Pyrenol forte', version: 2 });
  });

  it('drops superseded versions, so that a leaf never grows', () => {
    const state = genesisView();
    product(state, 1, REGISTER);
    for (let i = 1; i <= 20; i++)
      expect(product(state, 1, { ...REGISTER, op: 'revise' }, TIME + 500 + i)).toBe('accepted');
    expect((state.get(`product/${PACK}`)!.private!.versions as Json[]).length).toBe(2);
    for (let i = 0; i < 2; i++) product(state, 1, { ...REGISTER, op: 'revise', effectiveFrom: TIME + 9_000 + i });
    expect(product(state, 1, { ...REGISTER, op: 'revise', effectiveFrom: TIME + 9_900 })).toBe('TOO_MANY_VERSIONS');
  });

  it.each<[string, number, Json]>([
    ['GTIN_NOT_OWNED', 2, REGISTER],
    ['GTIN_NOT_OWNED', 1, { ...REGISTER, levels: [{ gtin: '04000000000013', name: 'case', packs: 2 }] }],
    ['GTIN_TAKEN', 1, { ...REGISTER, gtin: '04012345000023' }],
    ['PRODUCT_EXISTS', 1, REGISTER],
    ['PARTY_UNKNOWN', 1, { ...REGISTER, op: 'revise', cmos: [{ gln: '4034567000001', validFrom: 0 }] }],
    ['PRODUCT_UNKNOWN', 1, { ...REGISTER, op: 'revise', gtin: '04012345000023' }],
    ['LEVEL_REMOVED', 1, { ...REGISTER, op: 'revise', levels: [] }],
    ['EFFECTIVE_FROM_TOO_EARLY', 1, { ...REGISTER, op: 'revise', effectiveFrom: TIME }],
    ['PRODUCT_UNKNOWN', 1, { op: 'withdraw', gtin: '04012345000023', market: 'DE' }],
    ['ROLE_MAY_NOT', 2, { op: 'withdraw', gtin: PACK, market: 'DE' }],
    ['GTIN_NOT_OWNED', 2, { op: 'grant', gtin: PACK, to: TRADER }],
    ['ALREADY_GRANTED', 1, { op: 'grant', gtin: PACK, to: MAKER }],
    ['PARTY_UNKNOWN', 1, { op: 'grant', gtin: PACK, to: '4034567000001' }],
  ])('refuses %s and changes nothing', (code, signer, payload) => {
    const state = genesisView();
    if (code !== 'GTIN_NOT_OWNED' || (payload as JsonObject).op !== 'register') product(state, 1, REGISTER);
    const before = canonicalJson(state.changes() as unknown as Json);
    expect(product(state, signer, payload)).toBe(code);
    expect(canonicalJson(state.changes() as unknown as Json)).toBe(before);
  });

  it('L5.7, L6.4: refuses TOO_LARGE a product that does not fit beside its leaf', () => {
    const state = genesisView();
    product(state, 1, REGISTER);
    const outcomes = [1, 2, 3].map((n) =>
      product(state, 1, { ...REGISTER, op: 'revise', ...longest(), effectiveFrom: TIME + 900 + n }),
    );
    expect(outcomes).toEqual(['accepted', 'TOO_LARGE', 'TOO_LARGE']);
  });

  it('C20: is withdrawn once per market, by the owner or a regulator', () => {
    const state = genesisView();
    product(state, 1, REGISTER);
    expect(product(state, 3, { op: 'withdraw', gtin: PACK, market: 'DE' })).toBe('accepted');
    expect(product(state, 1, { op: 'withdraw', gtin: PACK, market: 'DE' })).toBe('ALREADY_WITHDRAWN');
    expect(product(state, 1, { op: 'withdraw', gtin: PACK, market: 'FR' })).toBe('accepted');
    expect(registry(state).product(CASE, TIME)!.withdrawn).toEqual({ DE: TIME + 500, FR: TIME + 500 });
  });

  it('C1: the grant of a GTIN changes the owner of its product', () => {
    const state = genesisView();
    product(state, 1, REGISTER);
    expect(product(state, 1, { op: 'grant', gtin: PACK, to: TRADER })).toBe('accepted');
    expect(registry(state).product(CASE, TIME)!.owner).toBe(TRADER);
    expect(product(state, 1, { op: 'grant', gtin: PACK, to: TRADER })).toBe('GTIN_NOT_OWNED');
  });

  it('refuses keys of two parties', () => {
    const state = genesisView();
    const both = decideProduct(state, envelope(state, 1, 2), value(parseProductPayload(REGISTER)));
    expect(both).toMatchObject({ outcome: 'refused', refusal: { code: 'SIGNERS_DIFFER' } });
  });
});

// Each member is within its limit, but the whole exceeds its limit.
function longest(): JsonObject {
  const nationalNumbers = Array.from({ length: 60 }, () => ({ country: 'DE', number: '9'.repeat(32) }));
  const levels = [CASE, '24012345000010', '34012345000017'].map((gtin) => ({ gtin, name: 'x'.repeat(160), packs: 2 }));
  return { nationalNumbers, levels, name: 'é'.repeat(160), markets: countries(250) };
}

function countries(count: number): readonly string[] {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  return Array.from({ length: count }, (_, i) => letters[i % 26]! + letters[(i / 26) | 0]!);
}

describe('party and key', () => {
  it('a party adds and removes its places', () => {
    const state = genesisView();
    expect(party(state, 1, { op: 'locations', add: [{ gln: '4012345000023', country: 'FR' }] })).toBe('accepted');
    expect(registry(state).location('4012345000023')).toEqual({ gln: '4012345000023', party: MAKER, country: 'FR' });
    expect(party(state, 1, { op: 'locations', remove: ['4012345000023', '4012345000016'] })).toBe('accepted');
    expect(registry(state).location('4012345000016')).toBeUndefined();
  });

  it.each<[string, Json]>([
    ['GLN_NOT_OWNED', { op: 'locations', add: [{ gln: '4023456000017', country: 'DE' }] }],
    ['GLN_TAKEN', { op: 'locations', add: [{ gln: TRADER, country: 'DE' }] }],
    ['LOCATION_IS_PARTY', { op: 'locations', add: [{ gln: MAKER, country: 'FR' }] }],
    ['LOCATION_IS_PARTY', { op: 'locations', remove: [MAKER] }],
    ['LOCATION_UNKNOWN', { op: 'locations', remove: [TRADER] }],
    ['PARTY_UNKNOWN', { op: 'agents', agents: [{ gln: '4034567000001', mandate: false, validFrom: 0 }] }],
    ['NOT_YET', { op: 'register' }],
    ['NOT_YET', { op: 'roles', party: MAKER }],
    ['NOT_YET', { op: 'licences' }],
    ['NOT_YET', { op: 'prefixes' }],
  ])('refuses %s and changes nothing', (code, payload) => {
    const state = genesisView();
    expect(party(state, 1, payload)).toBe(code);
    expect(state.changes()).toEqual([]);
  });

  it('a party replaces its list of agents', () => {
    const state = genesisView();
    expect(party(state, 1, { op: 'agents', agents: [] })).toBe('accepted');
    expect(agentOf(registry(state).party(MAKER)!, TRADER, TIME)).toBeUndefined();
  });

  it('L2.7: a revoked key signs no more, and its history stays', () => {
    const state = genesisView();
    expect(key(state, 2, { op: 'revoke', keyId: keyId(1) })).toBe('KEY_UNKNOWN');
    expect(key(state, 1, { op: 'revoke', keyId: keyId(1), suspectSince: TIME })).toBe('accepted');
    expect(registry(state).activeKey(keyId(1))).toBeUndefined();
    expect(registry(state).keyRecord(keyId(1))).toMatchObject({ enrolled: 0, revoked: 7, suspectSince: TIME });
    const maker = { ...envelope(state, 2), signers: [registry(state).keyRecord(keyId(1))!] };
    const again = decideKey(state, maker, { op: 'revoke', keyId: keyId(1) });
    expect(again).toMatchObject({ refusal: { code: 'KEY_REVOKED', facts: { revoked: 7 } } });
    expect(state.get(keyKey(keyId(1)))).toBeDefined();
  });

  it('a key is not enrolled without a verified proof', () => {
    const state = genesisView();
    expect(key(state, 1, { op: 'enrol', publicKey: keyOfParty(9) })).toBe('NOT_YET');
    expect(key(state, 1, { op: 'rotate' })).toBe('NOT_YET');
    expect(state.changes()).toEqual([]);
  });
});

describe('payload parsers', () => {
  it.each<[string, (json: Json) => Parsed<unknown>, Json]>([
    ['', parseProductPayload, []],
    ['/op', parseProductPayload, {}],
    ['/op', parseProductPayload, { op: 'constructor' }],
    ['/gtin', parseProductPayload, { ...REGISTER, gtin: '04012345000017' }],
    ['/gtin', parseProductPayload, { ...REGISTER, gtin: 4012345000016 }],
    ['/name', parseProductPayload, { ...REGISTER, name: '' }],
    ['/name', parseProductPayload, { ...REGISTER, name: 'x'.repeat(161) }],
    ['/levels/0/packs', parseProductPayload, { ...REGISTER, levels: [{ gtin: CASE, name: 'case', packs: 0.5 }] }],
    ['/levels', parseProductPayload, { ...REGISTER, levels: [{ gtin: PACK, name: 'case', packs: 1 }] }],
    ['/markets/1', parseProductPayload, { ...REGISTER, markets: ['DE', 'de'] }],
    ['/markets', parseProductPayload, { ...REGISTER, markets: ['DE', 'DE'] }],
    ['/cmos/0/validTo', parseProductPayload, { ...REGISTER, cmos: [{ gln: TRADER, validFrom: 5, validTo: 5 }] }],
    ['/content/amount', parseProductPayload, { ...REGISTER, content: { amount: 2.5, uom: 'ml' } }],
    ['/coveredFrom', parseProductPayload, { ...REGISTER, coveredFrom: '2019-02-30' }],
    ['/coveredFrom', parseProductPayload, { ...REGISTER, coveredFrom: '2019-2-09x' }],
    ['/effectiveFrom', parseProductPayload, { ...REGISTER, effectiveFrom: 1 }],
    ['/x~1y', parseProductPayload, { ...REGISTER, 'x/y': 1 }],
    ['/market', parseProductPayload, { op: 'withdraw', gtin: PACK }],
    ['/add', parsePartyPayload, { op: 'locations', add: [{ gln: TRADER, country: 'DE' }], remove: [TRADER] }],
    ['/agents/0/mandate', parsePartyPayload, { op: 'agents', agents: [{ gln: TRADER, validFrom: 0 }] }],
    ['/keyId', parseKeyPayload, { op: 'revoke', keyId: 'AB' }],
  ])('point at %j', (field, parse, payload) => {
    expect(parse(payload)).toMatchObject({ ok: false, malformed: { field } });
  });

  it('answer any JSON without throwing', () => {
    const garbage = fc.oneof(
      fc.jsonValue(),
      fc.record({ op: fc.constantFrom('register', 'locations', 'revoke', 'agents'), gtin: fc.jsonValue() }),
      fc
        .dictionary(fc.constantFrom(...Object.keys(REGISTER)), fc.jsonValue())
        .map((some) => ({ ...REGISTER, ...some })),
    );
    fc.assert(
      fc.property(garbage, (json) => {
        for (const parse of [parseProductPayload, parsePartyPayload, parseKeyPayload]) {
          expect(typeof parse(json as Json).ok).toBe('boolean');
        }
        const genesis = { ...GENESIS, parties: [json as Json], ruleSets: json as Json };
        expect(typeof registryGenesis(hasher, genesis).ok).toBe('boolean');
      }),
    );
  });
});

it('lists each role and licence once', () => {
  expect(new Set(ROLES).size).toBe(ROLES.length);
  expect(new Set(LICENCE_KINDS).size).toBe(LICENCE_KINDS.length);
});
