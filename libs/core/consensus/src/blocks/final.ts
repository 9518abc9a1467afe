import type { Certificate } from '@custos/core-finality';
import { checkOwnBallot } from '../votes/own-slots.js';
import { adoptCertificate } from '../votes/certificates.js';
import { restartView } from '../time/clock.js';
import { MAX_BLOCKS_BY_HASH } from '../limits.js';
import { askFor, reopenQuestions } from '../time/pulls.js';
import { ascendingViews, emit, halt, type Node, type State } from '../state.js';
import { addNode, pruneTree } from './tree.js';
import type { BlockRef } from '../types.js';

/**
 * K7: makes the blocks under a Finalize certificate final once all of them are held and executed. Returns whether any
 * was.
 */
export function settleFinal(state: State): boolean {
  for (const certificate of [state.run, state.finalize]) {
    if (!certificate || certificate.view <= state.final.view) continue;
    const path = pathTo(state, certificate);
    if (!path) continue;
    for (const node of path) node.final = true;
    const wrong = path.find(({ status }) => status === 'invalid');
    if (wrong) halt(state, { code: 'CERTIFIED_BLOCK_INVALID', block: wrong.block });
    if (state.halted || path.some(({ status }) => status !== 'valid')) continue;
    makeFinal(state, path, certificate);
    return true;
  }
  return false;
}

/**
 * Returns the blocks above the last final one up to the certified one, oldest first; undefined while one is missing.
 */
function pathTo(state: State, { hash, view, signers }: Certificate): readonly Node[] | undefined {
  const path: Node[] = [];
  let [next, nextView] = [hash, view];
  while (next !== state.final.hash) {
    const node = state.nodes.get(next);
    if (!node) {
      const missing = path.at(-1)?.block.height ?? state.final.height + (view - state.final.view);
      const isFar = missing - state.final.height > MAX_BLOCKS_BY_HASH;
      if (isFar) askFor(state, { what: 'final', fromHeight: state.final.height + 1 }, signers);
      // The height of the certified block shows how many blocks are missing.
      if (!isFar || path.length === 0) askFor(state, { what: 'block', hash: next, view: nextView }, signers);
      return undefined;
    }
    if (node.block.height <= state.final.height) {
      halt(state, { code: 'CHAIN_CONFLICT', block: node.block, final: state.final });
      return undefined;
    }
    path.push(node);
    [next, nextView] = [node.block.parent, node.block.parentView];
  }
  return path.reverse();
}

function makeFinal(state: State, path: readonly Node[], finalize: Certificate): void {
  const blocks = path.map(({ block }) => block);
  emit(state, { type: 'final', blocks, finalize, certificates: certificatesBelow(state, blocks, finalize.view) });
  state.final = blocks.at(-1)!;
  state.finalNotarize = state.views.get(finalize.view)?.notarize;
  pruneTree(state);
  reopenQuestions(state);
  state.times.finalAt = state.times.now;
  state.times.stoodSince = state.times.ran;
  restartView(state.times);
}

/** L4.5: returns the certificates that justify the run: Notarize of its blocks, Skip of the views that it jumped. */
function certificatesBelow(state: State, blocks: readonly BlockRef[], top: number): readonly Certificate[] {
  const hashes = new Map(blocks.map(({ view, hash }) => [view, hash]));
  return ascendingViews(state)
    .filter(({ view }) => view > state.final.view && view < top)
    .map(({ view, notarize, skip }) => (notarize && hashes.get(view) === notarize.hash ? notarize : skip))
    .filter((certificate) => certificate !== undefined);
}

/** K13: adds a run that a peer has finalised to the tree. Its blocks are executed and made final like any others. */
export function onRun(state: State, blocks: readonly BlockRef[], finalize: Certificate): void {
  if (finalize.epoch !== state.config.epoch || finalize.view <= state.final.view) return;
  const above = blocks.filter(({ height }) => height > state.final.height);
  const isLinked = above.every((block, i) => i === 0 || block.parent === above[i - 1]!.hash);
  const first = above[0];
  if (!first || !isLinked || above.at(-1)!.hash !== finalize.hash || first.height !== state.final.height + 1) return;
  if (first.parent !== state.final.hash)
    return halt(state, { code: 'CHAIN_CONFLICT', block: first, final: state.final });
  if (state.config.self !== undefined && finalize.signers.includes(state.config.self)) checkOwnBallot(state, finalize);
  for (const block of above) addNode(state, block, 'held').final = true;
  state.run = finalize;
  adoptCertificate(state, finalize);
}
