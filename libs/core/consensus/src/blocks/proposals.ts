import { type Certificate } from '@custos/core-finality';
import { answerLaggard } from '../time/standstill.js';
import { adoptCertificate } from '../votes/certificates.js';
import { accuse } from '../votes/misbehaviour.js';
import { halt, inReach, leaderAt, viewState, type State } from '../state.js';
import { addNode } from './tree.js';
import type { BlockRef, ProposalRef } from '../types.js';
import { rejectBlock } from '../votes/voting.js';

/** K4: holds the first proposal of a view. A second one proves its leader faulty. */
export function onProposal(state: State, { block, certificates }: ProposalRef): void {
  if (block.epoch !== state.config.epoch || block.proposer !== leaderAt(state, block.view)) return;
  if (block.view <= state.final.view) return answerLaggard(state, block.proposer);
  for (const certificate of certificates) adoptCertificate(state, certificate);
  if (block.proposer === state.config.self) return checkOwnProposal(state, block);
  if (!inReach(state, block.view)) return;
  state.heard[block.proposer] = state.times.ran;
  holdProposal(state, block);
}

function holdProposal(state: State, block: BlockRef): void {
  const view = viewState(state, block.view);
  const first = view.proposal ?? block.hash;
  view.proposal = first;
  if (first === block.hash) {
    const node = addNode(state, block, 'held');
    if (node.status === 'held' && block.parentView >= block.view) rejectBlock(state, node);
    return;
  }
  const other = state.nodes.get(first);
  if (!other || view.faulty) return;
  view.faulty = true;
  accuse(state, { code: 'TWO_PROPOSALS', blocks: [other.block, block] });
}

/**
 * K13: halts when the own proposals lane holds a proposal that the journal lacks: the journal is then not the one of
 * the validator that proposed.
 */
function checkOwnProposal(state: State, block: BlockRef): void {
  if (block.view < state.journalFloor) return;
  const own = state.views.get(block.view)?.own.proposal;
  if (own?.hash !== block.hash) halt(state, { code: 'RECOVERY_NEEDED', ballot: undefined });
}

/** Adds a pulled block when a certificate or a held block names its hash. */
export function onBlock(state: State, block: BlockRef): void {
  if (block.epoch !== state.config.epoch || block.view <= state.final.view) return;
  const isNamed = (certificate: Certificate | undefined): boolean => certificate?.hash === block.hash;
  const isWanted =
    isNamed(state.finalize) ||
    isNamed(state.run) ||
    isNamed(state.views.get(block.view)?.notarize) ||
    state.ordered.some((node) => node.block.parent === block.hash);
  if (isWanted) addNode(state, block, 'held');
}

/** K13: allows votes and proposals once the lane of this validator's own votes was read to its end; halts on a gap. */
export function onOwnLaneRead(state: State, gap: boolean): void {
  if (gap) halt(state, { code: 'RECOVERY_NEEDED', ballot: undefined });
  else state.speaking = true;
}
