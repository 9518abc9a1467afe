// Limits of the ledger's bytes, one reason each. Wire limits derive from them.

/** L2.1. */
export const MAX_SIGNERS = 32;

/** A document of 500 events with some thousand serials; a page of a wholesaler's day. */
export const MAX_TRANSACTION_BYTES = 512 * 1_024;

/** Events of one `capture`: what one request may ask to be judged at once. */
export const MAX_EVENTS = 500;

/** Part 0 of a `capture` and its events. */
export const MAX_PARTS = 1 + MAX_EVENTS;

/** L2.5: a transaction lives an hour at most, so duplicates need an index over 62 minutes only. Milliseconds. */
export const MAX_LIFE_MS = 60 * 60_000;

/** 10 minutes unless the signer asks otherwise (L2.5). */
export const DEFAULT_LIFE_MS = 10 * 60_000;

/** How far a signer's clock may run ahead of the block's (L2.5). */
export const CLOCK_SKEW_MS = 2 * 60_000;

/** L2.5: an id in a block of this branch, at most so much older, makes a transaction a duplicate. */
export const DUPLICATE_WINDOW_MS = MAX_LIFE_MS + CLOCK_SKEW_MS;

/** One block and its justification fit a lane message of a broker with default settings. */
export const MAX_BLOCK_BYTES = 900_000;

/** So many signatures are checked in a fraction of a view's time on two cores. */
export const MAX_BLOCK_TRANSACTIONS = 1_000;

/** Receipts of one block, as the canonical JSON list that travels in one lane message. */
export const MAX_RECEIPTS_BYTES = 900_000;

/** Below the 1,048,588 bytes that Kafka takes by default, with room for its record headers. */
export const MAX_LANE_MESSAGE_BYTES = 1_000_000;

/** L4.3: a voter pulls what a proposal does not carry, so an outage of any length stays recoverable. */
export const MAX_PROPOSAL_CERTIFICATES = 64;

/** L3.5: further ahead of the voter's clock, a proposal waits. Milliseconds. */
export const MAX_TIMESTAMP_AHEAD_MS = 2_000;

/** Parties, keys and products of a large founding circle, a few kB each. */
export const MAX_GENESIS_BYTES = 16 * 1_024 * 1_024;

/** Leaves of one answer: a pack, 8 containers, lot, product, parties; a desk asks for a case of packs at once. */
export const MAX_ANSWER_LEAVES = 256;

/** Events shown in one answer. */
export const MAX_ANSWER_EVENTS = 256;

/** Headers from the block of an answer up to the certified one: as long as a run can get in a bad hour. */
export const MAX_LINK_HEADERS = 1_024;

/** A tree of 2^53 leaves is higher than any history. */
export const MAX_INCLUSION_PATH = 53;

/** Bytes of the shortest receipt in canonical JSON: accepted, without changes (a test makes one). */
export const MIN_RECEIPT_BYTES = 138;

/** Receipts of one block: so many of the shortest, with a comma each, fill {@link MAX_RECEIPTS_BYTES}. */
export const MAX_BLOCK_RECEIPTS = Math.floor(MAX_RECEIPTS_BYTES / (MIN_RECEIPT_BYTES + 1));

/** Items of any list in a receipt: more than bytes of a block's receipts can hold, which is the limit that bites. */
export const MAX_RECEIPT_ITEMS = MAX_RECEIPTS_BYTES / 4;

/** L5.7. Characters; keys are ASCII. */
export const MAX_STATE_KEY_LENGTH = 256;

/** Codes are names for people and programs, not messages. */
export const MAX_CODE_LENGTH = 64;

/** It begins every lane's name; brokers take names of at most 249 characters. */
export const MAX_NETWORK_NAME_LENGTH = 64;

/** As long as a name that people read in a table. */
export const MAX_RULE_SET_NAME_LENGTH = 64;

/** ISO 3166-1 has some 250, and two letters make no more than 676. */
export const MAX_COUNTRIES = 676;

/** Parties, keys or products that a network starts with; later ones come by transactions. */
export const MAX_GENESIS_ENTRIES = 10_000;

/** K9: no view's timer is longer. Milliseconds. */
export const MAX_VIEW_MS = 30_000;

/** L7.2: older than two heartbeats, an answer is only "as of". Milliseconds. */
export const MAX_FRESH_AGE_MS = 60_000;

/** A state proof of full depth with all siblings (L6.7): 256 x 32 bytes, its bitmap, depth and another leaf. */
export const MAX_STATE_PROOF_BYTES = 8_400;

/** A Finalize certificate of the largest validator set. */
export const MAX_CERTIFICATE_BYTES = 32_900;

/** A head with {@link MAX_SIGNERS} signers. */
export const MAX_HEAD_BYTES = 53 + 96 * MAX_SIGNERS;
