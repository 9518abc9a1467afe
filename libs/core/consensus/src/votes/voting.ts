import { ZERO_DIGEST } from '@custos/core-crypto';
import { VOTE } from '@custos/core-finality';
import { isLeaderSilent, isTimeOver } from '../time/clock.js';
import { MAX_CLOCK_AHEAD_MS } from '../limits.js';
import { accuse } from './misbehaviour.js';
import { signBallot } from './own-votes.js';
import { askFor } from '../time/pulls.js';
import { decidedView, emit, halt, inReach, maySpeak, ownVotes, viewState, type Node, type State } from '../state.js';
import { fits, isCertified, isExecuted, isNotarized, missingSkips, parentOf } from '../blocks/tree.js';

/**
 * K4: reports whether a vote for this block is justified, apart from its execution and its time. Asks for what is
 * missing.
 */
function isJustified(state: State, node: Node): boolean {
  const { block } = node;
  if (node.justified) return true;
  if (!inReach(state, block.view) || state.views.get(block.view)?.proposal !== block.hash) return false;
  if (!isNotarized(state, block.parent, block.parentView)) {
    // A parent beside the final chain never gets a certificate.
    if (block.parentView > decidedView(state))
      askFor(state, { what: 'certificates', fromView: block.parentView }, [block.proposer]);
    return false;
  }
  const missing = missingSkips(state, block);
  if (!state.config.rules.mayJumpOver(missing.count)) {
    if (missing.count < Infinity) askFor(state, { what: 'certificates', fromView: missing.first }, [block.proposer]);
    return false;
  }
  node.justified = true;
  return true;
}

/** Asks for the execution of blocks that may get a vote or are certified, parents first. */
export function executeReady(state: State): void {
  for (const node of state.ordered) {
    if (node.status !== 'held' || !isExecuted(state, node.block.parent)) continue;
    const parent = parentOf(state, node.block);
    if (!parent || !(isCertified(state, node) || isJustified(state, node))) continue;
    if (!fits(node.block, parent)) rejectBlock(state, node);
    else {
      node.status = 'executing';
      emit(state, { type: 'execute', block: node.block });
    }
  }
}

/** Applies the answer to `execute` (K4). */
export function onExecuted(state: State, hash: Node['block']['hash'], valid: boolean): void {
  const node = state.nodes.get(hash);
  if (node?.status !== 'executing') return;
  if (valid) node.status = 'valid';
  else rejectBlock(state, node);
}

/** K4: rejects an invalid block: it gets no N, and its view an S. K15: halts when a quorum certified it. */
export function rejectBlock(state: State, node: Node): void {
  node.status = 'invalid';
  if (isCertified(state, node)) return halt(state, { code: 'CERTIFIED_BLOCK_INVALID', block: node.block });
  viewState(state, node.block.view).faulty = true;
  accuse(state, { code: 'INVALID_PROPOSAL', block: node.block });
}

/** K4: votes N once a view, also in a view that was left: S then N is allowed. */
export function notarizeReady(state: State): void {
  for (const node of state.ordered) {
    const { block } = node;
    if (node.status !== 'valid' || !maySpeak(state, block.view) || !isJustified(state, node)) continue;
    const { own, proposal } = viewState(state, block.view);
    // L3.5: a timestamp too far ahead delays the vote and is no fault of the leader.
    if (own.notarize || proposal !== block.hash || block.timestamp > state.times.now + MAX_CLOCK_AHEAD_MS) continue;
    signBallot(state, block.view, VOTE.notarize, block.hash);
  }
}

/** K5: votes F for each notarised block that this validator voted N for, at any later time. */
export function finalizeReady(state: State): void {
  for (const { block } of state.ordered) {
    const view = state.views.get(block.view);
    if (view?.notarize?.hash !== block.hash || view.own.notarize?.ballot.hash !== block.hash) continue;
    if (!maySpeak(state, block.view) || !state.config.rules.mayFinalize(ownVotes(view.own))) continue;
    signBallot(state, block.view, VOTE.finalize, block.hash);
  }
}

/**
 * K6: votes S when the view's time is over; K12: at once when its leader is silent; K4: at once when it is proven
 * faulty.
 */
export function skipReady(state: State): void {
  if (!maySpeak(state, state.view)) return;
  const { own, faulty } = viewState(state, state.view);
  if (!state.config.rules.maySkip(ownVotes(own))) return;
  if (faulty || isTimeOver(state) || isLeaderSilent(state)) signBallot(state, state.view, VOTE.skip, ZERO_DIGEST);
}
