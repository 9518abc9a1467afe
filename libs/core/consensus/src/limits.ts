/** K16: how far above the current view a vote or proposal may lie; what a laggard can still use at once. */
export const VIEWS_AHEAD = 64;

/** K16: notarised blocks above the last final one after which a leader adds empty ones only. */
export const MAX_UNFINAL_BLOCKS = 16;

/** Uncertified blocks and votes of views this far below the current one are let go: only certificates matter. */
export const VIEWS_BEHIND = 64;

/** A missing chain longer than this is pulled as final runs, not block by block (K13). */
export const MAX_BLOCKS_BY_HASH = 32;

/** Certificates in a proposal; a voter that lacks others pulls them (L4.3). */
export const MAX_JUSTIFICATION = 64;

/** K10: messages of each kind repeated in one tick; what does not fit comes with the next. */
export const MAX_REPEATED = 64;

/** K10: validators that one pull asks, one after the other. */
export const PEERS_PER_PULL = 2;

/** K9: no view lasts longer, however long the network stands. Milliseconds. */
export const MAX_ADVANCE_MS = 30_000;

/** K9: growth of the advance timer per view since the last final one. */
export const ADVANCE_GROWTH = 1.3;

/** K9: how long executing a proposal may hold its view's timer. Milliseconds. */
export const MAX_EXECUTION_PAUSE_MS = 10_000;

/** K10: the shortest standstill, and the pause between two answers to one laggard. Milliseconds. */
export const MIN_STANDSTILL_MS = 1_000;
export const ANSWER_PAUSE_MS = 1_000;

/** K12: silence of a leader after which it is not waited for, in T0. */
export const SILENCE_IN_T0 = 10;

/** K11: the pause after which an idle network proves that it lives. Milliseconds. */
export const HEARTBEAT_MS = 30_000;

/** L3.5: how far a leader's clock may be ahead of the voter's. Milliseconds. */
export const MAX_CLOCK_AHEAD_MS = 2_000;
