import { VOTE, type Ballot, type Certificate, type Vote } from '@custos/core-finality';
import { adoptCertificate } from './certificates.js';
import { accuse } from './misbehaviour.js';
import { viewState, type State, type ViewState } from '../state.js';

/** Reports whether the certificate to which this vote could add exists already. */
function isDecided(view: ViewState, vote: Vote): boolean {
  switch (vote.kind) {
    case VOTE.notarize:
      return view.notarize !== undefined;
    case VOTE.skip:
      return view.skip !== undefined;
    case VOTE.finalize:
      return false;
  }
}

/** K16: reports whether this vote would be kept. */
export function isNews(state: State, vote: Vote): boolean {
  const view = state.views.get(vote.view);
  if (!view) return true;
  const before = view.votes[vote.kind].get(vote.signer);
  return before ? before.hash !== vote.hash : !isDecided(view, vote);
}

/** Counts a vote of a view in reach. A quorum for one ballot becomes a certificate. */
export function tallyVote(state: State, vote: Vote): void {
  const view = viewState(state, vote.view);
  const votes = view.votes[vote.kind];
  const before = votes.get(vote.signer);
  if (before) {
    if (before.hash !== vote.hash) accuse(state, { code: 'TWO_VOTES', votes: [before, vote] });
    return;
  }
  if (isDecided(view, vote)) return;
  votes.set(vote.signer, vote);
  if (vote.kind === VOTE.skip) state.skipped[vote.signer] = Math.max(state.skipped[vote.signer] ?? 0, vote.view);
  accuseAcrossKinds(state, view, vote);
  const certificate = certificateOf(state, votes, vote);
  if (certificate) adoptCertificate(state, certificate);
}

function certificateOf(state: State, votes: ReadonlyMap<number, Vote>, ballot: Ballot): Certificate | undefined {
  const { rules, validators } = state.config;
  const same = [...votes.values()].filter(({ hash }) => hash === ballot.hash);
  if (!rules.decides(same.length, validators)) return undefined;
  same.sort((a, b) => a.signer - b.signer);
  const { epoch, view, kind, hash } = ballot;
  return {
    epoch,
    view,
    kind,
    hash,
    signers: same.map(({ signer }) => signer),
    signatures: same.map(({ signature }) => signature),
  };
}

// K15: S with F, or N of one block with F of another, by one signer in one view.
function accuseAcrossKinds(state: State, view: ViewState, vote: Vote): void {
  const [n, s, f] = [VOTE.notarize, VOTE.skip, VOTE.finalize].map((kind) => view.votes[kind].get(vote.signer));
  if (s && f && vote.kind !== VOTE.notarize) accuse(state, { code: 'SKIP_AND_FINALIZE', votes: [s, f] });
  if (n && f && n.hash !== f.hash && vote.kind !== VOTE.skip)
    accuse(state, { code: 'NOTARIZE_AND_FINALIZE', votes: [n, f] });
}
