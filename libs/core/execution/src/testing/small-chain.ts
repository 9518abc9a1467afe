import type { Json } from '@custos/core-bytes';
import {
  encodeBlock,
  encodeFinalMessage,
  encodeReceipts,
  genesisBlock,
  HEADER_VERSION,
  networkIdOf,
  receiptRoot,
  transactionRootOf,
  type Block,
  type BlockHeader,
  type Genesis,
  type KindName,
  type Receipt,
  type Transaction,
  type UnhashedHeader,
} from '@custos/core-chain';
import {
  digestBytes,
  referencePublicKey,
  referenceSign,
  ZERO_DIGEST,
  type Digest,
  type Hasher,
} from '@custos/core-crypto';
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
  type FinalityRecord,
  type ValidatorSet,
} from '@custos/core-finality';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree, type TreeRoot } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-state';
import { entryWrites, execute, genesisEntries, stateWrites } from '../index.js';
import { must, signedBy, VALIDATOR_KEYS, type Signing } from './small-network.js';

/** The time between two views of this chain. */
const VIEW_MS = 1_000;
/** The indices of three of four validators. */
export const QUORUM: readonly number[] = [0, 2, 3];

/** The view and time of a block, and false values for its header. */
export interface Stand {
  readonly view?: number;
  readonly timestamp?: number;
  readonly lie?: Partial<UnhashedHeader>;
}

/** An executed block. */
export interface Grown {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
}

/**
 * A chain in one process over the keys of `small-network`: signed transactions, executed blocks with the roots that
 * they lead to, certificates. Its validators certify any header, so that a reader meets files that only a lying quorum
 * could make. The same calls give the same bytes.
 */
export class SmallChain {
  readonly networkId: Digest;
  readonly validators: ValidatorSet;
  readonly first: Block;
  /** The state of the validators, with which tests compare rows. */
  readonly state: Map<string, Entry>;
  head: BlockHeader;
  readonly tree: StateTree;
  root: TreeRoot;
  private edge = EMPTY_EDGE;
  private readonly leaders;

  constructor(
    readonly genesis: Genesis,
    private readonly hasher: Hasher,
  ) {
    this.networkId = networkIdOf(hasher, genesis);
    this.validators = makeValidatorSet(hasher, genesis.validators);
    this.state = new Map(must(genesisEntries(hasher, genesis)));
    this.tree = new StateTree(hasher);
    this.root = this.tree.apply(EMPTY_TREE, entryWrites(this.state));
    this.first = genesisBlock(hasher, genesis, this.tree.rootHash(this.root));
    this.head = this.first.header;
    this.leaders = leaderOrder(hasher, this.head.ownHash, this.validators);
  }

  /** Signs a transaction, by default at the time of the newest block. */
  sign(kind: KindName, gln: string, parts: readonly Json[], signing: Signing = {}): Transaction {
    return signedBy(this.hasher, this.networkId, kind, gln, parts, { at: this.head.timestamp, ...signing });
  }

  /** Returns the next block. A block-invalid block changes no state and has no receipts. */
  grow(transactions: readonly Transaction[], { view = this.head.view + 1, timestamp, lie }: Stand = {}): Grown {
    const { hasher, head, networkId, tree } = this;
    this.edge = appendToEdge(hasher, this.edge, digestBytes(head.ownHash));
    const place = { height: head.height + 1, timestamp: timestamp ?? this.genesis.time + VIEW_MS * view };
    const executed = execute(mapView(this.state), { ...place, transactions }, hasher, networkId);
    const { changes, receipts } = executed.ok ? executed.value : { changes: [], receipts: [] };
    for (const { key, after } of changes) {
      if (after) this.state.set(key, after);
      else this.state.delete(key);
    }
    this.root = tree.apply(this.root, stateWrites(changes));
    const honest: UnhashedHeader = {
      ...place,
      version: HEADER_VERSION,
      networkId,
      epoch: 0,
      view,
      parentView: head.view,
      previousHash: head.ownHash,
      transactionRoot: transactionRootOf(hasher, transactions),
      receiptRoot: receiptRoot(hasher, receipts),
      stateRoot: tree.rootHash(this.root),
      historyRoot: edgeRoot(hasher, this.edge),
      proposer: leaderOf(this.leaders, view),
      nextValidatorsHash: ZERO_DIGEST,
    };
    const block = encodeBlock(hasher, { ...honest, ...lie }, transactions);
    this.head = block.header;
    return { block, receipts };
  }

  certify(ballot: Ballot, signers = QUORUM, network = this.networkId): Certificate {
    const message = voteMessage(network, ballot);
    const keyOf = (i: number) =>
      VALIDATOR_KEYS.find((key) => referencePublicKey(key) === this.validators.entries[i]!.key)!;
    return { ...ballot, signers, signatures: signers.map((i) => referenceSign(message, keyOf(i))) };
  }

  finalize({ epoch, view, ownHash }: BlockHeader): Certificate {
    return this.certify({ epoch, view, kind: VOTE.finalize, hash: ownHash });
  }

  /**
   * Returns the record of a run by honest validators, with the certificates of skipped views and of the blocks below.
   */
  recordOf(parent: BlockHeader, headers: readonly BlockHeader[]): FinalityRecord {
    const certificates: Certificate[] = [];
    let { view: below } = parent;
    for (const { epoch, view, ownHash } of headers) {
      for (let skipped = below + 1; skipped < view; skipped++)
        certificates.push(this.certify({ epoch, view: skipped, kind: VOTE.skip, hash: ZERO_DIGEST }));
      certificates.push(this.certify({ epoch, view, kind: VOTE.notarize, hash: ownHash }));
      below = view;
    }
    return makeFinalityRecord(this.finalize(headers.at(-1)!), [], certificates, this.validators.size);
  }

  encodeRecord(record: FinalityRecord): Uint8Array {
    return encodeFinalityRecord(record, this.validators.size);
  }

  /** Returns the messages of a run of one block on the final lane (L4.6). */
  finalMessages({ block, receipts }: Grown): readonly Uint8Array[] {
    const record = makeFinalityRecord(this.finalize(block.header), [], [], this.validators.size);
    return [
      encodeFinalMessage({ type: 'block', bytes: block.bytes }),
      encodeFinalMessage({ type: 'receipts', height: block.header.height, bytes: encodeReceipts(receipts) }),
      encodeFinalMessage({ type: 'record', bytes: this.encodeRecord(record) }),
    ];
  }
}
