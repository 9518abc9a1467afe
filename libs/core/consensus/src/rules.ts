import { ADVANCE_GROWTH, MAX_ADVANCE_MS, MIN_STANDSTILL_MS, VIEWS_AHEAD } from './limits.js';

/** This validator's own votes in one view, as far as the rules read them. */
export interface OwnVotes {
  readonly notarized: boolean;
  readonly skipped: boolean;
  readonly finalized: boolean;
}

/**
 * The numbers and conditions on which safety and liveness rest, each with its rule. The machine asks them here
 * and nowhere else, so that the mutation gate can show that every one of them is needed.
 */
export interface Rules {
  /** So many votes decide. */
  decides(votes: number, validators: { readonly quorum: number; readonly size: number }): boolean;
  /** K5: F for a notarised block that I voted N for. */
  mayFinalize(said: OwnVotes): boolean;
  /** K6. */
  maySkip(said: OwnVotes): boolean;
  /** K4: `missing` views between a proposal and its parent have no Skip certificate here. */
  mayJumpOver(missing: number): boolean;
  /** K16: the highest view whose votes and proposals are taken. */
  highestView(current: number, final: number): number;
  /** K9: milliseconds of the advance timer, `views` after the last final one. */
  advanceAfter(t0: number, views: number): number;
  /** K10: milliseconds of running timers without a finalisation. */
  standstillAfter(t0: number): number;
  /** K11: milliseconds of this view's timer before an empty block. */
  emptyAfter(advance: number): number;
}

export const RULES: Rules = {
  decides: (votes, { quorum }) => votes >= quorum,
  mayFinalize: ({ notarized, skipped, finalized }) => notarized && !skipped && !finalized,
  maySkip: ({ skipped, finalized }) => !skipped && !finalized,
  mayJumpOver: (missing) => missing === 0,
  highestView: (current) => current + VIEWS_AHEAD,
  advanceAfter: (t0, views) => Math.min(MAX_ADVANCE_MS, t0 * ADVANCE_GROWTH ** views),
  standstillAfter: (t0) => Math.max(MIN_STANDSTILL_MS, 2 * t0),
  emptyAfter: (advance) => advance / 3,
};
