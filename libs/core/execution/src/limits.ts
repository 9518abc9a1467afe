import { MAX_RECEIPTS_BYTES } from '@custos/core-chain';

// L5.5: limits on the work that one transaction and one block cause in every validator. They are counted and never
// timed: a slow machine must give the same answer as a fast one.

/** The largest number of changes of a transaction: state keys that differ after an event, summed over its events. */
export const MAX_TRANSACTION_CHANGES = 6_000;
/** The largest number of state keys that the events of a transaction read, refused events included. */
export const MAX_TRANSACTION_READS = 24_000;
/** The largest number of changes of a block, summed over its transactions. */
export const MAX_BLOCK_CHANGES = 6_000;
/** The largest number of state keys that the transactions of a block read. */
export const MAX_BLOCK_READS = 60_000;

/**
 * The largest length of the receipts of one capture in bytes. Later events are TOO_MUCH_WORK, at most 500 receipts of
 * 300 bytes, so that every transaction fits an empty block.
 */
export const MAX_TRANSACTION_RECEIPT_BYTES = MAX_RECEIPTS_BYTES - 200_000;

/**
 * The largest length of a pointer in a receipt, in characters. A sender chooses the names in it, so a receipt repeats
 * only its beginning.
 */
export const MAX_FIELD_LENGTH = 200;
