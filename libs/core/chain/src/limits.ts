// Limits of the ledger's bytes, each with its reason. Limits of the wire derive from them.

/** The largest number of signers of a transaction (L2.1). */
export const MAX_SIGNERS = 32;

/**
 * The largest length of a transaction in bytes: a document of 500 events with some thousand serials, a page of a
 * wholesaler's day.
 */
export const MAX_TRANSACTION_BYTES = 512 * 1_024;

/** The largest number of events in one `capture`, which one request may submit at once. */
export const MAX_EVENTS = 500;

/** The largest number of parts in a transaction: part 0 of a `capture` and its events. */
export const MAX_PARTS = 1 + MAX_EVENTS;

/**
 * L2.5: the longest life of a transaction in milliseconds, 1 hour, so that duplicates need an index over 62 minutes
 * only.
 */
export const MAX_LIFE_MS = 60 * 60_000;

/** The default life of a transaction in milliseconds, 10 minutes (L2.5). */
export const DEFAULT_LIFE_MS = 10 * 60_000;

/** The time in milliseconds that a signer's clock may be ahead of the block's (L2.5). */
export const CLOCK_SKEW_MS = 2 * 60_000;

/** L2.5: the time in milliseconds for which an id in a block of this branch makes a transaction a duplicate. */
export const DUPLICATE_WINDOW_MS = MAX_LIFE_MS + CLOCK_SKEW_MS;

/**
 * The largest length of a block in bytes. A block and its justification fit a lane message of a broker with default
 * settings.
 */
export const MAX_BLOCK_BYTES = 900_000;

/** The largest number of transactions in a block. Two cores verify their signatures in a fraction of a view's time. */
export const MAX_BLOCK_TRANSACTIONS = 1_000;

/** The largest length in bytes of the receipts of a block, as the canonical JSON list of one lane message. */
export const MAX_RECEIPTS_BYTES = 900_000;

/**
 * The largest length of a lane message in bytes, below the 1,048,588 that Kafka accepts by default, with room for its
 * record headers.
 */
export const MAX_LANE_MESSAGE_BYTES = 1_000_000;

/**
 * L4.3: the largest number of certificates in a proposal. A voter pulls the others, so the network recovers from an
 * outage of any length.
 */
export const MAX_PROPOSAL_CERTIFICATES = 64;

/** L3.5: the time in milliseconds that a block may be ahead of the voter's clock. A proposal further ahead waits. */
export const MAX_TIMESTAMP_AHEAD_MS = 2_000;

/**
 * The largest length of a genesis document in bytes: parties, keys and products of a large founding circle, a few kB
 * each.
 */
export const MAX_GENESIS_BYTES = 16 * 1_024 * 1_024;

/**
 * The largest number of leaves in one answer: a pack, 8 containers, lot, product and parties; one request may ask for a
 * case of packs.
 */
export const MAX_ANSWER_LEAVES = 256;

/** The largest number of events in one answer. */
export const MAX_ANSWER_EVENTS = 256;

/**
 * The largest number of headers from the block of an answer up to the certified one: the length of a run after an hour
 * of faults.
 */
export const MAX_LINK_HEADERS = 1_024;

/** The largest length of an inclusion path, which belongs to a tree of 2^53 leaves, more than any history has. */
export const MAX_INCLUSION_PATH = 53;

/** The length in bytes of the shortest receipt in canonical JSON: accepted, without changes (a test builds one). */
export const MIN_RECEIPT_BYTES = 138;

/** The largest number of receipts in a block: the shortest ones, with a comma each, fill {@link MAX_RECEIPTS_BYTES}. */
export const MAX_BLOCK_RECEIPTS = Math.floor(MAX_RECEIPTS_BYTES / (MIN_RECEIPT_BYTES + 1));

/**
 * The largest number of items in a list of a receipt. The bytes of a block's receipts hold fewer, so
 * {@link MAX_RECEIPTS_BYTES} is reached first.
 */
export const MAX_RECEIPT_ITEMS = MAX_RECEIPTS_BYTES / 4;

/** The largest length of a state key in characters (L5.7); keys are ASCII. */
export const MAX_STATE_KEY_LENGTH = 256;

/** The largest length of a code in characters. Codes are names, not messages. */
export const MAX_CODE_LENGTH = 64;

/**
 * The largest length of a network's name in characters. Every lane's name begins with it, and brokers accept names of
 * at most 249 characters.
 */
export const MAX_NETWORK_NAME_LENGTH = 64;

/** K9: the longest timer of a view in milliseconds. */
export const MAX_VIEW_MS = 30_000;

/**
 * L7.2: the largest age in milliseconds of a fresh answer, two heartbeats. An older one holds only "as of" its block.
 */
export const MAX_FRESH_AGE_MS = 60_000;

/**
 * The largest length of a state proof in bytes (L6.7): 256 siblings of 32 bytes, their bitmap, the depth and another
 * leaf.
 */
export const MAX_STATE_PROOF_BYTES = 8_400;

/** The largest length of a certificate in bytes, for a Finalize certificate of the largest validator set. */
export const MAX_CERTIFICATE_BYTES = 32_900;

/** The largest length of a head with signatures in bytes, for {@link MAX_SIGNERS} signers. */
export const MAX_HEAD_BYTES = 53 + 96 * MAX_SIGNERS;
