import { orReject } from '@custos/core-bytes';
import { decodeBlock, receiptRoot, type Genesis } from '@custos/core-chain';
import { digestBytes, type Digest } from '@custos/core-crypto';
import { execute, genesisEntries, entryWrites, stateWrites } from '@custos/core-execution';
import { appendToEdge, edgeRoot, EMPTY_EDGE, EMPTY_TREE, StateTree } from '@custos/core-merkle';
import type { Entry } from '@custos/core-state';
import { nodeHasher as hasher } from '@custos/shell-node-crypto';

/**
 * I6: executes final blocks from nothing, beside everything that the validators did, and compares the roots.
 * Returns what is wrong with the first bad one.
 */
export function replayChain(genesis: Genesis, networkId: Digest, blocks: readonly Uint8Array[]): string | undefined {
  const state = new Map<string, Entry>(orReject(genesisEntries(hasher, genesis)));
  const tree = new StateTree(hasher);
  let root = tree.apply(EMPTY_TREE, entryWrites(state));
  let edge = EMPTY_EDGE;
  for (const bytes of blocks) {
    const { header, transactions } = orReject(decodeBlock(hasher, networkId, bytes));
    const { height, timestamp } = header;
    if (height > 0) {
      const result = execute({ get: (key) => state.get(key) }, { height, timestamp, transactions }, hasher, networkId);
      if (!result.ok) return `height ${height}: ${result.malformed.code}`;
      for (const { key, after } of result.changes) {
        if (after) state.set(key, after);
        else state.delete(key);
      }
      root = tree.apply(root, stateWrites(result.changes));
      if (receiptRoot(hasher, result.receipts) !== header.receiptRoot) return `height ${height}: receiptRoot`;
      if (edgeRoot(hasher, edge) !== header.historyRoot) return `height ${height}: historyRoot`;
    }
    if (tree.rootHash(root) !== header.stateRoot) return `height ${height}: stateRoot`;
    edge = appendToEdge(hasher, edge, digestBytes(header.ownHash));
  }
  return undefined;
}
