import { unreachable } from '@custos/core-bytes';
import type { Vote } from '@custos/core-finality';
import { adoptCertificate } from './votes/certificates.js';
import { passTime, restartView, setDeadline } from './time/clock.js';
import { onRun, settleFinal } from './blocks/final.js';
import { checkOwnBallot } from './votes/own-slots.js';
import { onPersisted, onSigned } from './votes/own-votes.js';
import { onBuilt, proposeReady } from './blocks/propose.js';
import { onBlock, onOwnLaneRead, onProposal } from './blocks/proposals.js';
import { answerLaggard, askForBlocks, repeat, standStill } from './time/standstill.js';
import { decidedView, inReach, type State } from './state.js';
import { tallyVote } from './votes/tally.js';
import { thinViews } from './blocks/tree.js';
import type { Effect, Input, Step } from './types.js';
import { executeReady, finalizeReady, notarizeReady, onExecuted, skipReady } from './votes/voting.js';

/**
 * Applies one input and returns the next state with all effects. Deterministic. `now` is the host's clock in
 * milliseconds; a jump back counts as no time. The given state is consumed: the caller continues with the returned one.
 */
export function step(state: State, input: Input, now: number): Step<State> {
  if (state.halted) return { state, effects: [] };
  passTime(state.times, now);
  take(state, input);
  settle(state);
  return { state, effects: takeEffects(state) };
}

function take(state: State, input: Input): void {
  switch (input.type) {
    case 'vote': // K16, K13, K10
      return onVote(state, input.vote);
    case 'certificate': // K2, K13
      return adoptCertificate(state, input.certificate);
    case 'proposal': // K4
      return onProposal(state, input.proposal);
    case 'block': // K4
      return onBlock(state, input.block);
    case 'run': // K13
      return onRun(state, input.blocks, input.finalize);
    case 'executed': // K4
      return onExecuted(state, input.hash, input.valid);
    case 'built': // K3, K8
      return onBuilt(state, input.view, input.block);
    case 'signed': // K8
      return onSigned(state, input.vote);
    case 'persisted': // K8
      return onPersisted(state, input.entries);
    case 'waiting': // K9
      state.waiting = input.waiting;
      return;
    case 'timer': // K9
      return;
    case 'own-lane-read': // K13
      onOwnLaneRead(state, input.gap);
      return state.halted ? undefined : repeat(state);
    default:
      return unreachable(input);
  }
}

function onVote(state: State, vote: Vote): void {
  const { epoch, validators, self } = state.config;
  if (vote.epoch !== epoch || vote.signer >= validators.size) return;
  if (vote.signer === self) return checkOwnBallot(state, vote);
  if (vote.view <= state.final.view) return answerLaggard(state, vote.signer);
  if (!inReach(state, vote.view)) return;
  state.heard[vote.signer] = state.times.ran;
  tallyVote(state, vote);
}

/** Applies every rule that the state allows. One pass is enough, because a later rule changes no earlier condition. */
export function settle(state: State): void {
  while (!state.halted && (settleFinal(state) || enterView(state)));
  if (!state.halted) speak(state);
  setDeadline(state); // K9
}

function speak(state: State): void {
  // K10: a tick reopens all questions, so what is still missing is asked for again.
  if (standStill(state)) settleFinal(state);
  askForBlocks(state); // K4
  executeReady(state); // K4, K7
  if (state.halted) return;
  notarizeReady(state); // K4
  finalizeReady(state); // K5
  skipReady(state); // K6, K12
  proposeReady(state); // K3, K11
}

/**
 * K2: enters the smallest view above the last final one that has neither certificate. Views are left by certificate
 * only.
 */
function enterView(state: State): boolean {
  let view = Math.max(state.view, decidedView(state) + 1);
  for (let known = state.views.get(view); known?.notarize ?? known?.skip; known = state.views.get(view)) view++;
  if (view === state.view) return false;
  thinViews(state, state.view, view);
  state.view = view;
  restartView(state.times);
  return true;
}

/** Returns the collected effects and clears them. */
export function takeEffects(state: State): readonly Effect[] {
  const effects = state.out;
  state.out = [];
  return effects;
}
