import { unreachable } from '@custos/core-bytes';
import { VOTE, type Certificate } from '@custos/core-finality';
import { checkOwnBallot } from './own-slots.js';
import { decidedView, halt, viewState, type State } from '../state.js';
import { pickCandidate } from '../blocks/tree.js';

/**
 * K16: reports whether this certificate would change the state. One of any view above the last final one is accepted.
 */
export function isCertificateNews(state: State, certificate: Certificate): boolean {
  if (certificate.epoch !== state.config.epoch || certificate.view <= decidedView(state)) return false;
  const view = state.views.get(certificate.view);
  switch (certificate.kind) {
    case VOTE.notarize:
      return view?.notarize === undefined;
    case VOTE.skip:
      return view?.skip === undefined;
    case VOTE.finalize:
      return true;
    default:
      return unreachable(certificate.kind);
  }
}

/** Adopts a valid certificate, received or made here. `settle` applies what follows from it. */
export function adoptCertificate(state: State, certificate: Certificate): void {
  if (!isCertificateNews(state, certificate)) return;
  // K13: a certificate that this key signed shows an own vote.
  if (state.config.self !== undefined && certificate.signers.includes(state.config.self))
    checkOwnBallot(state, certificate);
  switch (certificate.kind) {
    case VOTE.notarize:
      return adoptNotarize(state, certificate);
    case VOTE.skip:
      viewState(state, certificate.view).skip = certificate;
      return;
    case VOTE.finalize:
      // K13: adopted, even when blocks below it are missing.
      state.finalize = certificate;
      return;
    default:
      return unreachable(certificate.kind);
  }
}

function adoptNotarize(state: State, certificate: Certificate): void {
  viewState(state, certificate.view).notarize = certificate;
  state.notarized = Math.max(state.notarized, certificate.view);
  pickCandidate(state, certificate.view, certificate.hash);
  const node = state.nodes.get(certificate.hash);
  // K15: a quorum certified a block that does not execute here.
  if (node?.status === 'invalid') halt(state, { code: 'CERTIFIED_BLOCK_INVALID', block: node.block });
}
