import { canonicalJson, type Json, type JsonObject } from '@custos/core-bytes';
import {
  encodeReceipts,
  KIND,
  MAX_EVENTS,
  MAX_RECEIPTS_BYTES,
  type Receipt,
  type Transaction,
} from '@custos/core-chain';
import { referenceHasher as hasher } from '@custos/core-crypto';
import { REFUSALS as CUSTODY_REFUSALS } from '@custos/core-custody';
import type { Context, EpcisEvent } from '@custos/core-epcis';
import { EMPTY_TREE, StateTree } from '@custos/core-merkle';
import { REGISTRY_REFUSALS } from '@custos/core-registry';
import { mapView, overlay, type RefusalRow, type Decision, type Entry, type StateView } from '@custos/core-state';
import fc from 'fast-check';
import { isIn } from './budget.js';
import {
  entryWrites,
  execute,
  genesisEntries,
  KINDS,
  MAX_TRANSACTION_CHANGES,
  MAX_TRANSACTION_READS,
  REFUSALS,
  startExecution,
  stateWrites,
  type Execution,
} from './index.js';
import { captureRunner, type CaptureLaw } from './run-capture.js';
import {
  AUTHORITY,
  captureParts,
  GENESIS,
  keyIdOfParty,
  MAKER,
  must,
  NETWORK_ID,
  signed,
  SmallNetwork,
  START,
  TRADER,
} from './testing/small-network.js';

const REGISTER = { op: 'register', gtin: '04012345000016', name: 'Pyrenol' };

// A law of three operations that shows budgets and roll-back alone: an event reads, writes or refuses.
interface Act {
  readonly read?: number;
  readonly write?: { readonly [key: string]: number };
  readonly say?: string;
  readonly refuse?: string;
}
const reading: Pick<CaptureLaw, 'parseContext' | 'parseEvent'> = {
  parseContext: () => ({ ok: true, value: { prefixes: new Map() } as Context }),
  parseEvent: (event) =>
    (event as JsonObject).broken
      ? { ok: false, malformed: { code: 'BROKEN', field: '/broken', fix: 'leave it out' } }
      : { ok: true, value: event as unknown as EpcisEvent },
};
const smallLaw = captureRunner({
  ...reading,
  decide(view, _envelope, event) {
    const { read = 0, write = {}, refuse, say = '' } = event as unknown as Act;
    for (let i = 0; i < read; i++) view.get(`unit/${i}`);
    const written = overlay(view);
    for (const [key, n] of Object.entries(write)) written.set(key, { value: { n } });
    if (refuse !== undefined) return { outcome: 'refused', refusal: { code: refuse, facts: {} } };
    const receiptChanges = [{ keys: Object.keys(write), set: { say } }];
    return { outcome: 'accepted', changes: written.changes(), warnings: [], receiptChanges };
  },
});
const SMALL_KINDS = { ...KINDS, 1: { ...KINDS[1], run: smallLaw } };

const genesisState = (): ReadonlyMap<string, Entry> => must(genesisEntries(hasher, GENESIS));

function small(state: StateView = mapView(genesisState())): Execution {
  return startExecution(state, { height: 1, timestamp: START + 1_000 }, hasher, NETWORK_ID, SMALL_KINDS);
}

const acts = (events: readonly Act[], onError = 'proceed', at = START): Transaction =>
  signed('capture', MAKER, at, captureParts(events as unknown as Json[], { onError }));

function runSmall(events: readonly Act[], onError = 'proceed') {
  const execution = small();
  expect(execution.tryTransaction(acts(events, onError))).toBe('included');
  const { changes, receipts } = execution.finish();
  return { codes: receipts.map(({ code }) => code ?? 'accepted'), keys: changes.map(({ key }) => key), receipts };
}

