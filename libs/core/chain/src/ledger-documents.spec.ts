import { canonicalBytes, utf8, type Json, type JsonObject } from '@custos/core-bytes';
import { referenceHasher as hasher, ZERO_DIGEST } from '@custos/core-crypto';
import { merkleRoot } from '@custos/core-merkle';
import {
  decodeReceipts,
  encodeReceipts,
  genesisJson,
  genesisOf,
  MAX_BLOCK_RECEIPTS,
  MAX_RECEIPTS_BYTES,
  networkIdOf,
  parseGenesis,
  receiptJson,
  receiptLeaf,
  receiptRoot,
  type Receipt,
} from './index.js';
import {
  BLOCK_0,
  GENESIS,
  GENESIS_DOCUMENT,
  GENESIS_TIME,
  NETWORK,
  refusalOf,
  SET,
  transaction,
} from './testing/samples.js';
import { MIN_RECEIPT_BYTES } from './limits.js';

const { id } = transaction();
const accepted: Receipt = {
  txId: id,
  eventIndex: 0,
  outcome: 'accepted',
  warnings: [{ code: 'REPEATED', units: ['unit/00/340123450000000018'], facts: { since: 1 } }, { code: 'LATE' }],
  changes: [{ keys: ['unit/01/04012345000016/21/1', 'unit/01/04012345000016/21/2'], set: { lifecycle: 'active' } }],
};
const refused: Receipt = {
  txId: id,
  eventIndex: 1,
  outcome: 'refused',
  code: 'ALREADY_DISPENSED',
  facts: { units: [{ unit: 'unit/01/04012345000016/21/1', at: 1_790_000_000_000 }] },
  warnings: [],
  changes: [],
};

describe('L5.2 receipts', () => {
  it('L5.2: round-trip as one canonical list', () => {
    const bytes = encodeReceipts([accepted, refused]);
    expect(decodeReceipts(bytes)).toEqual({ ok: true, value: [accepted, refused] });
    expect(bytes).toEqual(canonicalBytes([accepted, refused].map(receiptJson)));
    expect(decodeReceipts(encodeReceipts([]))).toEqual({ ok: true, value: [] });
  });

  it('L3.2: receiptRoot is over the canonical JSON of each', () => {
    expect(receiptRoot(hasher, [accepted, refused])).toBe(merkleRoot(hasher, [accepted, refused].map(receiptLeaf)));
    expect(receiptRoot(hasher, [])).toBe(merkleRoot(hasher, []));
  });

  it('L3.2: accepts as many of the shortest receipts as their bytes allow, and refuses one more', () => {
    const shortest: Receipt = { txId: id, eventIndex: 0, outcome: 'accepted', warnings: [], changes: [] };
    expect(receiptLeaf(shortest)).toHaveLength(MIN_RECEIPT_BYTES);
    const full = encodeReceipts(Array.from({ length: MAX_BLOCK_RECEIPTS }, () => shortest));
    expect(decodeReceipts(full)).toMatchObject({ ok: true, value: { length: MAX_BLOCK_RECEIPTS } });
    expect(full.length + MIN_RECEIPT_BYTES + 1).toBeGreaterThan(MAX_RECEIPTS_BYTES);
  });

  it.each([
    ['spaces', utf8('[ ]'), 'JSON_NOT_CANONICAL '],
    ['no list', utf8('{}'), 'LIST_EXPECTED '],
    ['too many bytes', new Uint8Array(MAX_RECEIPTS_BYTES + 1), 'RECEIPTS_TOO_LARGE @0'],
  ])('L4.6: refuses %s', (_name, bytes, refusal) => {
    expect(refusalOf(decodeReceipts(bytes))).toBe(refusal);
  });

  it.each<[string, JsonObject, string]>([
    ['a member more', { note: 'x' }, 'FIELD_UNKNOWN /0/note'],
    ['no id', { txId: 'x' }, 'DIGEST_INVALID /0/txId'],
    ['an event beyond the 500th', { eventIndex: 500 }, 'INTEGER_EXPECTED /0/eventIndex'],
    ['an acceptance with a code', { code: 'X' }, 'RECEIPT_INVALID /0'],
    ['an acceptance with facts', { facts: null }, 'RECEIPT_INVALID /0'],
    ['a third outcome', { outcome: 'perhaps' }, 'OUTCOME_UNKNOWN /0/outcome'],
    ['a refusal without a code', { outcome: 'refused', changes: [] }, 'TEXT_EXPECTED /0/code'],
    ['a refusal that changes', { outcome: 'refused', code: 'X' }, 'RECEIPT_INVALID /0'],
    ['no warnings', { warnings: undefined }, 'LIST_EXPECTED /0/warnings'],
    ['a change without keys', { changes: [{ set: {} }] }, 'LIST_EXPECTED /0/changes/0/keys'],
    ['a change that sets no object', { changes: [{ keys: ['a'], set: 1 }] }, 'OBJECT_EXPECTED /0/changes/0/set'],
    ['a key without a name', { changes: [{ keys: [''], set: {} }] }, 'TEXT_EXPECTED /0/changes/0/keys/0'],
  ])('L5.2: refuses %s', (_name, change, refusal) => {
    const list: Json = [{ ...receiptJson(accepted), ...change }];
    expect(refusalOf(decodeReceipts(canonicalBytes(list)))).toBe(refusal);
  });
});

