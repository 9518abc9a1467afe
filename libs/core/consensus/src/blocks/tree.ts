import type { Digest } from '@custos/core-crypto';
import { VIEWS_BEHIND } from '../limits.js';
import { decidedView, viewState, type Node, type State } from '../state.js';
import type { BlockRef } from '../types.js';

/** Adds a block above the last final one; ascending by view, the first of a view first. */
export function addNode(state: State, block: BlockRef, status: Node['status']): Node {
  const known = state.nodes.get(block.hash);
  if (known) return known;
  const node: Node = { block, status, final: false, justified: false, journaled: false };
  state.nodes.set(block.hash, node);
  let at = state.ordered.length;
  while (at > 0 && state.ordered[at - 1]!.block.view > block.view) at--;
  state.ordered.splice(at, 0, node);
  return node;
}

/** The block below, if it is held: the last final one or a node. */
export function parentOf(state: State, block: BlockRef): BlockRef | undefined {
  return block.parent === state.final.hash ? state.final : state.nodes.get(block.parent)?.block;
}

/** Does the state after this block exist here? */
export function isExecuted(state: State, hash: Digest): boolean {
  return hash === state.final.hash || state.nodes.get(hash)?.status === 'valid';
}

export function isNotarized(state: State, hash: Digest, view: number): boolean {
  if (hash === state.final.hash && view === state.final.view) return true;
  if (state.finalize && view === state.finalize.view) return state.finalize.hash === hash;
  return state.views.get(view)?.notarize?.hash === hash;
}

/** Returns whether a quorum, or a Finalize certificate above it, accepted this block. */
export function isCertified(state: State, node: Node): boolean {
  return node.final || isNotarized(state, node.block.hash, node.block.view);
}

/** What a header must say about its parent, as far as consensus can see (K4, L3.5). */
export function fits(block: BlockRef, parent: BlockRef): boolean {
  return (
    block.height === parent.height + 1 &&
    block.parentView === parent.view &&
    block.view > parent.view &&
    block.timestamp > parent.timestamp
  );
}

/** K4: the first proposal of a view is voted on, or the one that a quorum chose. */
export function pickCandidate(state: State, view: number, hash: Digest): void {
  viewState(state, view).proposal = hash;
}

/** K4: views between a block and its parent without a Skip certificate, lowest first. */
export function missingSkips(state: State, block: BlockRef): { readonly count: number; readonly first: number } {
  let count = 0;
  let first = 0;
  for (let view = block.view - 1; view > block.parentView; view--) {
    // A view at or below a final one was not skipped: such a block can never be justified.
    if (view <= decidedView(state)) return { count: Infinity, first: decidedView(state) + 1 };
    if (state.views.get(view)?.skip) continue;
    count++;
    first = view;
  }
  return { count, first };
}

/** K7: drops what lies at or below the last final block, and what cannot descend from it. */
export function pruneTree(state: State): void {
  const { final } = state;
  const dropped = new Set<Digest>();
  state.ordered = state.ordered.filter(({ block }) => {
    // A parent above the final block that is not held yet may still turn out to descend from it.
    const descends = block.parentView > final.view ? !dropped.has(block.parent) : block.parent === final.hash;
    if (block.view > final.view && descends) return true;
    dropped.add(block.hash);
    return false;
  });
  for (const hash of dropped) state.nodes.delete(hash);
  for (const view of state.views.keys()) if (view <= final.view) state.views.delete(view);
  if (state.notarized <= final.view) state.notarized = 0;
}

/** K16: far below the current view only certificates, own slots and certified blocks stay. */
export function thinViews(state: State, from: number, to: number): void {
  for (let view = Math.max(decidedView(state) + 1, from - VIEWS_BEHIND); view < to - VIEWS_BEHIND; view++) {
    const old = state.views.get(view);
    if (!old) continue;
    old.votes[1].clear();
    old.votes[2].clear();
    if (!old.notarize) old.votes[3].clear();
  }
  const isOld = (node: Node): boolean => node.block.view < to - VIEWS_BEHIND && !isCertified(state, node);
  if (!state.ordered.some(isOld)) return;
  for (const { block } of state.ordered.filter(isOld)) state.nodes.delete(block.hash);
  state.ordered = state.ordered.filter((node) => !isOld(node));
}
