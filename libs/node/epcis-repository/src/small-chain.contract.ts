import { orReject, type Json, type JsonObject } from '@custos/core-bytes';
import {
  decodeTransaction,
  encodeBlock,
  encodeFinalMessage,
  encodeReceipts,
  genesisOf,
  HEADER_VERSION,
  receiptRoot,
  transactionRootOf,
  unsignedTransaction,
  type Block,
  type Receipt,
  type Transaction,
} from '@custos/core-chain';
import { digestBytes, ZERO_DIGEST, type Signer } from '@custos/core-crypto';
import { CUSTOS_CONTEXT } from '@custos/core-epcis';
import { execute, KIND, stateWrites, entryWrites, type KindName } from '@custos/core-execution';
import { encodeFinalityRecord, makeFinalityRecord, VOTE, voteMessage } from '@custos/core-finality';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-registry';
import { pinNetwork, type PinnedNetwork } from '@custos/node-follower';
import { nodeHasher, nodeVerify, signerFromPrivateKey } from '@custos/shell-node-crypto';

// A network in this process whose blocks are real: signed transactions, executed by the law, made final by four keys.

export const MAKER = '4012345000009';
export const TRADER = '4023456000000';
export const PHARMACY = '4034567000001';
export const AUTHORITY = '4045678000002';
const PARTIES: readonly (readonly [gln: string, name: string, role: string, licences: readonly string[]])[] = [
  [MAKER, 'Alpenrose Pharma', 'manufacturer', ['manufacturing']],
  [TRADER, 'Nordlicht Grosshandel', 'distributor', ['wholesale']],
  [PHARMACY, 'Löwen-Apotheke', 'pharmacy', ['dispensing']],
  [AUTHORITY, 'Bundesstelle Arzneimittel', 'regulator', []],
];

export const START = Date.parse('2026-01-05T08:00:00Z');
const LIFE_MS = 600_000;
const BLOCK_MS = 1_000;

const signerOf = (seed: number): Signer => signerFromPrivateKey(seed.toString(16).padStart(2, '0').repeat(32));
const partySigner = (gln: string): Signer => signerOf(16 + PARTIES.findIndex(([party]) => party === gln));
const validators: readonly Signer[] = PARTIES.map((_, i) => signerOf(96 + i));

function genesisDocument(name: string): Json {
  return {
    name,
    time: START,
    parameters: { epochLength: 0, t0: 400 },
    countries: { DE: 'EU' },
    ruleSets: {},
    validators: PARTIES.map(([gln], i) => ({
      gln,
      key: validators[i]!.publicKey,
      endpoints: { lanes: '127.0.0.1:1', http: `http://127.0.0.1:${i + 2}` },
    })),
    parties: PARTIES.map(([gln, title, role, licences]) => ({
      gln,
      name: title,
      country: 'DE',
      roles: [role],
      licences: licences.map((kind) => ({ kind, validFrom: 0 })),
      agents: [],
      prefixes: [gln.slice(0, 7)],
      locations: [],
    })),
    keys: PARTIES.map(([gln]) => ({ party: gln, publicKey: partySigner(gln).publicKey })),
    products: [],
  };
}

/** A block as its lane carries it, with what it answered. */
export interface SmallBlock {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
  readonly messages: readonly Uint8Array[];
}

export class SmallChain {
  readonly network: PinnedNetwork;
  readonly blocks: SmallBlock[] = [];
  /** As the validators have it: what rows are compared with. */
  readonly state: Map<string, Entry>;
  private readonly tree = new StateTree(nodeHasher);
  private root;
  private edge = EMPTY_EDGE;
  private previous;
  private captured = 0;

  constructor(name = 'small') {
    this.network = orReject(pinNetwork(orReject(genesisOf(genesisDocument(name))), nodeHasher, nodeVerify));
    this.state = new Map(this.network.genesis.entries);
    this.root = this.tree.apply(EMPTY_TREE, entryWrites(this.state));
    this.previous = this.network.header;
  }

  /** Time of the newest block: what events of the next one may say. */
  get now(): number {
    return this.previous.timestamp;
  }

