import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, fromHex, toHex, utf8, type Json } from '@custos/core-bytes';
import { referenceHasher as hasher, ZERO_DIGEST } from '@custos/core-crypto';
import {
  decodeBlock,
  decodeProposal,
  decodeTransaction,
  encodeBlock,
  encodeProposal,
  encodeReceipts,
  proposalMessage,
  receiptJson,
  receiptLeaf,
  receiptRoot,
  type Block,
  type Receipt,
} from './index.js';
import {
  BLOCK_0,
  certify,
  GENESIS_DOCUMENT,
  growChain,
  KEY_IDS,
  NETWORK,
  SET,
  signAsValidator,
  SIGNERS,
  skip,
  STATE_ROOT,
  transaction,
  type Sample,
} from './testing/samples.js';

// A change of these bytes is a change of the format (LEDGER, head): only CUSTOS_WRITE_VECTORS=1 rewrites them.

const SAMPLES: readonly Sample[] = [
  {},
  {
    parts: [
      { context: ['a'], onError: 'proceed', salt: '07'.repeat(32) },
      { type: 'ObjectEvent' },
      { n: 1e21, ü: '€\n' },
    ],
  },
  { kind: 2, keyIds: KEY_IDS, parts: [{ gln: '4012345000009', name: 'Löwen-Apotheke' }] },
];
const transactions = SAMPLES.map(transaction);
const [, first, second] = growChain([{ transactions }, { view: 4 }]).map(({ block }) => block);
const refused: Receipt = {
  txId: transactions[0]!.id,
  eventIndex: 3,
  outcome: 'refused',
  code: 'ALREADY_DISPENSED',
  facts: { at: 1_790_000_000_000, units: ['unit/01/04012345000016/21/1'] },
  warnings: [{ code: 'OUT_OF_ORDER', units: ['unit/01/04012345000016/21/1'] }],
  changes: [],
};
const accepted: Receipt = {
  txId: transactions[1]!.id,
  eventIndex: 0,
  outcome: 'accepted',
  warnings: [],
  changes: [{ keys: ['unit/01/04012345000016/21/1', 'unit/01/04012345000016/21/2'], set: { lifecycle: 'active' } }],
};

function transactionVectors() {
  return {
    networkId: NETWORK,
    privateKeys: KEY_IDS.map((id) => ({ keyId: id, privateKey: toHex(SIGNERS.get(id)!.privateKey) })),
    transactions: transactions.map(({ head, parts, id, bytes, headBytes }) => ({
      head: { ...head, signatures: head.signatures.map(toHex) },
      parts: parts.map(toHex),
      id,
      headBytes: toHex(headBytes),
      bytes: toHex(bytes),
    })),
  };
}

function blockVectors() {
  const closing = encodeBlock(
    hasher,
    { ...second!.header, transactionRoot: ZERO_DIGEST, receiptRoot: ZERO_DIGEST, view: 6, parentView: 4 },
    [],
  );
  return {
    networkId: NETWORK,
    blocks: [BLOCK_0, first!, second!, closing].map(({ header, transactions, bytes }: Block) => ({
      header,
      transactionIds: transactions.map(({ id }) => id),
      bytes: toHex(bytes),
    })),
  };
}

function proposalVectors() {
  const parent = certify({ epoch: 0, view: 1, kind: 1, hash: first!.header.ownHash });
  const cases = [
    { block: first!, certificates: [] },
    { block: second!, certificates: [parent, skip(2), skip(3)] },
  ];
  return {
    networkId: NETWORK,
    validators: SET.entries.map(({ key }) => key),
    proposals: cases.map(({ block, certificates }) => {
      const message = proposalMessage(block.header.ownHash);
      const signature = signAsValidator(block.header.proposer, message);
      return {
        ownHash: block.header.ownHash,
        message: toHex(message),
        certificates: certificates.map(({ view, kind }) => ({ view, kind })),
        bytes: toHex(encodeProposal({ block, signature, certificates }, 4)),
      };
    }),
  };
}

function receiptVectors() {
  const lists = [[], [accepted], [accepted, refused]];
  return {
    lists: lists.map((receipts) => ({
      receipts: receipts.map(receiptJson),
      leaves: receipts.map((receipt) => toHex(receiptLeaf(receipt))),
      root: receiptRoot(hasher, receipts),
      bytes: toHex(encodeReceipts(receipts)),
    })),
  };
}

function genesisVectors() {
  return {
    document: GENESIS_DOCUMENT,
    canonical: toHex(utf8(canonicalJson(GENESIS_DOCUMENT))),
    networkId: NETWORK,
    stateRoot: STATE_ROOT,
    validatorsHash: SET.hash,
    block: toHex(BLOCK_0.bytes),
  };
}

const file = (name: string): string => join(process.cwd(), '../../../vectors', `${name}.json`);

it.each([
  ['L2.1, L2.2', 'transaction', transactionVectors],
  ['L3', 'block', blockVectors],
  ['L4.3', 'proposal', proposalVectors],
  ['L5.2', 'receipt', receiptVectors],
  ['L3.4', 'genesis', genesisVectors],
] as const)('%s: the golden vectors of a %s still hold', (_rule, name, make) => {
  const made = JSON.stringify(make(), undefined, 1) + '\n';
  if (process.env.CUSTOS_WRITE_VECTORS === '1') writeFileSync(file(name), made);
  expect(JSON.parse(readFileSync(file(name), 'utf8'))).toEqual(JSON.parse(made));
});

it('the bytes of the vectors are decoded', () => {
  const bytesOf = (name: string, list: string): readonly Uint8Array[] => {
    const document = JSON.parse(readFileSync(file(name), 'utf8')) as Record<string, Json>;
    return (document[list] as unknown as readonly { readonly bytes: string }[]).map(({ bytes }) => fromHex(bytes)!);
  };
  const decoded = [
    ...bytesOf('transaction', 'transactions').map((bytes) => decodeTransaction(hasher, NETWORK, bytes)),
    ...bytesOf('block', 'blocks').map((bytes) => decodeBlock(hasher, NETWORK, bytes)),
    ...bytesOf('proposal', 'proposals').map((bytes) => decodeProposal(hasher, NETWORK, 4, bytes)),
  ];
  expect(decoded).toHaveLength(9);
  expect(decoded.filter(({ ok }) => !ok)).toEqual([]);
});