describe('kinds', () => {
  it('own disjoint parts of the state', () => {
    const spaces = Object.values(KINDS).flatMap(({ owns }) => owns);
    for (const [i, one] of spaces.entries()) {
      for (const other of spaces.slice(i + 1)) expect([isIn(one, other), isIn(other, one)]).toEqual([false, false]);
    }
  });

  it('L6.1: every key of genesis has its kind', () => {
    const spaces = Object.values(KINDS).flatMap(({ owns }) => owns);
    for (const key of genesisState().keys()) expect(spaces.filter((space) => isIn(space, key))).toHaveLength(1);
  });

  it('a write outside the keys of a kind stops the validator', () => {
    expect(() => runSmall([{ write: { 'party/4012345000009': 1 } }])).toThrow('may not write');
    expect(() => runSmall([{ write: { validators: 1 } }])).toThrow('may not write');
  });

  it.each(Object.entries(KIND).slice(4))('L2.6: %s is answered with a receipt, and changes nothing', (name) => {
    const network = new SmallNetwork();
    const before = network.stateRoot();
    const [receipt] = network.do(name as 'rule', AUTHORITY, [{}]);
    expect(receipt!.code).toBe(name === 'rule' || name === 'record' ? 'KIND_NOT_ACTIVE' : 'NOT_YET');
    expect(network.stateRoot()).toBe(before);
  });

  it('every code of this room has a row in the catalogue', () => {
    for (const code of ['MALFORMED_PAYLOAD', 'MALFORMED_EVENT', 'ROLLED_BACK', 'TOO_MUCH_WORK', 'KIND_NOT_ACTIVE'])
      expect(REFUSALS[code]).toBeDefined();
    for (const [code, row] of Object.entries({ ...REGISTRY_REFUSALS, ...CUSTODY_REFUSALS })) {
      const { facts, class: rowClass, alert } = REFUSALS[code]!;
      expect({ code, rowClass, alert }).toEqual({ code, rowClass: row.class, alert: row.alert });
      expect(facts).toEqual(expect.arrayContaining([...row.facts]));
    }
    for (const code of Object.keys(REGISTRY_REFUSALS) as (keyof typeof REGISTRY_REFUSALS)[]) {
      const told = (CUSTODY_REFUSALS as Partial<Record<string, RefusalRow>>)[code] ?? REGISTRY_REFUSALS[code];
      expect({ code, class: told.class }).toEqual({ code, class: REGISTRY_REFUSALS[code].class });
    }
  });
});

it('L3.4: a validator is run by a party of genesis', () => {
  const validators = [{ ...GENESIS.validators[0]!, gln: '0000000000000' }];
  const field = '/validators/0/gln';
  expect(genesisEntries(hasher, { ...GENESIS, validators })).toMatchObject({ ok: false, malformed: { field } });
});

describe('a product', () => {
  it('L2.6: is registered by its owner, once', () => {
    const network = new SmallNetwork();
    expect(network.do('product', MAKER, [REGISTER])).toMatchObject([
      { outcome: 'accepted', eventIndex: 0, changes: [{ keys: ['product/04012345000016'], set: { owner: MAKER } }] },
    ]);
    const root = network.stateRoot();
    expect(network.do('product', MAKER, [REGISTER])).toMatchObject([{ code: 'PRODUCT_EXISTS' }]);
    expect(network.do('product', TRADER, [REGISTER])).toMatchObject([{ outcome: 'refused' }]);
    const broken = network.do('product', MAKER, [{ ...REGISTER, gtin: '04012345000017' }]);
    expect(broken).toMatchObject([{ code: 'MALFORMED_PAYLOAD', facts: { field: '/gtin', rule: 'CHECK_DIGIT_WRONG' } }]);
    expect(network.stateRoot()).toBe(root);
  });
});

