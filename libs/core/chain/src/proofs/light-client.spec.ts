import fc from 'fast-check';
import { canonicalJson, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { digestBytes, referenceHasher as hasher, referenceVerify, type SignatureCheck } from '@custos/core-crypto';
import { encodeCertificate, VOTE } from '@custos/core-finality';
import { EMPTY_TREE, encodeStateProof, inclusionProof, merkleRoot, StateTree } from '@custos/core-merkle';
import {
  answerJson,
  encodeHeader,
  historyLeaf,
  inclusionProofs,
  inclusionsOf,
  isFresh,
  MAX_FRESH_AGE_MS,
  parseAnswer,
  parseTransactionInclusion,
  payloadOf,
  transactionInclusionJson,
  trustGenesis,
  verifyAnswer,
  verifyTransactionInclusion,
  type AnswerBundle,
  type ProvenEvent,
  type TransactionInclusion,
} from '../index.js';
import {
  certify,
  finalize,
  GENESIS,
  growChain,
  KEY_IDS,
  NETWORK,
  refusalOf,
  transaction,
  valueOf,
} from '../testing/samples.js';

const trust = trustGenesis(hasher, GENESIS);
const tree = new StateTree(hasher);
const PACK = 'unit/01/04012345000016/21/1';
const ABSENT = 'unit/01/04012345000016/21/404';
const LEAF: JsonObject = { public: { lifecycle: 'active' }, private: 'cd'.repeat(32) };
const root = tree.apply(EMPTY_TREE, [
  ...Array.from({ length: 20 }, (_, i) => ({ key: `unit/01/04012345000016/21/9${i}`, value: '{}' })),
  { key: PACK, value: canonicalJson(LEAF) },
]);

const dispense = { type: 'ObjectEvent', bizStep: 'dispensing', epcList: ['urn:epc:id:sgtin:4012345.000001.1'] };
const shown = transaction({
  parts: [{ context: [], onError: 'rollback', salt: '00' }, { type: 'ObjectEvent' }, dispense],
});
const transactions = [0, 1, 2, 3].map((i) => transaction({ createdAt: shown.head.createdAt + 1 + i }));
const chain = growChain([
  { transactions: [...transactions.slice(0, 2), shown, ...transactions.slice(2)] },
  {},
  { stateRoot: tree.rootHash(root), transactions: [transaction({ createdAt: shown.head.createdAt + 9 })] },
  {},
]);
const [genesis, old, , recent, last] = chain;

const proven = {
  header: encodeHeader(recent!.block.header),
  above: [],
  certificate: encodeCertificate(finalize(recent!.block), 4),
};
const leaf = (key: string, value?: JsonObject) => ({
  key,
  ...(value && { value }),
  proof: encodeStateProof(tree.prove(root, key)),
});
const event: ProvenEvent = {
  event: dispense,
  part: inclusionProof(hasher, shown.parts, 2),
  head: shown.headBytes,
  transaction: inclusionProof(
    hasher,
    old!.block.transactions.map(({ headBytes }) => headBytes),
    2,
  ),
  block: {
    header: encodeHeader(old!.block.header),
    history: inclusionProof(
      hasher,
      chain.slice(0, 3).map(({ block }) => historyLeaf(block.header.ownHash)),
      1,
    ),
  },
};
const bundle: AnswerBundle = { ...proven, leaves: [leaf(PACK, LEAF), leaf(ABSENT)], events: [event] };
const verify = (change: Partial<AnswerBundle> = {}) => verifyAnswer(hasher, trust, { ...bundle, ...change });
const allVerify = (answer: Parsed<{ readonly checks: readonly SignatureCheck[] }>): boolean =>
  answer.ok && answer.value.checks.every(referenceVerify);

describe('L7 light client', () => {
  it('L7.1, L7.2: proves values, absence and events under one final header', () => {
    const answer = valueOf(verify());
    expect(answer.checks.map(referenceVerify)).toEqual([true, true, true]);
    expect(answer.header).toEqual(recent!.block.header);
    expect([...answer.leaves]).toEqual([
      [PACK, LEAF],
      [ABSENT, undefined],
    ]);
    expect(answer.events).toEqual([
      {
        event: dispense,
        txId: shown.id,
        eventIndex: 1,
        signer: KEY_IDS[0],
        createdAt: shown.head.createdAt,
        height: 1,
        timestamp: old!.block.header.timestamp,
        blockHash: old!.block.header.ownHash,
      },
    ]);
  });

  it('L7.3: its JSON is parsed back, and a pack takes less than 8 KB', () => {
    const json = JSON.parse(canonicalJson(answerJson(bundle))) as Json;
    expect(valueOf(parseAnswer(json))).toEqual(bundle);
    expect(canonicalJson(answerJson({ ...bundle, events: [] })).length).toBeLessThan(4_096);
  });

  it('L7.2 a: accepts the certificate of a later block with the headers between', () => {
    const above = [encodeHeader(last!.block.header)];
    const certificate = encodeCertificate(finalize(last!.block), 4);
    expect(allVerify(verify({ above, certificate }))).toBe(true);
    expect(refusalOf(verify({ certificate }))).toBe('CERTIFICATE_UNRELATED /certificate');
    const gap = [encodeHeader(old!.block.header)];
    expect(refusalOf(verify({ above: gap, certificate }))).toBe('PREVIOUS_HASH_WRONG /above/0');
  });

  it('L7.2 a: refuses certificates of other votes or of too few', () => {
    const { epoch, view, ownHash: hash } = recent!.block.header;
    const notarized = encodeCertificate(certify({ epoch, view, kind: VOTE.notarize, hash }), 4);
    expect(refusalOf(verify({ certificate: notarized }))).toBe('NOT_FINALIZE /certificate');
    const few = encodeCertificate(certify({ epoch, view, kind: VOTE.finalize, hash }, [0, 1]), 4);
    expect(refusalOf(verify({ certificate: few }))).toContain('QUORUM_MISSING');
    const forged = proven.certificate.slice();
    forged[60]! ^= 1;
    expect(allVerify(verify({ certificate: forged }))).toBe(false);
  });

  it('L7.2 b: trusts the pinned network and epoch only', () => {
    const elsewhere = { ...trust, networkId: chain[0]!.block.header.ownHash };
    expect(refusalOf(verifyAnswer(hasher, elsewhere, bundle))).toBe('NETWORK_WRONG /header');
    expect(refusalOf(verifyAnswer(hasher, { ...trust, epoch: 1 }, bundle))).toBe('EPOCH_UNKNOWN /header');
    expect(trust.networkId).toBe(NETWORK);
  });

  it.each<[string, Partial<AnswerBundle>, string]>([
    ['another value', { leaves: [leaf(PACK, { ...LEAF, note: 1 })] }, 'PROOF_WRONG /leaves/0/proof'],
    ['absence of what is there', { leaves: [leaf(PACK)] }, 'PROOF_WRONG /leaves/0/proof'],
    ['presence of what is not', { leaves: [leaf(ABSENT, LEAF)] }, 'PROOF_WRONG /leaves/0/proof'],
    ["another key's proof", { leaves: [{ ...leaf(PACK, LEAF), key: ABSENT }] }, 'PROOF_WRONG /leaves/0/proof'],
    ['a key twice', { leaves: [leaf(PACK, LEAF), leaf(PACK, LEAF)] }, 'LEAF_REPEATED /leaves/1'],
    ['another event', { events: [{ ...event, event: { type: 'x' } }] }, 'PROOF_WRONG /events/0/part'],
    [
      'part 0 as an event',
      { events: [{ ...event, event: payloadOf(shown)[0]!, part: inclusionProof(hasher, shown.parts, 0) }] },
      'NOT_AN_EVENT /events/0/part',
    ],
    [
      'other counts of parts',
      { events: [{ ...event, part: { ...event.part, size: 4 } }] },
      'PROOF_WRONG /events/0/part',
    ],
    ['a head that is not in the block', { events: [{ ...event, head: transactions[0]!.headBytes }] }, 'PROOF_WRONG'],
    ['an event of the certified block itself', { events: [{ ...event, block: undefined }] }, 'PROOF_WRONG'],
    [
      'a block at another height',
      { events: [{ ...event, block: { ...event.block!, history: { ...event.block!.history, index: 2 } } }] },
      'PROOF_WRONG /events/0/block/history',
    ],
    [
      'a block that is not in the history',
      { events: [{ ...event, block: { ...event.block!, header: encodeHeader(genesis!.block.header) } }] },
      'PROOF_WRONG /events/0/block/history',
    ],
  ])('L7.2 c, L7.4: refuses %s', (_name, change, refusal) => {
    expect(refusalOf(verify(change))).toContain(refusal);
  });

  it('L7.2 c: an event of the certified block needs no history', () => {
    const [only] = recent!.block.transactions;
    const here: ProvenEvent = {
      event: payloadOf(only!)[1]!,
      part: inclusionProof(hasher, only!.parts, 1),
      head: only!.headBytes,
      transaction: inclusionProof(hasher, [only!.headBytes], 0),
    };
    expect(valueOf(verify({ events: [here] })).events[0]).toMatchObject({ height: 3, txId: only!.id, eventIndex: 0 });
  });

  it('L7.2 d: an answer is fresh within two heartbeats', () => {
    const { header } = recent!.block;
    expect(isFresh(header, header.timestamp + MAX_FRESH_AGE_MS)).toBe(true);
    expect(isFresh(header, header.timestamp + MAX_FRESH_AGE_MS + 1)).toBe(false);
  });
});

describe('inclusion of a transaction', () => {
  const source = {
    ...old!,
    above: chain.slice(2, 4).map(({ block }) => block.header),
    certificate: proven.certificate,
  };
  const inclusion = inclusionsOf(hasher, source)(shown.id)!;
  const check = (change: Partial<TransactionInclusion> = {}) =>
    verifyTransactionInclusion(hasher, trust, { ...inclusion, ...change });

  it('L7.2: proves that a final block holds it, with its receipts', () => {
    const answer = valueOf(check());
    expect(answer.checks.every(referenceVerify)).toBe(true);
    expect(answer).toMatchObject({ txId: shown.id, header: old!.block.header });
    expect(answer.receipts).toEqual(old!.receipts.filter(({ txId }) => txId === shown.id));
    expect(answer.receipts).toHaveLength(2);
    expect(inclusionsOf(hasher, source)(old!.block.header.ownHash)).toBeUndefined();
  });

  it('its JSON is parsed back', () => {
    const json = JSON.parse(canonicalJson(transactionInclusionJson(inclusion))) as Json;
    expect(valueOf(parseTransactionInclusion(json))).toEqual(inclusion);
  });

  it.each<[string, Partial<TransactionInclusion>, string]>([
    ['another head', { head: transactions[0]!.headBytes }, 'PROOF_WRONG /transaction'],
    [
      'a receipt of another',
      { receipts: inclusionsOf(hasher, source)(transactions[0]!.id)!.receipts },
      'RECEIPT_UNRELATED',
    ],
    [
      'another outcome',
      {
        receipts: inclusion.receipts.map((each) => ({
          ...each,
          receipt: { ...each.receipt, outcome: 'refused' as const, code: 'X', changes: [] },
        })),
      },
      'PROOF_WRONG /receipts/0/proof',
    ],
    ['a header without its link', { above: [] }, 'CERTIFICATE_UNRELATED'],
  ])('L7.2: refuses %s', (_name, change, refusal) => {
    expect(refusalOf(check(change))).toContain(refusal);
  });

  it('L3.2: proofs made together equal those of RFC 6962 made one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array(), { minLength: 1, maxLength: 40 }), (leaves) => {
        const prove = inclusionProofs(hasher, leaves);
        for (const index of leaves.keys()) expect(prove(index)).toEqual(inclusionProof(hasher, leaves, index));
      }),
      { numRuns: 40 },
    );
    expect(() => inclusionProofs(hasher, [])(0)).toThrow(RangeError);
    expect(digestBytes(merkleRoot(hasher, []))).toHaveLength(32);
  });
});
