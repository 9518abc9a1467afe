import { ADVANCE_GROWTH, MAX_ADVANCE_MS, MIN_STANDSTILL_MS, VIEWS_AHEAD } from './limits.js';

/** This validator's own votes in one view, as the rules need them. */
export interface OwnVotes {
  readonly notarized: boolean;
  readonly skipped: boolean;
  readonly finalized: boolean;
}

/**
 * The numbers and conditions on which safety and liveness depend, each with its rule. The machine uses them from here
 * only, so that the mutation gate can show that each of them is needed.
 */
export interface Rules {
  /** Reports whether this number of votes decides. */
  decides(votes: number, validators: { readonly quorum: number; readonly size: number }): boolean;
  /** K5: reports whether this validator may vote F for a notarised block. */
  mayFinalize(said: OwnVotes): boolean;
  /** K6: reports whether this validator may vote S. */
  maySkip(said: OwnVotes): boolean;
  /**
   * K4: reports whether a proposal is justified when `missing` views between it and its parent lack a Skip certificate
   * here.
   */
  mayJumpOver(missing: number): boolean;
  /** K16: returns the highest view whose votes and proposals are accepted. */
  highestView(current: number, final: number): number;
  /** K9: returns the advance timer in milliseconds, `views` after the last final one. */
  advanceAfter(t0: number, views: number): number;
  /**
   * K10: returns the time in milliseconds of running timers without a finalisation after which the network stands
   * still.
   */
  standstillAfter(t0: number): number;
  /** K11: returns the time in milliseconds of this view's timer before an empty block. */
  emptyAfter(advance: number): number;
}

/** The rules in force. Tests of the mutation gate pass changed ones. */
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
