import type { Digest } from '@custos/core-crypto';
import { VIEWS_BEHIND } from '../limits.js';
import { decidedView, viewState, type Node, type State } from '../state.js';
import type { BlockRef } from '../types.js';

/** Adds a block above the last final one. Nodes ascend by view; among those of one view the first one stays first. */
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

/** Returns the parent if it is the last final block or a held one. */
export function parentOf(state: State, block: BlockRef): BlockRef | undefined {
  return block.parent === state.final.hash ? state.final : state.nodes.get(block.parent)?.block;
}

/** Reports whether this validator holds the state after this block. */
export function isExecuted(state: State, hash: Digest): boolean {
  return hash === state.final.hash || state.nodes.get(hash)?.status === 'valid';
}

/** Reports whether the block of this hash and view is the last final one or has a Notarize or Finalize certificate. */
export function isNotarized(state: State, hash: Digest, view: number): boolean {
  if (hash === state.final.hash && view === state.final.view) return true;
  if (state.finalize && view === state.finalize.view) return state.finalize.hash === hash;
  return state.views.get(view)?.notarize?.hash === hash;
}

/** Reports whether a quorum, or a Finalize certificate above it, accepted this block. */
export function isCertified(state: State, node: Node): boolean {
  return node.final || isNotarized(state, node.block.hash, node.block.view);
}

/** Reports whether a header is consistent with its parent, by the members that consensus sees (K4, L3.5). */
export function fits(block: BlockRef, parent: BlockRef): boolean {
  return (
    block.height === parent.height + 1 &&
    block.parentView === parent.view &&
    block.view > parent.view &&
    block.timestamp > parent.timestamp
  );
}

/** K4: selects the block to vote on in a view: the first proposal, or the one that a quorum chose. */
export function pickCandidate(state: State, view: number, hash: Digest): void {
  viewState(state, view).proposal = hash;
}

/**
 * K4: returns the number of views between a block and its parent without a Skip certificate, and the lowest of them.
 */
export function missingSkips(state: State, block: BlockRef): { readonly count: number; readonly first: number } {
  let count = 0;
  let first = 0;
  for (let view = block.view - 1; view > block.parentView; view--) {
    // A view at or below a final one was not skipped, so such a block can never be justified.
    if (view <= decidedView(state)) return { count: Infinity, first: decidedView(state) + 1 };
    if (state.views.get(view)?.skip) continue;
    count++;
    first = view;
  }
  return { count, first };
}

/** K7: removes views and blocks at or below the last final block, and blocks that cannot descend from it. */
export function pruneTree(state: State): void {
  const { final } = state;
  const dropped = new Set<Digest>();
  state.ordered = state.ordered.filter(({ block }) => {
    // A parent above the final block that is not held yet may descend from it.
    const descends = block.parentView > final.view ? !dropped.has(block.parent) : block.parent === final.hash;
    if (block.view > final.view && descends) return true;
    dropped.add(block.hash);
    return false;
  });
  for (const hash of dropped) state.nodes.delete(hash);
  for (const view of state.views.keys()) if (view <= final.view) state.views.delete(view);
  if (state.notarized <= final.view) state.notarized = 0;
}

/** K16: removes what lies far below the current view, except certificates, own slots and certified blocks. */
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
