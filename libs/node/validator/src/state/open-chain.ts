import { orReject } from '@custos/core-bytes';
import { decodeBlock, encodeReceipts, genesisBlock, type Block } from '@custos/core-chain';
import type { Hasher } from '@custos/core-crypto';
import { entryWrites, genesisEntries, RecentIds } from '@custos/core-execution';
import { EMPTY_TREE, StateTree, type Edge, type TreeRoot } from '@custos/core-merkle';
import type { Entry } from '@custos/core-state';
import type { ChainStore } from '@custos/shell-chain-store';
import type { Clock } from '@custos/shell-process';
import { ChainState } from './chain-state.js';
import type { ExecutedBlock } from './executed-block.js';
import type { Network } from '../network.js';

/** Entries put into the tree at a time: one batch shares the hashes of its upper nodes. */
const ENTRIES_TOGETHER = 4_096;

/** The files here do not belong to this network, or are damaged; a person has to look. */
class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable';
}

/** The parts that a chain is opened with. */
export interface ChainParts {
  readonly network: Network;
  readonly store: ChainStore;
  readonly hasher: Hasher;
  readonly clock: Clock;
}

/** An opened chain with its block 0. */
export interface OpenedChain {
  readonly chain: ChainState;
  readonly genesis: Block;
}

/**
 * Opens the chain as the store holds it: writes block 0 on a new one, else rebuilds the state tree from the
 * entries (L6.8) and compares its root with the one that the head states.
 * @throws StoreUnusable
 */
export async function openChain({ network, store, hasher, clock }: ChainParts): Promise<OpenedChain> {
  const tree = new StateTree(hasher);
  const entries = genesisEntries(hasher, network.genesis);
  if (!entries.ok) throw new StoreUnusable(`genesis: ${entries.malformed.code} at ${entries.malformed.field}`);
  const genesisRoot = rootOf(tree, entries.value);
  const genesis = genesisBlock(hasher, network.genesis, tree.rootHash(genesisRoot));
  const held = store.block(0);
  if (held && held.hash !== genesis.header.ownHash) throw new StoreUnusable(`the store begins with block ${held.hash}`);
  if (!held) await storeGenesis(store, genesis, entries.value);

  const head = store.head()!;
  const block = orReject(decodeBlock(hasher, network.networkId, store.block(head.height)!.bytes));
  const isNew = head.height === 0;
  const root = isNew ? genesisRoot : rootOf(tree, store.entries());
  if (!isNew) tree.release(genesisRoot);
  if (tree.rootHash(root) !== block.header.stateRoot)
    throw new StoreUnusable(`the entries do not give the state root of block ${head.height}`);
  const chain = new ChainState({
    networkId: network.networkId,
    validators: network.set.size,
    hasher,
    clock,
    store,
    tree,
    recentIds: new RecentIds(store.transactionIdsSince(0)),
    head: headBlock(block, root, head.edge),
  });
  return { chain, genesis };
}

function rootOf(tree: StateTree, entries: Iterable<readonly [string, Entry]>): TreeRoot {
  let root = EMPTY_TREE;
  let batch: (readonly [string, Entry])[] = [];
  const flush = (): void => {
    const next = tree.apply(root, entryWrites(batch));
    tree.release(root);
    root = next;
    batch = [];
  };
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length === ENTRIES_TOGETHER) flush();
  }
  flush();
  return root;
}

// L3.4: block 0 is final by itself, so it has no record. A crash before the append resolves: it is written again.
async function storeGenesis(store: ChainStore, block: Block, entries: ReadonlyMap<string, Entry>): Promise<void> {
  const { epoch, view, height, ownHash, timestamp } = block.header;
  const changes = [...entries].map(([key, after]) => ({ key, before: undefined, after }));
  const stored = { epoch, view, height, hash: ownHash, timestamp, bytes: block.bytes, changes };
  const receipts = encodeReceipts([]);
  await store.append({ blocks: [{ ...stored, receipts, transactionIds: [] }], record: undefined });
}

function headBlock(block: Block, root: TreeRoot, edge: Edge): ExecutedBlock {
  return {
    block,
    parent: undefined,
    changes: [],
    entries: new Map(),
    receipts: encodeReceipts([]),
    ids: new Set(),
    root,
    edge,
    stored: true,
  };
}
