/** K16: the number of views above the current one for which votes and proposals are accepted. */
export const VIEWS_AHEAD = 64;

/** K16: the number of notarised blocks above the last final one after which a leader adds only empty blocks. */
export const MAX_UNFINAL_BLOCKS = 16;

/**
 * The number of views below the current one after which uncertified blocks and votes are removed: only certificates
 * matter.
 */
export const VIEWS_BEHIND = 64;

/** The length of a missing chain in blocks above which final runs are pulled instead of single blocks (K13). */
export const MAX_BLOCKS_BY_HASH = 32;

/** The largest number of certificates in a proposal. A voter that lacks others pulls them (L4.3). */
export const MAX_JUSTIFICATION = 64;

/** K10: the largest number of messages of each kind that one tick repeats. The next tick repeats others. */
export const MAX_REPEATED = 64;

/** K10: the number of validators that one pull asks, one after the other. */
export const PEERS_PER_PULL = 2;

/** K9: the longest advance timer of a view in milliseconds, for a standstill of any length. */
export const MAX_ADVANCE_MS = 30_000;

/** K9: the factor by which the advance timer grows with each view since the last final one. */
export const ADVANCE_GROWTH = 1.3;

/** K9: the longest time in milliseconds that the execution of a proposal stops its view's timer. */
export const MAX_EXECUTION_PAUSE_MS = 10_000;

/** K10: the shortest standstill in milliseconds. */
export const MIN_STANDSTILL_MS = 1_000;
/** K10: the shortest time in milliseconds between two answers to one validator that is behind. */
export const ANSWER_PAUSE_MS = 1_000;

/** K12: the silence of a leader, in units of T0, after which its views are skipped at once. */
export const SILENCE_IN_T0 = 10;

/** K11: the time in milliseconds after which an idle network makes a block to show that it is live. */
export const HEARTBEAT_MS = 30_000;

/** L3.5: the time in milliseconds that a leader's clock may be ahead of the voter's. */
export const MAX_CLOCK_AHEAD_MS = 2_000;
