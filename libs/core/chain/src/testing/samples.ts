import type { Json, JsonObject, Parsed } from '@custos/core-bytes';
import {
  keyIdOf,
  referenceHasher as hasher,
  referencePublicKey,
  referenceSign,
  ZERO_DIGEST,
  type Digest,
  type KeyId,
  type PublicKey,
} from '@custos/core-crypto';
import { makeValidatorSet, VOTE, voteMessage, type Ballot, type Certificate } from '@custos/core-finality';
import { appendToEdge, edgeRoot, EMPTY_EDGE, type Edge } from '@custos/core-merkle';
import {
  decodeTransaction,
  encodeBlock,
  genesisBlock,
  genesisOf,
  HEADER_VERSION,
  historyLeaf,
  networkIdOf,
  receiptRoot,
  transactionRootOf,
  unsignedTransaction,
  type Block,
  type Genesis,
  type Receipt,
  type Transaction,
  type UnhashedHeader,
} from '../index.js';

// One small network with fixed keys and times, for the specs and vectors of this room.

export function valueOf<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

/** Returns code and field of a refusal, or `ok`. */
export function refusalOf(result: Parsed<unknown>): string {
  return result.ok ? 'ok' : `${result.malformed.code} ${result.malformed.field}`;
}

const privateKey = (i: number): Uint8Array => new Uint8Array(32).fill(i);
const VALIDATOR_KEYS = [1, 2, 3, 4].map(privateKey);
export const GENESIS_TIME = 1_790_000_000_000;

export const GENESIS_DOCUMENT: JsonObject = {
  name: 'sample',
  time: GENESIS_TIME,
  parameters: { epochLength: 0, t0: 400 },
  countries: { DE: 'EU' },
  ruleSets: {},
  validators: VALIDATOR_KEYS.map((key, i) => ({
    gln: `401234500000${i}`,
    key: referencePublicKey(key),
    endpoints: { lanes: 'broker.example:9092', http: `http://v${i}.example` },
  })),
  parties: [{ gln: '4012345000009', name: 'Löwen-Apotheke' }],
  keys: [{ key: referencePublicKey(privateKey(11)), party: '4012345000009' }],
};

export const GENESIS: Genesis = valueOf(genesisOf(GENESIS_DOCUMENT));
export const NETWORK: Digest = networkIdOf(hasher, GENESIS);
export const SET = makeValidatorSet(hasher, GENESIS.validators);
export const STATE_ROOT = 'ab'.repeat(32) as Digest;
export const BLOCK_0 = genesisBlock(hasher, GENESIS, STATE_ROOT);
const QUORUM = [0, 1, 3] as const;

const signerOf = (publicKey: PublicKey): Uint8Array =>
  VALIDATOR_KEYS.find((key) => referencePublicKey(key) === publicKey)!;

export function certify(ballot: Ballot, signers: readonly number[] = QUORUM): Certificate {
  const message = voteMessage(NETWORK, ballot);
  return { ...ballot, signers, signatures: signers.map((i) => referenceSign(message, signerOf(SET.entries[i]!.key))) };
}

export function finalize({ header }: Block): Certificate {
  return certify({ epoch: header.epoch, view: header.view, kind: VOTE.finalize, hash: header.ownHash });
}

export function skip(view: number): Certificate {
  return certify({ epoch: 0, view, kind: VOTE.skip, hash: ZERO_DIGEST });
}

export function signAsValidator(index: number, message: Uint8Array): Uint8Array {
  return referenceSign(message, signerOf(SET.entries[index]!.key));
}

/** Signers of transactions, by key id. */
export const SIGNERS: ReadonlyMap<KeyId, { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }> = new Map(
  [11, 12, 13].map((i) => {
    const publicKey = referencePublicKey(privateKey(i));
    return [keyIdOf(hasher, publicKey), { privateKey: privateKey(i), publicKey }];
  }),
);
export const KEY_IDS = [...SIGNERS.keys()].sort();

export interface Sample {
  readonly kind?: number;
  readonly keyIds?: readonly KeyId[];
  readonly createdAt?: number;
  readonly parts?: readonly Json[];
}

export function transactionBytes(sample: Sample = {}): Uint8Array {
  const createdAt = sample.createdAt ?? GENESIS_TIME + 500;
  const keyIds = sample.keyIds ?? KEY_IDS.slice(0, 1);
  const parts = sample.parts ?? [
    { context: [], onError: 'rollback' },
    { type: 'ObjectEvent', eventID: 'urn:uuid:1' },
  ];
  const kind = sample.kind ?? 1;
  const draft = { kind, keyIds, createdAt, expiresAt: createdAt + 600_000, parts };
  const unsigned = unsignedTransaction(hasher, NETWORK, draft);
  return unsigned.finish(keyIds.map((id) => referenceSign(unsigned.message, SIGNERS.get(id)!.privateKey)));
}

export function transaction(sample: Sample = {}): Transaction {
  return valueOf(decodeTransaction(hasher, NETWORK, transactionBytes(sample)));
}

/** Returns accepted receipts: one for each event of a capture, one for any other transaction. */
function receiptsFor(transactions: readonly Transaction[]): readonly Receipt[] {
  return transactions.flatMap(({ id, head }) =>
    Array.from({ length: Math.max(1, head.partCount - 1) }, (_, eventIndex) => ({
      txId: id,
      eventIndex,
      outcome: 'accepted' as const,
      warnings: [],
      changes: [{ keys: ['unit/01/04012345000016/21/1'], set: { lifecycle: 'active' } }],
    })),
  );
}

export interface GrownBlock {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
}

export interface Grow {
  readonly transactions?: readonly Transaction[];
  readonly view?: number;
  readonly stateRoot?: Digest;
}

/** Returns a chain with one block for each step on top of block 0. */
export function growChain(steps: readonly Grow[]): readonly GrownBlock[] {
  const chain: GrownBlock[] = [{ block: BLOCK_0, receipts: [] }];
  let edge: Edge = EMPTY_EDGE;
  for (const step of steps) {
    const parent = chain.at(-1)!.block.header;
    edge = appendToEdge(hasher, edge, historyLeaf(parent.ownHash));
    const transactions = step.transactions ?? [];
    const receipts = receiptsFor(transactions);
    const view = step.view ?? parent.view + 1;
    const header: UnhashedHeader = {
      version: HEADER_VERSION,
      networkId: NETWORK,
      epoch: 0,
      view,
      height: parent.height + 1,
      parentView: parent.view,
      previousHash: parent.ownHash,
      transactionRoot: transactionRootOf(hasher, transactions),
      receiptRoot: receiptRoot(hasher, receipts),
      stateRoot: step.stateRoot ?? STATE_ROOT,
      historyRoot: edgeRoot(hasher, edge),
      timestamp: GENESIS_TIME + 1_000 * view,
      proposer: view % 4,
      nextValidatorsHash: ZERO_DIGEST,
    };
    chain.push({ block: encodeBlock(hasher, header, transactions), receipts });
  }
  return chain;
}