  /** Messages of the final lane from a height on, as a validator would answer a pull. */
  messagesFrom(height: number): readonly Uint8Array[] {
    return this.blocks.slice(Math.max(height, 1) - 1).flatMap(({ messages }) => messages);
  }

  async sign(kind: KindName, gln: string, parts: readonly Json[]): Promise<Transaction> {
    const signer = partySigner(gln);
    const draft = {
      kind: KIND[kind],
      keyIds: [signer.keyId],
      createdAt: this.now,
      expiresAt: this.now + LIFE_MS,
      parts,
    };
    const { networkId } = this.network.trust;
    const unsigned = unsignedTransaction(nodeHasher, networkId, draft);
    const bytes = unsigned.finish([await signer.sign(unsigned.message)]);
    return orReject(decodeTransaction(nodeHasher, networkId, bytes));
  }

  /** One transaction of events; those without an eventID get one. Every capture has a salt of its own. */
  capture(
    gln: string,
    events: readonly JsonObject[],
    onError: 'rollback' | 'proceed' = 'proceed',
  ): Promise<Transaction> {
    this.captured++;
    const salt = this.captured.toString(16).padStart(64, '0');
    const named = events.map((event, i) => ({ eventID: `urn:event:${this.captured}:${i}`, ...event }));
    return this.sign('capture', gln, [{ context: CUSTOS_CONTEXT, header: {}, onError, salt }, ...named]);
  }

  /** Executes a block of these transactions and makes it final. Throws when it is block-invalid. */
  async add(...transactions: readonly Transaction[]): Promise<SmallBlock> {
    const { networkId } = this.network.trust;
    const height = this.previous.height + 1;
    const timestamp = this.previous.timestamp + BLOCK_MS;
    const executed = execute(mapView(this.state), { height, timestamp, transactions }, nodeHasher, networkId);
    if (!executed.ok) throw new Error(JSON.stringify(executed.malformed));
    for (const { key, after } of executed.changes) {
      if (after) this.state.set(key, after);
      else this.state.delete(key);
    }
    this.root = this.tree.apply(this.root, stateWrites(executed.changes));
    this.edge = appendToEdge(nodeHasher, this.edge, digestBytes(this.previous.ownHash));
    const header = {
      version: HEADER_VERSION,
      networkId,
      epoch: 0,
      view: height,
      height,
      parentView: this.previous.view,
      previousHash: this.previous.ownHash,
      transactionRoot: transactionRootOf(nodeHasher, transactions),
      receiptRoot: receiptRoot(nodeHasher, executed.receipts),
      stateRoot: this.tree.rootHash(this.root),
      historyRoot: edgeRoot(nodeHasher, this.edge),
      timestamp,
      proposer: height % validators.length,
      nextValidatorsHash: ZERO_DIGEST,
    };
    const block = encodeBlock(nodeHasher, header, transactions);
    this.previous = block.header;
    const messages = await this.finalMessages(block, executed.receipts);
    const added = { block, receipts: executed.receipts, messages };
    this.blocks.push(added);
    return added;
  }

  /** A block with one capture; the receipts of its events. */
  async do(gln: string, ...events: readonly JsonObject[]): Promise<readonly Receipt[]> {
    return (await this.add(await this.capture(gln, events))).receipts;
  }

  private async finalMessages(block: Block, receipts: readonly Receipt[]): Promise<readonly Uint8Array[]> {
    const { networkId, validators: set } = this.network.trust;
    const { epoch, view, height, ownHash } = block.header;
    const ballot = { epoch, view, kind: VOTE.finalize, hash: ownHash };
    const ordered = set.keyIds.map((keyId) => validators.find((one) => one.keyId === keyId)!);
    const signatures = await Promise.all(ordered.map((one) => one.sign(voteMessage(networkId, ballot))));
    const finalize = { ...ballot, signers: ordered.map((_, i) => i), signatures };
    const record = encodeFinalityRecord(makeFinalityRecord(finalize, [], [], set.size), set.size);
    return [
      encodeFinalMessage({ type: 'block', bytes: block.bytes }),
      encodeFinalMessage({ type: 'receipts', height, bytes: encodeReceipts(receipts) }),
      encodeFinalMessage({ type: 'record', bytes: record }),
    ];
  }
}
