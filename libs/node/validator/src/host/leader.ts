import { encodeProposal, justificationThatFits, proposalMessage, type Block } from '@custos/core-chain';
import type { Effect } from '@custos/core-consensus';
import type { Hasher, Signer } from '@custos/core-crypto';
import type { Clock, Log } from '@custos/shell-process';
import { build } from './build.js';
import type { ChainState } from '../state/chain-state.js';
import type { Mempool } from '../lanes/mempool.js';
import type { Network } from '../network.js';
import type { Pace } from './pace.js';

/** The parts that a leader works with. */
export interface LeaderParts {
  readonly chain: ChainState;
  readonly pool: Mempool;
  readonly network: Network;
  readonly pace: Pick<Pace, 'gatherMs'>;
  readonly hasher: Hasher;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
}

/** A block that this validator proposes. */
export interface LedBlock {
  readonly block: Block;
  /** The proposal's bytes: these and no others are journaled and sent (K8). */
  readonly proposal: Uint8Array;
}

/** The effect that asks for a block. */
export type BuildEffect = Extract<Effect, { readonly type: 'build' }>;

/**
 * Builds, executes and signs the block of a view. Undefined when there is nothing to put in and something was
 * asked for, or the branch died meanwhile. A crash: it was nowhere, another may be built.
 */
export async function lead(parts: LeaderParts, effect: BuildEffect): Promise<LedBlock | undefined> {
  const { chain, pool, network, hasher, signer, clock, log, pace } = parts;
  const parent = chain.find(effect.parent.hash);
  if (!parent) return undefined;
  const { header, transactions } = parent.block;
  const gatherMs = pace.gatherMs(header, transactions.length, clock.now());
  if (gatherMs > 0) await new Promise<void>((resolve) => clock.setTimer(gatherMs, resolve));
  // Another block became final meanwhile: the parent's state is no longer held.
  if (!chain.isLive(parent)) return undefined;
  const plan = {
    epoch: effect.parent.epoch,
    view: effect.view,
    parentView: effect.parent.view,
    proposer: network.self!,
    // L3.5: later than the parent, however this clock goes.
    timestamp: Math.max(clock.now(), effect.parent.timestamp + 1),
    content: effect.content,
    // Half of the shortest view, gathering included: the rest is for signing, the wire and the votes.
    fillMs: network.genesis.parameters.t0 / 2 - gatherMs,
  };
  const { networkId } = network;
  const built = await build({ chain, pool, networkId, hasher, clock, log }, parent, plan);
  if (!built) return undefined;
  const { block } = built;
  const signature = await signer.sign(proposalMessage(block.header.ownHash));
  const certificates = justificationThatFits(block.bytes.length, effect.certificates, network.set.size);
  return { block, proposal: encodeProposal({ block, signature, certificates }, network.set.size) };
}
