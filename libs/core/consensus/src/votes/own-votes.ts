import { VOTE, type Ballot, type Certificate, type Vote, type VoteKind } from '@custos/core-finality';
import type { Digest } from '@custos/core-crypto';
import { fillSlot, sameBallot, slotFor } from './own-slots.js';
import { emit, viewState, type State, type ViewState } from '../state.js';
import { tallyVote } from './tally.js';
import type { BlockRef, JournalEntry } from '../types.js';

/** K8: reserves the slot, so that no contradicting vote is signed meanwhile, and asks for the signature. */
export function signBallot(state: State, view: number, kind: VoteKind, hash: Digest): void {
  const ballot: Ballot = { epoch: state.config.epoch, view, kind, hash };
  fillSlot(viewState(state, view).own, { ballot, vote: undefined });
  emit(state, { type: 'sign', ballot });
}

/** Restores an own vote of the journal. It may have been sent before, so it is kept. */
export function recoverVote(state: State, vote: Vote): void {
  fillSlot(viewState(state, vote.view).own, { ballot: vote, vote });
  tallyVote(state, vote);
}

/** K8: journals the certificates and the block that the vote depends on, then the vote, and only then sends it. */
export function onSigned(state: State, vote: Vote): void {
  const view = state.views.get(vote.view);
  const slot = view && slotFor(view.own, vote.kind);
  // The view may have become final while the host signed. The signature then exists nowhere else and is not needed.
  if (!slot || slot.vote || !sameBallot(slot.ballot, vote)) return;
  slot.vote = vote;
  emit(state, { type: 'persist', entries: [...foundation(state, view, vote), { kind: 'vote', vote }] });
  emit(state, { type: 'send', message: { type: 'vote', vote } });
}

/**
 * Counts the own votes among lines that are synced. K8: a vote that is not durable is in no certificate, so that it
 * leaves by no way (lanes, HTTP, recovery, status): after a power cut this validator may vote otherwise.
 */
export function onPersisted(state: State, entries: readonly JournalEntry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'vote' && entry.vote.view > state.final.view) tallyVote(state, entry.vote);
  }
}

/** Returns the journal lines that must be written before this vote. */
function foundation(state: State, view: ViewState, vote: Vote): readonly JournalEntry[] {
  switch (vote.kind) {
    case VOTE.notarize: {
      const node = state.nodes.get(vote.hash);
      if (!node) return [];
      const lines = justification(state, node.block).flatMap((certificate) => journalOnce(state, certificate));
      if (node.journaled) return lines;
      node.journaled = true;
      return [...lines, { kind: 'proposal', block: node.block }];
    }
    case VOTE.skip:
      return [];
    // K8: an F whose Notarize certificate was lost in a power cut could keep its view open for ever.
    case VOTE.finalize:
      return view.notarize ? journalOnce(state, view.notarize) : [];
  }
}

function journalOnce(state: State, certificate: Certificate): readonly JournalEntry[] {
  const { journaled } = viewState(state, certificate.view);
  if (journaled.has(certificate.kind)) return [];
  journaled.add(certificate.kind);
  return [{ kind: 'certificate', certificate }];
}

/** K4: returns the certificates that justify a block: the parent's Notarize, and the Skips between. */
function justification(state: State, block: BlockRef): readonly Certificate[] {
  const certificates: Certificate[] = [];
  for (let view = Math.max(block.parentView, state.final.view + 1); view < block.view; view++) {
    const known = state.views.get(view);
    const certificate = view === block.parentView ? known?.notarize : known?.skip;
    if (certificate) certificates.push(certificate);
  }
  return certificates;
}