describe('block-invalid (L5.1)', () => {
  const one = signed('product', MAKER, START, [REGISTER]);
  const invalid = (...transactions: readonly Transaction[]) => {
    const block = { height: 1, timestamp: START + 1_000, transactions };
    return execute(mapView(genesisState()), block, hasher, NETWORK_ID);
  };

  it.each<[string, string, readonly Transaction[]]>([
    ['TRANSACTION_REPEATED', '/transactions/1', [one, one]],
    ['OUTSIDE_WINDOW', '/transactions/0/expiresAt', [signed('product', MAKER, START - 10, [REGISTER], 5)]],
    ['OUTSIDE_WINDOW', '/transactions/0/expiresAt', [signed('product', MAKER, START + 122_000, [REGISTER])]],
    ['KEY_UNKNOWN', '/transactions/0/keyIds/0', [signed('product', '0000000000000', START, [REGISTER])]],
  ])('%s at %s', (code, field, transactions) => {
    expect(invalid(...transactions)).toMatchObject({ ok: false, malformed: { code, field } });
  });

  it('L2.5: the window is closed at both ends', () => {
    for (const at of [START + 121_000, START + 1_000 - 600_000]) {
      expect(invalid(signed('product', MAKER, at, [REGISTER]))).toMatchObject({ ok: true });
    }
  });

  it('L2.7: refuses a key after its revocation in the same block, and a leader leaves its transaction out', () => {
    const revoke = signed('key', MAKER, START, [{ op: 'revoke', keyId: keyIdOfParty(MAKER) }]);
    expect(invalid(one, revoke)).toMatchObject({ ok: true });
    expect(invalid(revoke, one)).toMatchObject({ ok: false, malformed: { code: 'KEY_UNKNOWN' } });
    const leader = startExecution(mapView(genesisState()), { height: 1, timestamp: START }, hasher, NETWORK_ID);
    expect(leader.tryTransaction(revoke)).toBe('included');
    expect(leader.tryTransaction(one)).toMatchObject({ code: 'KEY_UNKNOWN' });
    expect(leader.finish().receipts).toHaveLength(1);
  });
});

