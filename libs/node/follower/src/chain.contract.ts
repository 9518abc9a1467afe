import type { Json, JsonObject, Parsed } from '@custos/core-bytes';
import {
  decodeTransaction,
  encodeBlock,
  encodeFinalMessage,
  encodeReceipts,
  HEADER_VERSION,
  receiptRoot,
  transactionRootOf,
  unsignedTransaction,
  type BlockHeader,
  type Genesis,
  type Transaction,
  type UnhashedHeader,
} from '@custos/core-chain';
import { digestBytes, keyIdOf, referencePublicKey, referenceSign, ZERO_DIGEST } from '@custos/core-crypto';
import { entryWrites, execute, KIND, stateWrites, type KindName } from '@custos/core-execution';
import {
  encodeFinalityRecord,
  leaderOf,
  leaderOrder,
  makeFinalityRecord,
  VOTE,
  voteMessage,
  type Ballot,
  type Certificate,
  type FinalityRecord,
} from '@custos/core-finality';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-registry';
import { nodeHasher as hasher, nodeVerify } from '@custos/shell-node-crypto';
import type { RawRun } from './assemble.js';
import { pinNetwork } from './pinned-network.js';
import type { FollowedBlock } from './run.js';

// A network of four validators with fixed keys and times. Its chain is real: signed transactions, executed
// blocks with the roots they lead to, certificates of three of four. Every run of a test gives the same bytes.

export const GENESIS_TIME = 1_760_000_000_000;
const MAKER = '4012345000009';
const PARTIES: readonly (readonly [gln: string, role: string, licence?: string])[] = [
  [MAKER, 'manufacturer', 'manufacturing'],
  ['4023456000000', 'distributor', 'wholesale'],
  ['4034567000001', 'pharmacy', 'dispensing'],
  ['4045678000002', 'regulator'],
];

const privateKey = (i: number): Uint8Array => new Uint8Array(32).fill(i);
const MAKER_KEY = privateKey(50);
const VALIDATOR_KEYS = PARTIES.map((_, i) => privateKey(101 + i));

export const GENESIS: Genesis = {
  name: 'followed',
  time: GENESIS_TIME,
  parameters: { epochLength: 0, t0: 400 },
  countries: { DE: 'EU' },
  ruleSets: {},
  validators: PARTIES.map(([gln], i) => ({
    gln,
    key: referencePublicKey(VALIDATOR_KEYS[i]!),
    endpoints: { lanes: 'broker.example:9092', http: `http://v${i}.example` },
  })),
  parties: PARTIES.map(([gln, role, licence]) => ({
    gln,
    name: `Member ${gln}`,
    country: 'DE',
    roles: [role],
    licences: licence === undefined ? [] : [{ kind: licence, validFrom: GENESIS_TIME }],
    prefixes: [gln.slice(0, 7)],
  })),
  keys: [{ party: MAKER, publicKey: referencePublicKey(MAKER_KEY) }],
};

export function valueOf<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.malformed));
  return result.value;
}

/** What readers of this network believe. */
export const NETWORK = valueOf(pinNetwork(GENESIS, hasher, nodeVerify));
const { networkId, validators } = NETWORK.trust;
const LEADERS = leaderOrder(hasher, NETWORK.header.ownHash, validators);

/** Three of four. */
export const QUORUM: readonly number[] = [0, 2, 3];

export function certify(ballot: Ballot, signers = QUORUM, network = networkId): Certificate {
  const message = voteMessage(network, ballot);
  const keyOf = (i: number) => VALIDATOR_KEYS.find((key) => referencePublicKey(key) === validators.entries[i]!.key)!;
  return { ...ballot, signers, signatures: signers.map((i) => referenceSign(message, keyOf(i))) };
}

/** What a record of a run holds, when everybody was honest: the skipped views and the blocks below as well. */
export function recordOf(parent: BlockHeader, headers: readonly BlockHeader[]): FinalityRecord {
  const certificates: Certificate[] = [];
  let { view: below } = parent;
  for (const { epoch, view, ownHash } of headers) {
    for (let skipped = below + 1; skipped < view; skipped++)
      certificates.push(certify({ epoch, view: skipped, kind: VOTE.skip, hash: ZERO_DIGEST }));
    certificates.push(certify({ epoch, view, kind: VOTE.notarize, hash: ownHash }));
    below = view;
  }
  const { epoch, view, ownHash } = headers.at(-1)!;
  return makeFinalityRecord(certify({ epoch, view, kind: VOTE.finalize, hash: ownHash }), [], certificates, 4);
}

export const encodeRecord = (record: FinalityRecord): Uint8Array => encodeFinalityRecord(record, validators.size);

/** A final run, as readers know it and as it travels. */
export interface BuiltRun {
  readonly blocks: readonly FollowedBlock[];
  readonly record: FinalityRecord;
  readonly raw: RawRun;
  /** As on the final lane (L4.6). */
  readonly messages: readonly Uint8Array[];
}

