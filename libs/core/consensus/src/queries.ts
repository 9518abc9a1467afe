import type { Digest } from '@custos/core-crypto';
import type { Certificate, Vote } from '@custos/core-finality';
import { isCertificateNews } from './votes/certificates.js';
import { mayAnswer } from './time/standstill.js';
import { ascendingViews, inReach, leaderAt, type State } from './state.js';
import { isNews } from './votes/tally.js';
import { isExecuted } from './blocks/tree.js';
import type { BlockRef, Halt } from './types.js';

/** K16: is this vote worth verifying? A vote that is not would change nothing. */
export function wantsVote(state: State, vote: Vote): boolean {
  const { epoch, validators, self } = state.config;
  if (state.halted || vote.epoch !== epoch || vote.signer >= validators.size) return false;
  if (vote.signer === self) return true;
  if (vote.view <= state.final.view) return mayAnswer(state, vote.signer);
  return inReach(state, vote.view) && isNews(state, vote);
}

/** K16: is this certificate worth verifying? */
export function wantsCertificate(state: State, certificate: Certificate): boolean {
  return !state.halted && isCertificateNews(state, certificate);
}

/** K16: is this proposal worth decoding further and verifying? One whose certificates are news always is. */
export function wantsProposal(state: State, block: BlockRef): boolean {
  if (state.halted || block.epoch !== state.config.epoch || block.proposer !== leaderAt(state, block.view))
    return false;
  if (block.view <= state.final.view) return mayAnswer(state, block.proposer);
  return inReach(state, block.view) && !state.nodes.has(block.hash);
}

/** Must the host keep this block's bytes? After a `final`, and after a block was given, ask and let go. */
export function holdsBlock(state: State, hash: Digest): boolean {
  return hash === state.final.hash || state.nodes.has(hash);
}

/** What a peer asks for: the newest Finalize certificate, then N and S of views from this one on, ascending. */
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
  /** The highest executed notarised block, or the final one: a state that may still change. */
  readonly provisional: BlockRef;
  /** Highest view known to be final, also where the block is still missing: how far behind this node is. */
  readonly finalizedView: number;
  readonly speaking: boolean;
  readonly halted: Halt | undefined;
}

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