describe('capture', () => {
  it('L5.3: rollback gives all other events ROLLED_BACK and changes nothing', () => {
    const { codes, keys, receipts } = runSmall(
      [{ write: { 'unit/a': 1 } }, { refuse: 'NO', write: { 'unit/b': 1 } }, { write: { 'unit/c': 1 } }],
      'rollback',
    );
    expect(codes).toEqual(['ROLLED_BACK', 'NO', 'ROLLED_BACK']);
    expect(receipts.map(({ eventIndex }) => eventIndex)).toEqual([0, 1, 2]);
    expect(receipts[2]!.facts).toEqual({ failed: 1 });
    expect(keys).toEqual([]);
  });

  it('L5.3: proceed drops the refused event alone', () => {
    const { codes, keys } = runSmall([
      { write: { 'unit/a': 1 } },
      { refuse: 'NO', write: { 'unit/b': 1 } },
      { write: { 'unit/c': 1 } },
    ]);
    expect(codes).toEqual(['accepted', 'NO', 'accepted']);
    expect(keys).toEqual(['unit/a', 'unit/c']);
  });

  it('L5.1: an event that does not parse is a receipt with a pointer', () => {
    const { receipts } = runSmall([{ broken: true } as Act, { write: { 'unit/a': 1 } }]);
    expect(receipts).toMatchObject([
      { code: 'MALFORMED_EVENT', facts: { field: '/broken', fix: 'leave it out' } },
      { outcome: 'accepted' },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['/onError', { onError: 'hope' }],
    ['/salt', { salt: 'ab' }],
    ['/salt', { salt: 7 }],
    ['/header', { header: [] }],
    ['/extra', { extra: 1 }],
  ])('L2.6: part 0 with a wrong %s refuses every event', (field, head) => {
    const execution = small();
    const transaction = signed('capture', MAKER, START, captureParts([{}, {}], head));
    expect(execution.tryTransaction(transaction)).toBe('included');
    expect(execution.finish().receipts).toMatchObject([
      { eventIndex: 0, code: 'MALFORMED_PAYLOAD', facts: { field } },
      { eventIndex: 1, code: 'MALFORMED_PAYLOAD', facts: { field } },
    ]);
  });

  it('cuts a long name of a sender in a receipt, between characters', () => {
    const execution = small();
    const head = { ['x'.repeat(198) + '😀'.repeat(9_000)]: 1 };
    const events = Array.from({ length: MAX_EVENTS }, () => ({}));
    expect(execution.tryTransaction(signed('capture', MAKER, START, captureParts(events, head)))).toBe('included');
    const { receipts } = execution.finish();
    expect(receipts[0]!.facts).toMatchObject({ rule: 'FIELD_UNKNOWN', field: `/${'x'.repeat(198)}` });
    expect(encodeReceipts(receipts).length).toBeLessThan(300_000);
  });
});

const writesOf = (count: number, name: string): Act => ({
  write: Object.fromEntries(Array.from({ length: count }, (_, i) => [`unit/${name}${i}`, 1])),
});

describe('budgets (L5.5)', () => {
  it('reads: the event over the limit and all later ones are TOO_MUCH_WORK', () => {
    const { codes } = runSmall([{ read: MAX_TRANSACTION_READS }, { read: 1 }, {}]);
    expect(codes).toEqual(['accepted', 'TOO_MUCH_WORK', 'TOO_MUCH_WORK']);
  });

  it('reads of refused events count', () => {
    const { codes } = runSmall([{ read: MAX_TRANSACTION_READS, refuse: 'NO' }, { read: 1 }]);
    expect(codes).toEqual(['NO', 'TOO_MUCH_WORK']);
  });

  it('changes: an event over the limit changes nothing', () => {
    const { codes, keys } = runSmall([writesOf(MAX_TRANSACTION_CHANGES - 1, 'a'), writesOf(2, 'b'), writesOf(1, 'c')]);
    expect(codes).toEqual(['accepted', 'TOO_MUCH_WORK', 'TOO_MUCH_WORK']);
    expect(keys).toHaveLength(MAX_TRANSACTION_CHANGES - 1);
  });

  it('a block holds one transaction that uses its whole budget, and is then full', () => {
    const execution = small();
    const most = writesOf(MAX_TRANSACTION_CHANGES, 'a');
    expect(execution.tryTransaction(acts([most]))).toBe('included');
    expect(execution.tryTransaction(acts([writesOf(1, 'b')], 'proceed', START + 1))).toBe('full');
    expect(execution.tryTransaction(acts([{}], 'proceed', START + 2))).toBe('included');
    const { changes, receipts } = execution.finish();
    expect(changes).toHaveLength(MAX_TRANSACTION_CHANGES);
    expect(receipts).toHaveLength(2);
  });

  it('a block allows 60,000 reads', () => {
    const execution = small();
    const outcomes = [0, 1, 2].map((i) => execution.tryTransaction(acts([{ read: 24_000 }], 'proceed', START + i)));
    expect(outcomes).toEqual(['included', 'included', 'full']);
  });

  it.each<[string, Decision]>([
    ['accepted', accepting('y'.repeat(100_000))],
    ['refused', { outcome: 'refused', refusal: { code: 'NO', facts: { text: 'y'.repeat(100_000) } } }],
  ])('the receipts of one transaction, all %s, fit an empty block', (_name, decision) => {
    const run = captureRunner({ ...reading, decide: () => decision });
    const block = { height: 1, timestamp: START };
    const kinds = { ...KINDS, 1: { ...KINDS[1], run } };
    const execution = startExecution(mapView(genesisState()), block, hasher, NETWORK_ID, kinds);
    expect(execution.tryTransaction(acts(Array.from({ length: MAX_EVENTS }, () => ({}))))).toBe('included');
    const { receipts } = execution.finish();
    expect(encodeReceipts(receipts).length).toBeLessThan(MAX_RECEIPTS_BYTES);
    const stopped = receipts.filter(({ code }) => code === 'TOO_MUCH_WORK');
    expect(receipts.slice(6)).toEqual(stopped);
  });
});

function accepting(text: string): Decision {
  return { outcome: 'accepted', changes: [], warnings: [], receiptChanges: [{ keys: [], set: { text } }] };
}

const key = fc.constantFrom('unit/a', 'unit/b', 'unit/c', 'lot/a', 'event/x');
const act = fc.record(
  { write: fc.dictionary(key, fc.nat(3)), refuse: fc.constantFrom('NO', 'NEVER'), read: fc.nat(3) },
  { requiredKeys: [] },
);
const documents = fc.array(
  fc.tuple(fc.array(act, { minLength: 1, maxLength: 4 }), fc.constantFrom('rollback', 'proceed')),
  { maxLength: 4 },
);
const transactionsOf = (all: readonly (readonly [readonly Act[], string])[]): readonly Transaction[] =>
  all.map(([events, onError], i) => acts(events, onError, START + i));

function runAll(state: StateView, transactions: readonly Transaction[]) {
  const execution = small(state);
  for (const transaction of transactions) expect(execution.tryTransaction(transaction)).toBe('included');
  return execution.finish();
}

function applied(state: ReadonlyMap<string, Entry>, changes: ReturnType<Execution['finish']>['changes']) {
  const next = new Map(state);
  for (const { key, after } of changes) {
    if (after) next.set(key, after);
    else next.delete(key);
  }
  return next;
}

const rootOf = (state: ReadonlyMap<string, Entry>): string => {
  const tree = new StateTree(hasher);
  return tree.rootHash(tree.apply(EMPTY_TREE, entryWrites(state)));
};

describe('properties', () => {
  const genesis = genesisState();

  it('L5: one merged block changes what its transactions change one by one', () => {
    fc.assert(
      fc.property(documents, (all) => {
        const transactions = transactionsOf(all);
        const whole = runAll(mapView(genesis), transactions);
        let state: ReadonlyMap<string, Entry> = genesis;
        const receipts: Receipt[] = [];
        for (const transaction of transactions) {
          const single = runAll(mapView(state), [transaction]);
          state = applied(state, single.changes);
          receipts.push(...single.receipts);
        }
        expect(applied(genesis, whole.changes)).toEqual(state);
        expect(whole.receipts).toEqual(receipts);
        for (const { key, before } of whole.changes) expect(before).toEqual(genesis.get(key));
        const keys = whole.changes.map((change) => change.key);
        expect(keys).toEqual([...new Set(keys)].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('refusals change nothing', () => {
    fc.assert(
      fc.property(documents, (all) => {
        const refusing = all.map(
          ([events, onError]) => [events.map((e) => ({ ...e, refuse: 'NO' })), onError] as const,
        );
        const { changes, receipts } = runAll(mapView(genesis), transactionsOf(refusing));
        expect(changes).toEqual([]);
        expect(receipts.every(({ outcome }) => outcome === 'refused')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('replay gives the same root and receipts for any order of the entries of the state', () => {
    fc.assert(
      fc.property(documents, (all) => {
        const transactions = transactionsOf(all);
        const reversed = new Map([...genesis].reverse());
        const [one, two] = [genesis, reversed].map((state) => {
          const { changes, receipts } = runAll(mapView(state), transactions);
          const tree = new StateTree(hasher);
          const before = tree.apply(EMPTY_TREE, entryWrites(state));
          const root = tree.rootHash(tree.apply(before, stateWrites(changes)));
          return { root, receipts: canonicalJson(receipts as unknown as Json), entries: applied(state, changes) };
        });
        expect(two!.root).toBe(one!.root);
        expect(two!.receipts).toBe(one!.receipts);
        expect(rootOf(one!.entries)).toBe(one!.root);
      }),
      { numRuns: 30 },
    );
  });
});
