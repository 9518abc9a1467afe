import { parsed, type Parsed } from '@custos/core-bytes';
import { genesisBlock, networkIdOf, type BlockHeader, type Genesis } from '@custos/core-chain';
import type { Hasher, VerifySignatures } from '@custos/core-crypto';
import { entryWrites, genesisEntries } from '@custos/core-execution';
import { makeValidatorSet } from '@custos/core-finality';
import { EMPTY_TREE, StateTree } from '@custos/core-merkle';
import type { Trust } from './runs/check-run.js';
import type { GenesisState } from './rows/projection.js';

/** The facts that a reader believes without proof: they follow from the genesis document alone (L3.4). */
export interface PinnedNetwork {
  readonly name: string;
  readonly trust: Trust;
  readonly genesis: GenesisState;
  readonly header: BlockHeader;
}

/** Derives the network from its genesis. Refuses a genesis that the registry refuses. */
export function pinNetwork(genesis: Genesis, hasher: Hasher, verify: VerifySignatures): Parsed<PinnedNetwork> {
  const entries = genesisEntries(hasher, genesis);
  if (!entries.ok) return entries;
  const networkId = networkIdOf(hasher, genesis);
  const tree = new StateTree(hasher);
  const root = tree.apply(EMPTY_TREE, entryWrites(entries.value));
  const { header } = genesisBlock(hasher, genesis, tree.rootHash(root));
  tree.close();
  return parsed({
    name: genesis.name,
    trust: { hasher, networkId, verify, validators: makeValidatorSet(hasher, genesis.validators) },
    genesis: { networkId, time: genesis.time, entries: entries.value },
    header,
  });
}