describe('L3.4 genesis', () => {
  it('L3.4: spaces and order of members do not change the network id', () => {
    const pretty = JSON.stringify(Object.fromEntries(Object.entries(GENESIS_DOCUMENT).reverse()), undefined, 4);
    const answer = parseGenesis(utf8(pretty));
    expect(answer.ok && networkIdOf(hasher, answer.value)).toBe(NETWORK);
    expect(genesisJson(GENESIS)).toEqual({ ...GENESIS_DOCUMENT, products: undefined });
    const renamed = genesisOf({ ...GENESIS_DOCUMENT, name: 'other' });
    expect(renamed.ok && networkIdOf(hasher, renamed.value)).not.toBe(NETWORK);
  });

  it('L3.4: keeps products when given', () => {
    const products = [{ baseGtin: '04012345000016' }];
    const answer = genesisOf({ ...GENESIS_DOCUMENT, products });
    expect(answer.ok && answer.value.products).toEqual(products);
  });

  it('L3.4: block 0 follows from the document and the state', () => {
    const empty = merkleRoot(hasher, []);
    expect(BLOCK_0.header).toMatchObject({
      networkId: NETWORK,
      epoch: 0,
      view: 0,
      height: 0,
      parentView: 0,
      proposer: 0,
      previousHash: ZERO_DIGEST,
      transactionRoot: empty,
      receiptRoot: empty,
      historyRoot: empty,
      timestamp: GENESIS_TIME,
      nextValidatorsHash: SET.hash,
    });
  });

  it.each<[string, JsonObject, string]>([
    ['an unknown member', { limits: {} }, 'FIELD_UNKNOWN /limits'],
    ['an unknown parameter', { parameters: { epochLength: 0, t0: 1, t1: 1 } }, 'FIELD_UNKNOWN /parameters/t1'],
    ['a timer of nothing', { parameters: { epochLength: 0, t0: 0 } }, 'INTEGER_EXPECTED /parameters/t0'],
    ['no time', { time: undefined }, 'INTEGER_EXPECTED /time'],
    ['a time before 1970', { time: -1 }, 'INTEGER_EXPECTED /time'],
    ['a name that no lane can have', { name: 'Sample' }, 'NAME_INVALID /name'],
    ['a name that begins with a digit', { name: '1st' }, 'NAME_INVALID /name'],
    ['a country by name', { countries: { Germany: 'EU' } }, 'COUNTRY_INVALID /countries/Germany'],
    ['a country without a rule set', { countries: { DE: 1 } }, 'TEXT_EXPECTED /countries/DE'],
    ['rule sets in a list', { ruleSets: [] }, 'OBJECT_EXPECTED /ruleSets'],
    ['no validators', { validators: [] }, 'VALIDATORS_INVALID /validators'],
    ['no parties', { parties: undefined }, 'LIST_EXPECTED /parties'],
    ['keys that are no list', { keys: {} }, 'LIST_EXPECTED /keys'],
  ])('L3.4: refuses %s', (_name, change, refusal) => {
    expect(refusalOf(genesisOf({ ...GENESIS_DOCUMENT, ...change }))).toBe(refusal);
  });

  it('L3.4: refuses text that is no genesis document', () => {
    expect(refusalOf(parseGenesis(utf8('{')))).toBe('JSON_INVALID ');
    expect(refusalOf(parseGenesis(utf8('[]')))).toBe('OBJECT_EXPECTED ');
  });
});
