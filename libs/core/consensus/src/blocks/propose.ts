import type { Certificate } from '@custos/core-finality';
import { advanceTime, hasWork, isHeartbeatDue } from '../time/clock.js';
import { MAX_JUSTIFICATION, MAX_UNFINAL_BLOCKS } from '../limits.js';
import { emit, leaderAt, maySpeak, viewState, type State } from '../state.js';
import { addNode, isExecuted } from './tree.js';
import type { BlockRef, Content } from '../types.js';

/**
 * K3: asks the host to build a block when this validator leads the current view. It extends the notarised block with
 * the highest view.
 */
export function proposeReady(state: State): void {
  const { view, config } = state;
  if (!maySpeak(state, view) || leaderAt(state, view) !== config.self || state.building?.view === view) return;
  if (state.views.get(view)?.own.proposal) return;
  const parent = longestBranch(state);
  const content = parent && contentNow(state);
  if (!content) return;
  state.building = { view, content };
  emit(state, { type: 'build', view, parent, content, certificates: justificationOf(state, parent) });
}

/**
 * Returns the parent for a proposal. Undefined while it is missing or not executed, or when the view was already
 * decided.
 */
function longestBranch(state: State): BlockRef | undefined {
  if (state.finalize && state.finalize.view > state.final.view) return undefined;
  if (state.notarized === 0) return state.final;
  const notarize = state.views.get(state.notarized)?.notarize;
  if (!notarize || notarize.view >= state.view || !isExecuted(state, notarize.hash)) return undefined;
  return state.nodes.get(notarize.hash)?.block;
}

/** Returns what the block may hold; undefined while it is too early to propose. */
function contentNow(state: State): Content | undefined {
  const { times, config } = state;
  const isFull = countNotarized(state) > MAX_UNFINAL_BLOCKS;
  const mayBeEmpty = hasWork(state) && times.inView >= config.rules.emptyAfter(advanceTime(state));
  // K16: a branch that does not become final grows by empty blocks only.
  if (isFull) return mayBeEmpty ? 'empty' : undefined;
  // K11: never earlier, because otherwise an idle network would not become silent. A heartbeat that is due and not
  // under way does not wait.
  if (mayBeEmpty || (isHeartbeatDue(state) && state.notarized === 0)) return 'any';
  return state.waiting ? 'waiting' : undefined;
}

function countNotarized(state: State): number {
  let count = 0;
  for (const { notarize } of state.views.values()) if (notarize) count++;
  return count;
}

/** L4.3: returns the parent's certificate, then Skip certificates between, ascending: the newest that fit. */
function justificationOf(state: State, parent: BlockRef): readonly Certificate[] {
  const skips: Certificate[] = [];
  for (let view = state.view - 1; view > parent.view && skips.length < MAX_JUSTIFICATION - 1; view--) {
    const skip = state.views.get(view)?.skip;
    if (skip) skips.push(skip);
  }
  // The certificate of a final parent may be unknown here after a start or a catch-up. A voter that needs it pulls the
  // Finalize certificate.
  const isFinal = parent.hash === state.final.hash;
  const own = isFinal ? state.finalNotarize : state.views.get(parent.view)?.notarize;
  return own ? [own, ...skips.reverse()] : skips.reverse();
}

/**
 * K8: journals and sends the built proposal. Slot 0 is durable before the proposal leaves, so a crash makes no second
 * one.
 */
export function onBuilt(state: State, view: number, block: BlockRef | undefined): void {
  if (state.building?.view !== view) return;
  const { content } = state.building;
  state.building = undefined;
  if (!block) {
    if (content === 'waiting') state.waiting = false;
    return;
  }
  const { own } = viewState(state, view);
  if (view !== state.view || own.proposal || !maySpeak(state, view)) return;
  own.proposal = block;
  viewState(state, view).proposal = block.hash;
  addNode(state, block, 'valid').journaled = true;
  emit(state, { type: 'persist', entries: [{ kind: 'own-proposal', block }] });
  emit(state, { type: 'send', message: { type: 'proposal', block } });
}
