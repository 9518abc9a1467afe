import { VOTE, type Certificate, type Vote } from '@custos/core-finality';
import { hasWork } from './clock.js';
import { ANSWER_PAUSE_MS, MAX_REPEATED } from '../limits.js';
import { askFor, reopenQuestions } from './pulls.js';
import { ascendingViews, decidedView, emit, type State, type ViewState } from '../state.js';

/**
 * K10: after a standstill, sends again the messages that may be lost and asks for what is missing. Returns whether it
 * did. Lossy networks hang without it.
 */
export function standStill(state: State): boolean {
  const { times, config } = state;
  if (!hasWork(state) || times.ran - times.stoodSince < config.rules.standstillAfter(config.t0)) return false;
  times.stoodSince = times.ran;
  repeat(state);
  reopenQuestions(state);
  askFor(state, { what: 'certificates', fromView: state.view });
  if (decidedView(state) > state.final.view) askFor(state, { what: 'final', fromHeight: state.final.height + 1 });
  return true;
}

/** Sends own messages again. K8: the same bytes, once they are durable, any number of times. */
export function repeat(state: State): void {
  if (!state.speaking || state.config.self === undefined) return;
  const views = ascendingViews(state).filter(({ view }) => view > decidedView(state));
  if (state.finalize) sendCertificate(state, state.finalize);
  const certificates = views.flatMap(({ notarize, skip }) => [notarize, skip].filter((c) => c !== undefined));
  for (const certificate of inTurn(state, certificates)) sendCertificate(state, certificate);
  for (const vote of inTurn(state, views.flatMap(openVotes)))
    emit(state, { type: 'send', message: { type: 'vote', vote } });
  const proposed = views.findLast(({ own, notarize, skip }) => own.proposal && !notarize && !skip)?.own.proposal;
  if (proposed) emit(state, { type: 'send', message: { type: 'proposal', block: proposed } });
  state.rotation += MAX_REPEATED;
}

/** Returns the own votes that no certificate makes superfluous. An F stays open until its block is final. */
function openVotes({ own, notarize, skip }: ViewState): readonly Vote[] {
  const votes = [own.notarize?.vote, own.closing?.vote].filter((vote) => vote !== undefined);
  return votes.filter(({ kind }) => (kind === VOTE.finalize ? !skip : !notarize && !skip));
}

/** Returns at most {@link MAX_REPEATED} items; the next tick takes the following ones. */
function inTurn<T>({ rotation }: State, items: readonly T[]): readonly T[] {
  if (items.length <= MAX_REPEATED) return items;
  const start = rotation % items.length;
  return [...items.slice(start), ...items.slice(0, start)].slice(0, MAX_REPEATED);
}

function sendCertificate(state: State, certificate: Certificate): void {
  emit(state, { type: 'send', message: { type: 'certificate', certificate } });
}

/** Asks for the blocks that a quorum has notarised and that are not held here. */
export function askForBlocks(state: State): void {
  const isMissing = ({ notarize }: ViewState): boolean =>
    notarize !== undefined && notarize.view > decidedView(state) && !state.nodes.has(notarize.hash);
  if (state.notarized <= decidedView(state)) return;
  for (const { notarize } of [...state.views.values()].filter(isMissing).sort((a, b) => a.view - b.view)) {
    if (!notarize) continue;
    askFor(state, { what: 'block', hash: notarize.hash, view: notarize.view }, notarize.signers);
  }
}

/** Reports whether this validator may be answered again (K10). */
export function mayAnswer(state: State, signer: number): boolean {
  const { answered, times, speaking, config } = state;
  if (!speaking || config.self === undefined || signer === config.self || state.final.view === 0) return false;
  const before = answered[signer];
  return before === undefined || times.now - before >= ANSWER_PAUSE_MS || times.now < before;
}

/** Sends the finality record to a validator that still votes in final views, at most once a second (K10). */
export function answerLaggard(state: State, signer: number): void {
  if (!mayAnswer(state, signer)) return;
  state.answered[signer] = state.times.now;
  emit(state, { type: 'send', message: { type: 'record' } });
}
