import { malformed, parsed, type Parsed } from '@custos/core-bytes';
import {
  genesisBlock,
  networkIdOf,
  receiptRoot,
  transactionChecks,
  type Block,
  type Genesis,
  type Transaction,
} from '@custos/core-chain';
import {
  digestBytes,
  type Digest,
  type Hasher,
  type KeyId,
  type PublicKey,
  type VerifySignatures,
} from '@custos/core-crypto';
import { appendToEdge, EMPTY_EDGE, EMPTY_TREE, edgeRoot, StateTree } from '@custos/core-merkle';
import { mapView, type Entry } from '@custos/core-state';
import { execute } from '../execution.js';
import { genesisEntries } from '../genesis.js';
import { entryWrites, stateWrites } from '../writes.js';
import { RecentIds, refuseRepeated } from './recent-ids.js';
import { checkStated, keysAfter } from './stated-roots.js';

/** The state of a replayed chain, with the counts of its receipts. */
export interface ReplayedState {
  /** Hash of block 0. */
  readonly genesisHash: Digest;
  readonly counts: { readonly transactions: number; readonly accepted: number; readonly refused: number };
  /**
   * Executes a block on the blocks before it, and compares each root that its header states. Verifies the signatures of
   * its transactions. Refuses the first fault.
   */
  execute(block: Block): Promise<Parsed<undefined>>;
  /** Appends the block to the history; block 0 too, which is not executed. */
  append(hash: Digest): void;
}

/** Starts a chain with the state of its genesis. Refuses a genesis that the registry refuses. */
export function replayedState(genesis: Genesis, hasher: Hasher, verify: VerifySignatures): Parsed<ReplayedState> {
  const known = genesisEntries(hasher, genesis);
  if (!known.ok) return known;
  const entries = new Map<string, Entry>(known.value);
  const networkId = networkIdOf(hasher, genesis);
  const tree = new StateTree(hasher);
  let root = tree.apply(EMPTY_TREE, entryWrites(entries));
  let edge = EMPTY_EDGE;
  const counts = { transactions: 0, accepted: 0, refused: 0 };
  const recentIds = new RecentIds();

  async function checkSignatures(
    transactions: readonly Transaction[],
    keyOf: (id: KeyId) => PublicKey | undefined,
  ): Promise<Parsed<undefined>> {
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
      const { height, timestamp } = header;
      const fresh = refuseRepeated(transactions, (id) => recentIds.has(id, timestamp));
      if (!fresh.ok) return fresh;
      const view = mapView(entries);
      const executed = execute(view, { height, timestamp, transactions }, hasher, networkId);
      if (!executed.ok) return executed;
      const { changes, receipts } = executed.value;
      const next = tree.apply(root, stateWrites(changes));
      tree.release(root);
      root = next;
      const stated = checkStated(header, {
        historyRoot: edgeRoot(hasher, edge),
        receiptRoot: receiptRoot(hasher, receipts),
        stateRoot: tree.rootHash(root),
      });
      if (!stated.ok) return stated;
      const signed = await checkSignatures(transactions, keysAfter(view, changes));
      if (!signed.ok) return signed;
      for (const { key, after } of changes) {
        if (after) entries.set(key, after);
        else entries.delete(key);
      }
      const ids = transactions.map(({ id }) => id);
      recentIds.add(ids, timestamp);
      counts.transactions += transactions.length;
      for (const { outcome } of receipts) counts[outcome]++;
      return parsed(undefined);
    },
  });
}
