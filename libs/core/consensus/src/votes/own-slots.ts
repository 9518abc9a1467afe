import { VOTE, type Ballot, type VoteKind } from '@custos/core-finality';
import { halt, type OwnSlots, type Slot, type State } from '../state.js';

/** Reports whether two ballots are equal. */
export function sameBallot(a: Ballot, b: Ballot): boolean {
  return a.epoch === b.epoch && a.view === b.view && a.kind === b.kind && a.hash === b.hash;
}

/** Returns this validator's slot for a kind of vote (K8); undefined when it is free. */
export function slotFor(own: OwnSlots, kind: VoteKind): Slot | undefined {
  return kind === VOTE.notarize ? own.notarize : own.closing;
}

/** Stores a slot under the kind of its ballot (K8). */
export function fillSlot(own: OwnSlots, slot: Slot): void {
  if (slot.ballot.kind === VOTE.notarize) own.notarize = slot;
  else own.closing = slot;
}

/**
 * K13: halts RECOVERY_NEEDED when this key signed a ballot that the journal lacks. It ignores views whose rows were
 * pruned, since this validator does not vote there, and views at or below the last final block, which cannot change.
 */
export function checkOwnBallot(state: State, ballot: Ballot): void {
  if (ballot.epoch !== state.config.epoch) return;
  if (ballot.view <= state.final.view || ballot.view < state.journalFloor) return;
  const own = state.views.get(ballot.view)?.own;
  const slot = own && slotFor(own, ballot.kind);
  if (slot && sameBallot(slot.ballot, ballot)) return;
  const { epoch, view, kind, hash } = ballot;
  halt(state, { code: 'RECOVERY_NEEDED', ballot: { epoch, view, kind, hash } });
}
