import { adoptCertificate } from './votes/certificates.js';
import { heartbeatOf, startTimes } from './time/clock.js';
import { recoverVote } from './votes/own-votes.js';
import { RULES } from './rules.js';
import { viewState, type State } from './state.js';
import { settle, takeEffects } from './step.js';
import { addNode } from './blocks/tree.js';
import type { BlockRef, ConsensusConfig, Recovered, Step } from './types.js';

/**
 * Restores the state from before the crash, without what was not durable. The effects ask for executions, but nothing
 * is signed or sent before `own-lane-read` (K13).
 */
export function initialState(config: ConsensusConfig, recovered: Recovered, now: number): Step<State> {
  const state = emptyState(config, recovered, now);
  const isAbove = ({ epoch, view }: { readonly epoch: number; readonly view: number }): boolean =>
    epoch === config.epoch && view > recovered.final.view;
  // Own votes come first: a certificate that this key signed is compared with them (K13).
  for (const vote of recovered.votes.filter(isAbove)) recoverVote(state, vote);
  for (const block of recovered.ownProposals.filter(isAbove)) {
    viewState(state, block.view).own.proposal = block;
    recoverBlock(state, block);
  }
  for (const block of recovered.proposals.filter(isAbove)) recoverBlock(state, block);
  for (const certificate of recovered.certificates.filter(isAbove)) {
    viewState(state, certificate.view).journaled.add(certificate.kind);
    adoptCertificate(state, certificate);
  }
  settle(state);
  return { state, effects: takeEffects(state) };
}

function emptyState(config: ConsensusConfig, recovered: Recovered, now: number): State {
  const { final, finalize, journalFloor } = recovered;
  return {
    config: { ...config, rules: config.rules ?? RULES, heartbeat: heartbeatOf(config.heartbeat) },
    journalFloor,
    final,
    finalNotarize: undefined,
    finalize,
    run: undefined,
    view: final.view + 1,
    notarized: 0,
    views: new Map(),
    nodes: new Map(),
    ordered: [],
    times: startTimes(now),
    heard: [],
    skipped: new Array<number>(config.validators.size).fill(0),
    answered: [],
    asked: new Map(),
    rotation: 0,
    waiting: false,
    building: undefined,
    speaking: false,
    halted: undefined,
    out: [],
  };
}

function recoverBlock(state: State, block: BlockRef): void {
  const view = viewState(state, block.view);
  view.proposal ??= block.hash;
  addNode(state, block, 'held').journaled = true;
}