export function builtRun(blocks: readonly FollowedBlock[], record: FinalityRecord): BuiltRun {
  const raw = {
    blocks: blocks.map(({ block, receipts }) => ({ block: block.bytes, receipts: encodeReceipts(receipts) })),
    record: encodeRecord(record),
  };
  return { blocks, record, raw, messages: messagesOf(raw, blocks[0]!.block.header.height) };
}

export function messagesOf({ blocks, record }: RawRun, from: number): readonly Uint8Array[] {
  return [
    ...blocks.flatMap(({ block, receipts }, i) => [
      encodeFinalMessage({ type: 'block', bytes: block }),
      encodeFinalMessage({ type: 'receipts', height: from + i, bytes: receipts }),
    ]),
    encodeFinalMessage({ type: 'record', bytes: record }),
  ];
}

function signed(kind: KindName, at: number, parts: readonly Json[]): Transaction {
  const keyIds = [keyIdOf(hasher, referencePublicKey(MAKER_KEY))];
  const draft = { kind: KIND[kind], keyIds, createdAt: at, expiresAt: at + 600_000, parts };
  const unsigned = unsignedTransaction(hasher, networkId, draft);
  const bytes = unsigned.finish([referenceSign(unsigned.message, MAKER_KEY)]);
  return valueOf(decodeTransaction(hasher, networkId, bytes));
}

/** A chain that grows run by run; a block of the run for each list of transactions. */
function startChain(): { run(...contents: readonly (readonly Transaction[])[]): BuiltRun } {
  const state = new Map<string, Entry>(NETWORK.genesis.entries);
  const tree = new StateTree(hasher);
  let root = tree.apply(EMPTY_TREE, entryWrites(state));
  let edge = EMPTY_EDGE;
  let head = NETWORK.header;

  function grow(transactions: readonly Transaction[], view: number): FollowedBlock {
    edge = appendToEdge(hasher, edge, digestBytes(head.ownHash));
    const place = { height: head.height + 1, timestamp: GENESIS_TIME + 1_000 * view };
    const executed = execute(mapView(state), { ...place, transactions }, hasher, networkId);
    if (!executed.ok) throw new Error(JSON.stringify(executed.malformed));
    for (const { key, after } of executed.changes) {
      if (after) state.set(key, after);
      else state.delete(key);
    }
    root = tree.apply(root, stateWrites(executed.changes));
    const header: UnhashedHeader = {
      ...place,
      version: HEADER_VERSION,
      networkId,
      epoch: 0,
      view,
      parentView: head.view,
      previousHash: head.ownHash,
      transactionRoot: transactionRootOf(hasher, transactions),
      receiptRoot: receiptRoot(hasher, executed.receipts),
      stateRoot: tree.rootHash(root),
      historyRoot: edgeRoot(hasher, edge),
      proposer: leaderOf(LEADERS, view),
      nextValidatorsHash: ZERO_DIGEST,
    };
    const block = encodeBlock(hasher, header, transactions);
    head = block.header;
    return { block, receipts: executed.receipts };
  }

  return {
    run(...contents) {
      const parent = head;
      // A view is skipped before each run but the first.
      const jump = parent.height === 0 ? 1 : 2;
      const blocks = contents.map((transactions, i) => grow(transactions, head.view + (i === 0 ? jump : 1)));
      return builtRun(
        blocks,
        recordOf(
          parent,
          blocks.map(({ block }) => block.header),
        ),
      );
    },
  };
}

const PRODUCT: JsonObject = {
  op: 'register',
  gtin: '04012345000016',
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [],
  markets: ['DE'],
};
const CAPTURE_HEAD: JsonObject = {
  context: ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { custos: 'urn:custos:epcis:1' }],
  header: {},
  onError: 'rollback',
  salt: '5a'.repeat(32),
};

function commissioning(eventNumber: number, serials: readonly string[], lot: string): JsonObject {
  const place = { id: 'urn:epc:id:sgln:4012345.00000.0' };
  return {
    type: 'ObjectEvent',
    eventID: `urn:uuid:00000000-0000-4000-8000-00000000000${eventNumber}`,
    eventTime: '2025-10-09T08:53:20Z',
    eventTimeZoneOffset: '+02:00',
    readPoint: place,
    bizLocation: place,
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: serials.map((serial) => `urn:epc:id:sgtin:4012345.000001.${serial}`),
    ilmd: { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': '2027-06-30' },
  };
}

/** Six blocks in three runs: a product; two packs made, an empty block; a serial made twice (refused), and two more. */
export function sampleChain(): readonly [BuiltRun, BuiltRun, BuiltRun] {
  const chain = startChain();
  return [
    chain.run([signed('product', GENESIS_TIME, [PRODUCT])]),
    chain.run([signed('capture', GENESIS_TIME + 1, [CAPTURE_HEAD, commissioning(1, ['P1', 'P2'], 'L24A')])], []),
    chain.run([signed('capture', GENESIS_TIME + 2, [CAPTURE_HEAD, commissioning(2, ['P1'], 'L25B')])], [], []),
  ];
}
