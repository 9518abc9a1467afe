import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import {
  DUPLICATE_WINDOW_MS,
  genesisBlock,
  networkIdOf,
  receiptRoot,
  transactionChecks,
  type Block,
  type Genesis,
  type Transaction,
} from '@custos/core-chain';
import { digestBytes, ZERO_DIGEST, type Digest, type Hasher, type VerifySignatures } from '@custos/core-crypto';
import { entryWrites, execute, genesisEntries, stateWrites } from '@custos/core-execution';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree } from '@custos/core-merkle';
import { registry } from '@custos/core-registry';
import { mapView, type Entry } from '@custos/core-state';

/** The state of a chain that is replayed, and what its blocks did to it. */
export interface ReplayedState {
  /** Hash of block 0. */
  readonly genesisHash: Digest;
  readonly counts: { readonly transactions: number; readonly accepted: number; readonly refused: number };
  /** Executes a block on all that came before and compares every root that it states. */
  execute(block: Block): Promise<Parsed<undefined>>;
  /** The block is part of the chain from here on; block 0 too, which executes nothing. */
  append(hash: Digest): void;
}

export function replayedState(genesis: Genesis, hasher: Hasher, verify: VerifySignatures): Parsed<ReplayedState> {
  const known = genesisEntries(hasher, genesis);
  if (!known.ok) return known;
  const entries = new Map<string, Entry>(known.value);
  const networkId = networkIdOf(hasher, genesis);
  const tree = new StateTree(hasher);
  let root = tree.apply(EMPTY_TREE, entryWrites(entries));
  let edge = EMPTY_EDGE;
  const counts = { transactions: 0, accepted: 0, refused: 0 };
  /** Of blocks within the duplicate window, oldest first (L2.5). */
  const recentIds = new Map<Digest, number>();

  // L5.1: a key counts from where it was enrolled, which may lie within the block. Execution found every signer
  // active at its place, so the keys of the state after the block are the ones to verify with.
  async function checkSignatures(transactions: readonly Transaction[]): Promise<Parsed<undefined>> {
    const keyOf = (keyId: Digest) => registry(mapView(entries)).keyRecord(keyId)?.publicKey;
    for (const [i, transaction] of transactions.entries()) {
      const checks = transactionChecks(networkId, transaction, keyOf);
      if (!checks.ok) return checks;
      if (!(await verify(checks.value)))
        return malformed('SIGNATURE_WRONG', `/transactions/${i}`, 'a signature does not verify');
    }
    return parsed(undefined);
  }

  return parsed({
    genesisHash: genesisBlock(hasher, genesis, tree.rootHash(root)).header.ownHash,
    counts,
    append: (hash) => void (edge = appendToEdge(hasher, edge, digestBytes(hash))),
    async execute({ header, transactions }) {
      // L3.3: the validators of genesis stay, so there is one epoch and no block names the next ones.
      if (header.epoch !== 0) return malformed('EPOCH_WRONG', '/epoch', 'stay in epoch 0');
      if (header.nextValidatorsHash !== ZERO_DIGEST)
        return malformed('NEXT_VALIDATORS_WRONG', '/nextValidatorsHash', 'state 32 zero bytes');
      if (edgeRoot(hasher, edge) !== header.historyRoot) return wrongRoot('historyRoot');
      const noted = noteIds(recentIds, transactions, header.timestamp);
      if (!noted.ok) return noted;
      const executed = execute(mapView(entries), { ...header, transactions }, hasher, networkId);
      if (!executed.ok) return executed;
      if (receiptRoot(hasher, executed.receipts) !== header.receiptRoot) return wrongRoot('receiptRoot');
      const next = tree.apply(root, stateWrites(executed.changes));
      tree.release(root);
      root = next;
      if (tree.rootHash(root) !== header.stateRoot) return wrongRoot('stateRoot');
      for (const { key, after } of executed.changes) {
        if (after) entries.set(key, after);
        else entries.delete(key);
      }
      const checked = await checkSignatures(transactions);
      if (!checked.ok) return checked;
      counts.transactions += transactions.length;
      for (const { outcome } of executed.receipts) counts[outcome]++;
      return parsed(undefined);
    },
  });
}

/** L2.5: forgets what is out of the window, and refuses an id that comes again within it. */
function noteIds(
  recent: Map<Digest, number>,
  transactions: readonly Transaction[],
  timestamp: number,
): Parsed<undefined> {
  for (const [id, at] of recent) {
    if (at >= timestamp - DUPLICATE_WINDOW_MS) break;
    recent.delete(id);
  }
  for (const [i, { id }] of transactions.entries()) {
    if (recent.has(id)) return malformed('TRANSACTION_REPEATED', `/transactions/${i}`, 'hold a transaction once');
    recent.set(id, timestamp);
  }
  return parsed(undefined);
}

function wrongRoot(name: 'historyRoot' | 'receiptRoot' | 'stateRoot'): Parsed<never> {
  return malformed('ROOT_WRONG', `/${name}`, `the block states another ${name} than a replay gives`);
}
