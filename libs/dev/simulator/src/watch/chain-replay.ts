import { orReject } from '@custos/core-bytes';
import type { Block, Genesis } from '@custos/core-chain';
import { replayedState } from '@custos/core-execution';
import { nodeHasher } from '@custos/shell-node-crypto';
import { simulatedVerify } from '../twins/sim-crypto.js';

/**
 * Executes final blocks from nothing, beside everything that the validators did, and compares the roots (I6). Returns
 * the fault of the first bad one.
 */
export async function replayChain(genesis: Genesis, blocks: readonly Block[]): Promise<string | undefined> {
  const state = orReject(replayedState(genesis, nodeHasher, simulatedVerify));
  for (const block of blocks) {
    const { height, ownHash } = block.header;
    if (height === 0 && ownHash !== state.genesisHash) return 'height 0: another block 0';
    const executed = height > 0 ? await state.execute(block) : undefined;
    if (executed?.ok === false) return `height ${height}: ${executed.malformed.code} ${executed.malformed.field}`;
    state.append(ownHash);
  }
  return undefined;
}
