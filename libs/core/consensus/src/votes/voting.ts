import { ZERO_DIGEST } from '@custos/core-crypto';
import { VOTE } from '@custos/core-finality';
import { isLeaderSilent, isTimeOver } from '../time/clock.js';
import { MAX_CLOCK_AHEAD_MS } from '../limits.js';
import { accuse } from './misbehaviour.js';
import { signBallot } from './own-votes.js';
import { askFor } from '../time/pulls.js';
import { decidedView, emit, halt, inReach, maySpeak, ownVotes, viewState, type Node, type State } from '../state.js';
import { fits, isCertified, isExecuted, isNotarized, missingSkips, parentOf } from '../blocks/tree.js';

/** K4: may a vote for this block be thought of, its execution and its time aside? Asks for what is missing. */
function isJustified(state: State, node: Node): boolean {
  const { block } = node;
  if (node.justified) return true;
  if (!inReach(state, block.view) || state.views.get(block.view)?.proposal !== block.hash) return false;
  if (!isNotarized(state, block.parent, block.parentView)) {
    // A parent beside the final chain gets no certificate any more.
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

/** Executes, one answer at a time and parents first, what may get a vote or is certified. */
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

export function onExecuted(state: State, hash: Node['block']['hash'], valid: boolean): void {
  const node = state.nodes.get(hash);
  if (node?.status !== 'executing') return;
  if (valid) node.status = 'valid';
  else rejectBlock(state, node);
}

/** K4: an invalid block gets no N, its view an S; K15: unless a quorum says it is valid. */
export function rejectBlock(state: State, node: Node): void {
  node.status = 'invalid';
  if (isCertified(state, node)) return halt(state, { code: 'CERTIFIED_BLOCK_INVALID', block: node.block });
  viewState(state, node.block.view).faulty = true;
  accuse(state, { code: 'INVALID_PROPOSAL', block: node.block });
}

/** K4: N, once a view, also in a view that was left: S then N is allowed. */
export function notarizeReady(state: State): void {
  for (const node of state.ordered) {
    const { block } = node;
    if (node.status !== 'valid' || !maySpeak(state, block.view) || !isJustified(state, node)) continue;
    const { own, proposal } = viewState(state, block.view);
    // L3.5: a timestamp too far ahead is waited for, never held against the leader.
    if (own.notarize || proposal !== block.hash || block.timestamp > state.times.now + MAX_CLOCK_AHEAD_MS) continue;
    signBallot(state, block.view, VOTE.notarize, block.hash);
  }
}

/** K5: F for the notarised block that I voted N for, however long ago. */
export function finalizeReady(state: State): void {
  for (const { block } of state.ordered) {
    const view = state.views.get(block.view);
    if (view?.notarize?.hash !== block.hash || view.own.notarize?.ballot.hash !== block.hash) continue;
    if (!maySpeak(state, block.view) || !state.config.rules.mayFinalize(ownVotes(view.own))) continue;
    signBallot(state, block.view, VOTE.finalize, block.hash);
  }
}

/** K6: S when the view's time is over; K12: at once when its leader is silent, K4 when it is proven faulty. */
export function skipReady(state: State): void {
  if (!maySpeak(state, state.view)) return;
  const { own, faulty } = viewState(state, state.view);
  if (!state.config.rules.maySkip(ownVotes(own))) return;
  if (faulty || isTimeOver(state) || isLeaderSilent(state)) signBallot(state, state.view, VOTE.skip, ZERO_DIGEST);
}
