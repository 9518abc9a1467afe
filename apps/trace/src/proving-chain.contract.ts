import { orReject, parsed, type Json, type Parsed } from '@custos/core-bytes';
import {
  decodeTransaction,
  encodeBlock,
  encodeFinalMessage,
  encodeHeader,
  encodeReceipts,
  genesisOf,
  HEADER_VERSION,
  receiptRoot,
  transactionRootOf,
  unsignedTransaction,
  type AnswerBundle,
} from '@custos/core-chain';
import { digestBytes, ZERO_DIGEST, type Signer } from '@custos/core-crypto';
import { CUSTOS_CONTEXT, objectEvent } from '@custos/core-epcis';
import { entryWrites, execute, KIND, stateWrites, type KindName } from '@custos/core-execution';
import { encodeCertificate, encodeFinalityRecord, makeFinalityRecord, VOTE, voteMessage } from '@custos/core-finality';
import { parseScan } from '@custos/core-gs1';
import { appendToEdge, edgeRoot, EMPTY_EDGE, EMPTY_TREE, encodeStateProof, StateTree } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-registry';
import { pinNetwork, type PinnedNetwork } from '@custos/node-follower';
import { nodeHasher, nodeVerify, signerFromPrivateKey } from '@custos/shell-node-crypto';

export const MAKER = '4012345000009';
export const TRADER = '4023456000000';
export const AUTHORITY = '4045678000002';
export const GTIN = '04012345000016';
const PARTIES = [
  { gln: MAKER, name: 'Alpenrose Pharma', roles: ['manufacturer'], licences: ['manufacturing'] },
  { gln: TRADER, name: 'Nordlicht Grosshandel', roles: ['distributor'], licences: ['wholesale'] },
  { gln: AUTHORITY, name: 'Bundesstelle Arzneimittel', roles: ['regulator'], licences: [] },
];
const START = Date.parse('2026-01-05T08:00:00Z');
const signerOf = (seed: string): Signer => signerFromPrivateKey(seed.repeat(32));
const maker = signerOf('11');
const validators = ['61', '62', '63', '64'].map(signerOf);

const GENESIS: Json = {
  name: 'proving',
  time: START,
  parameters: { epochLength: 0, t0: 400 },
  countries: { DE: 'EU' },
  ruleSets: {},
  validators: validators.map(({ publicKey }, i) => ({
    gln: PARTIES[i % PARTIES.length]!.gln,
    key: publicKey,
    endpoints: { lanes: '127.0.0.1:1', http: `http://127.0.0.1:${i + 2}` },
  })),
  parties: PARTIES.map(({ gln, licences, ...party }) => ({
    ...party,
    gln,
    country: 'DE',
    licences: licences.map((kind) => ({ kind, validFrom: 0 })),
    agents: [],
    prefixes: [gln.slice(0, 7)],
    locations: [],
  })),
  keys: [{ party: MAKER, publicKey: maker.publicKey }],
  products: [],
};

/** A chain of one maker in this process, that answers for its state as a validator does: leaves with proofs. */
export class ProvingChain {
  readonly network: PinnedNetwork = orReject(pinNetwork(orReject(genesisOf(GENESIS)), nodeHasher, nodeVerify));
  private readonly state = new Map<string, Entry>(this.network.genesis.entries);
  private readonly tree = new StateTree(nodeHasher);
  private root = this.tree.apply(EMPTY_TREE, entryWrites(this.state));
  private edge = EMPTY_EDGE;
  private head = this.network.header;
  private certificate = new Uint8Array(0);
  private readonly runs: (readonly Uint8Array[])[] = [];

  messagesFrom(height: number): readonly Uint8Array[] {
    return this.runs.slice(height - 1).flat();
  }

  /** Registers the product, then commissions one pack for each serial. */
  async make(serials: readonly string[], lot: string, expiry: string): Promise<void> {
    await this.add('product', [{ op: 'register', gtin: GTIN, name: 'Alpenrosin 20 mg' }]);
    const epcs = serials.map((serial) => orReject(parseScan(`(01)${GTIN}(21)${serial}`)).identifier);
    const ilmd = { lot, expiry };
    const at = { eventTime: this.head.timestamp, action: 'ADD', bizStep: 'commissioning' } as const;
    const event = objectEvent({ ...at, eventID: 'urn:event:1', epcs, ilmd });
    await this.add('capture', [
      { context: CUSTOS_CONTEXT, header: {}, onError: 'proceed', salt: '5a'.repeat(32) },
      event,
    ]);
  }

  leaves(keys: readonly string[]): Parsed<AnswerBundle> {
    const leaves = keys.map((key) => {
      const value = this.state.get(key)?.value;
      return { key, ...(value && { value }), proof: encodeStateProof(this.tree.prove(this.root, key)) };
    });
    return parsed({ header: encodeHeader(this.head), above: [], certificate: this.certificate, leaves, events: [] });
  }

  private async add(kind: KindName, parts: readonly Json[]): Promise<void> {
    const { networkId } = this.network.trust;
    const createdAt = this.head.timestamp;
    const draft = { kind: KIND[kind], keyIds: [maker.keyId], createdAt, expiresAt: createdAt + 600_000, parts };
    const unsigned = unsignedTransaction(nodeHasher, networkId, draft);
    const bytes = unsigned.finish([await maker.sign(unsigned.message)]);
    const transactions = [orReject(decodeTransaction(nodeHasher, networkId, bytes))];
    const place = { height: this.head.height + 1, timestamp: createdAt + 1_000 };
    const executed = execute(mapView(this.state), { ...place, transactions }, nodeHasher, networkId);
    if (!executed.ok || executed.receipts.some(({ outcome }) => outcome === 'refused'))
      throw new Error(JSON.stringify(executed));
    for (const { key, after } of executed.changes) this.state.set(key, after!);
    this.root = this.tree.apply(this.root, stateWrites(executed.changes));
    this.edge = appendToEdge(nodeHasher, this.edge, digestBytes(this.head.ownHash));
    const block = encodeBlock(
      nodeHasher,
      {
        ...place,
        version: HEADER_VERSION,
        networkId,
        epoch: 0,
        view: place.height,
        parentView: this.head.view,
        previousHash: this.head.ownHash,
        transactionRoot: transactionRootOf(nodeHasher, transactions),
        receiptRoot: receiptRoot(nodeHasher, executed.receipts),
        stateRoot: this.tree.rootHash(this.root),
        historyRoot: edgeRoot(nodeHasher, this.edge),
        proposer: 1,
        nextValidatorsHash: ZERO_DIGEST,
      },
      transactions,
    );
    this.head = block.header;
    this.runs.push([
      encodeFinalMessage({ type: 'block', bytes: block.bytes }),
      encodeFinalMessage({ type: 'receipts', height: place.height, bytes: encodeReceipts(executed.receipts) }),
      encodeFinalMessage({ type: 'record', bytes: await this.certify() }),
    ]);
  }

  private async certify(): Promise<Uint8Array> {
    const { networkId, validators: set } = this.network.trust;
    const { epoch, view, ownHash } = this.head;
    const ballot = { epoch, view, kind: VOTE.finalize, hash: ownHash };
    const ordered = set.keyIds.map((keyId) => validators.find((one) => one.keyId === keyId)!);
    const signatures = await Promise.all(ordered.map((one) => one.sign(voteMessage(networkId, ballot))));
    const finalize = { ...ballot, signers: ordered.map((_, i) => i), signatures };
    this.certificate = encodeCertificate(finalize, set.size) as typeof this.certificate;
    return encodeFinalityRecord(makeFinalityRecord(finalize, [], [], set.size), set.size);
  }
}
