import { MAX_RECEIPTS_BYTES } from '@custos/core-chain';

// L5.5: what one signer, and one block, may make every validator do. Counted, never timed: a slow machine
// must come to the same answer as a fast one.

/** State keys that differ after an event, summed over the events of a transaction. */
export const MAX_TRANSACTION_CHANGES = 6_000;
/** State keys read by the events of a transaction, refused ones too. */
export const MAX_TRANSACTION_READS = 24_000;
export const MAX_BLOCK_CHANGES = 6_000;
export const MAX_BLOCK_READS = 60_000;

/**
 * Receipts of one capture, all that it was allowed to do: what comes after is TOO_MUCH_WORK, 500 times 300 bytes at
 * most, so that every transaction fits an empty block.
 */
export const MAX_TRANSACTION_RECEIPT_BYTES = MAX_RECEIPTS_BYTES - 200_000;

/** A pointer into a payload may hold a name of any length that a stranger chose; a receipt repeats only its beginning. */
export const MAX_FIELD_LENGTH = 200;
