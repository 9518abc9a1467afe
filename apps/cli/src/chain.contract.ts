import { concatBytes, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import {
  decodeTransaction,
  encodeBlock,
  genesisBlock,
  HEADER_VERSION,
  networkIdOf,
  receiptRoot,
  transactionRootOf,
  unsignedTransaction,
  type BlockHeader,
  type Genesis,
  type Transaction,
  type UnhashedHeader,
} from '@custos/core-chain';
import { digestBytes, keyIdOf, referencePublicKey, referenceSign, ZERO_DIGEST } from '@custos/core-crypto';
import { entryWrites, execute, genesisEntries, KIND, stateWrites, type KindName } from '@custos/core-execution';
import {
  encodeFinalityRecord,
  leaderOf,
  leaderOrder,
  makeFinalityRecord,
  makeValidatorSet,
  VOTE,
  voteMessage,
  type Ballot,
  type Certificate,
} from '@custos/core-finality';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-registry';
import { nodeHasher as hasher } from '@custos/shell-node-crypto';

// Chain files of a small network with fixed keys and times. Its validators certify what they are told to, so
// that a replay meets blocks which only a lying quorum could make.

export const GENESIS_TIME = 1_760_000_000_000;
const MAKER = '4012345000009';
const privateKey = (i: number): Uint8Array => new Uint8Array(32).fill(i);
const VALIDATOR_KEYS = [1, 2, 3, 4].map(privateKey);
/** Of the maker; and one that nobody enrolled. */
export const MAKER_KEY = privateKey(50);
export const STRANGER_KEY = privateKey(51);

export const GENESIS: Genesis = {
  name: 'audited',
  time: GENESIS_TIME,
  parameters: { epochLength: 0, t0: 400 },
  countries: { DE: 'EU' },
  ruleSets: {},
  validators: VALIDATOR_KEYS.map((key, i) => ({
    gln: MAKER,
    key: referencePublicKey(key),
    endpoints: { lanes: 'broker.example:9092', http: `http://v${i}.example` },
  })),
  parties: [
    {
      gln: MAKER,
      name: 'Alpenrose Pharma',
      country: 'DE',
      roles: ['manufacturer'],
      licences: [{ kind: 'manufacturing', validFrom: GENESIS_TIME }],
      prefixes: ['4012345'],
    },
  ],
  keys: [{ party: MAKER, publicKey: referencePublicKey(MAKER_KEY) }],
};

export function valueOf<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

export const NETWORK_ID = networkIdOf(hasher, GENESIS);
const SET = makeValidatorSet(hasher, GENESIS.validators);

export const keyIdOfKey = (key: Uint8Array) => keyIdOf(hasher, referencePublicKey(key));

/** `signature` in place of the right one. */
export function signed(
  kind: KindName,
  parts: readonly Json[],
  { at = GENESIS_TIME, key = MAKER_KEY, signature = undefined as Uint8Array | undefined } = {},
): Transaction {
  const draft = { kind: KIND[kind], keyIds: [keyIdOfKey(key)], createdAt: at, expiresAt: at + 600_000, parts };
  const unsigned = unsignedTransaction(hasher, NETWORK_ID, draft);
  const bytes = unsigned.finish([signature ?? referenceSign(unsigned.message, key)]);
  return valueOf(decodeTransaction(hasher, NETWORK_ID, bytes));
}

function certify(ballot: Ballot, signers = [0, 1, 3]): Certificate {
  const message = voteMessage(NETWORK_ID, ballot);
  const keyOf = (i: number) => VALIDATOR_KEYS.find((key) => referencePublicKey(key) === SET.entries[i]!.key)!;
  return { ...ballot, signers, signatures: signers.map((i) => referenceSign(message, keyOf(i))) };
}

function recordOf(parent: BlockHeader, headers: readonly BlockHeader[]): Uint8Array {
  const certificates: Certificate[] = [];
  let below = parent.view;
  for (const { epoch, view, ownHash } of headers) {
    for (let skipped = below + 1; skipped < view; skipped++)
      certificates.push(certify({ epoch, view: skipped, kind: VOTE.skip, hash: ZERO_DIGEST }));
    certificates.push(certify({ epoch, view, kind: VOTE.notarize, hash: ownHash }));
    below = view;
  }
  const { epoch, view, ownHash } = headers.at(-1)!;
  const finalize = certify({ epoch, view, kind: VOTE.finalize, hash: ownHash });
  return encodeFinalityRecord(makeFinalityRecord(finalize, [], certificates, SET.size), SET.size);
}

/** What a block holds, and what its header states in place of the truth. */
export interface BlockPlan {
  readonly transactions?: readonly Transaction[];
  /** Views jumped before it. */
  readonly skips?: number;
  /** Milliseconds that its clock is ahead of a block a second. */
  readonly later?: number;
  readonly lie?: Partial<UnhashedHeader>;
}

export interface Piece {
  readonly type: 'block' | 'record';
  readonly bytes: Uint8Array;
  /** Of a block. */
  readonly header?: BlockHeader;
}

/** Block 0, then a run for each list of plans. What the law calls block-invalid changes no state here. */
export function buildChain(runs: readonly (readonly BlockPlan[])[]): readonly Piece[] {
  const state = new Map<string, Entry>(valueOf(genesisEntries(hasher, GENESIS)));
  const tree = new StateTree(hasher);
  let root = tree.apply(EMPTY_TREE, entryWrites(state));
  const first = genesisBlock(hasher, GENESIS, tree.rootHash(root));
  const leaders = leaderOrder(hasher, first.header.ownHash, SET);
  let edge = EMPTY_EDGE;
  let head = first.header;

  function grow({ transactions = [], skips = 0, later = 0, lie }: BlockPlan): Piece {
    edge = appendToEdge(hasher, edge, digestBytes(head.ownHash));
    const view = head.view + 1 + skips;
    const place = { height: head.height + 1, timestamp: GENESIS_TIME + 1_000 * view + later };
    const executed = execute(mapView(state), { ...place, transactions }, hasher, NETWORK_ID);
    const { changes, receipts } = executed.ok ? executed : { changes: [], receipts: [] };
    for (const { key, after } of changes) {
      if (after) state.set(key, after);
      else state.delete(key);
    }
    root = tree.apply(root, stateWrites(changes));
    const honest: UnhashedHeader = {
      ...place,
      version: HEADER_VERSION,
      networkId: NETWORK_ID,
      epoch: 0,
      view,
      parentView: head.view,
      previousHash: head.ownHash,
      transactionRoot: transactionRootOf(hasher, transactions),
      receiptRoot: receiptRoot(hasher, receipts),
      stateRoot: tree.rootHash(root),
      historyRoot: edgeRoot(hasher, edge),
      proposer: leaderOf(leaders, view),
      nextValidatorsHash: ZERO_DIGEST,
    };
    const { header, bytes } = encodeBlock(hasher, { ...honest, ...lie }, transactions);
    head = header;
    return { type: 'block', bytes, header };
  }

  const pieces: Piece[] = [{ type: 'block', bytes: first.bytes, header: first.header }];
  for (const plans of runs) {
    const parent = head;
    const blocks = plans.map(grow);
    const headers = blocks.map(({ header }) => header!);
    pieces.push(...blocks, { type: 'record', bytes: recordOf(parent, headers) });
  }
  return pieces;
}

export const fileOf = (pieces: readonly Piece[]): Uint8Array => concatBytes(...pieces.map(({ bytes }) => bytes));

export const PRODUCT: JsonObject = {
  op: 'register',
  gtin: '04012345000016',
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [],
  markets: ['DE'],
};

const CAPTURE_HEAD: JsonObject = {
  context: ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { custos: 'urn:custos:epcis:1' }],
  header: {},
  onError: 'proceed',
  salt: '5a'.repeat(32),
};

/** A capture with one event for each lot: all of them make the same two packs, so only the first is accepted. */
export function commissioning(...lots: readonly string[]): readonly Json[] {
  const place = { id: 'urn:epc:id:sgln:4012345.00000.0' };
  const events = lots.map((lot) => ({
    type: 'ObjectEvent',
    eventID: `urn:example:${lot}`,
    eventTime: '2025-10-09T08:53:20Z',
    eventTimeZoneOffset: '+02:00',
    readPoint: place,
    bizLocation: place,
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: ['P1', 'P2'].map((serial) => `urn:epc:id:sgtin:4012345.000001.${serial}`),
    ilmd: { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': '2027-06-30' },
  }));
  return [CAPTURE_HEAD, ...events];
}
