import type { Digest } from '@custos/core-crypto';
import type { Certificate, Vote } from '@custos/core-finality';
import { isCertificateNews } from './votes/certificates.js';
import { mayAnswer } from './time/standstill.js';
import { ascendingViews, inReach, leaderAt, type State } from './state.js';
import { isNews } from './votes/tally.js';
import { isExecuted } from './blocks/tree.js';
import type { BlockRef, Halt } from './types.js';

/** K16: reports whether this vote is worth verifying. Any other would change nothing. */
export function wantsVote(state: State, vote: Vote): boolean {
  const { epoch, validators, self } = state.config;
  if (state.halted || vote.epoch !== epoch || vote.signer >= validators.size) return false;
  if (vote.signer === self) return true;
  if (vote.view <= state.final.view) return mayAnswer(state, vote.signer);
  return inReach(state, vote.view) && isNews(state, vote);
}

/** K16: reports whether this certificate is worth verifying. */
export function wantsCertificate(state: State, certificate: Certificate): boolean {
  return !state.halted && isCertificateNews(state, certificate);
}

/**
 * K16: reports whether this proposal is worth decoding and verifying. One with new certificates always is: ask
 * {@link wantsCertificate} too.
 */
export function wantsProposal(state: State, block: BlockRef): boolean {
  if (state.halted || block.epoch !== state.config.epoch || block.proposer !== leaderAt(state, block.view))
    return false;
  if (block.view <= state.final.view) return mayAnswer(state, block.proposer);
  return inReach(state, block.view) && !state.nodes.has(block.hash);
}

/**
 * Reports whether the host must keep this block's bytes. The host asks after each `final` and after each block that it
 * gave, and drops the others.
 */
export function holdsBlock(state: State, hash: Digest): boolean {
  return hash === state.final.hash || state.nodes.has(hash);
}

/**
 * Returns the certificates that a peer asks for: the newest Finalize, then Notarize and Skip of views from `fromView`
 * on, ascending, at most `limit`.
 */
export function certificatesFrom(state: State, fromView: number, limit: number): readonly Certificate[] {
  const above = ascendingViews(state)
    .filter(({ view }) => view >= fromView)
    .flatMap(({ notarize, skip }) => [notarize, skip]);
  return [state.finalize, ...above].filter((certificate) => certificate !== undefined).slice(0, limit);
}

/** The state of consensus for readers (the provisional tip) and operators. */
export interface ConsensusStatus {
  readonly view: number;
  readonly leader: number;
  readonly final: BlockRef;
  /** The highest executed notarised block, or the final one. Its state may still change. */
  readonly provisional: BlockRef;
  /** Highest view known to be final, also while its block is missing. It shows how far this node is behind. */
  readonly finalizedView: number;
  readonly speaking: boolean;
  readonly halted: Halt | undefined;
}

/** Returns the state of consensus for readers and operators. */
export function consensusStatus(state: State): ConsensusStatus {
  const tip = state.ordered.findLast(
    ({ block }) => state.views.get(block.view)?.notarize?.hash === block.hash && isExecuted(state, block.hash),
  );
  return {
    view: state.view,
    leader: leaderAt(state, state.view),
    final: state.final,
    provisional: tip?.block ?? state.final,
    finalizedView: state.finalize?.view ?? state.final.view,
    speaking: state.speaking,
    halted: state.halted,
  };
}
