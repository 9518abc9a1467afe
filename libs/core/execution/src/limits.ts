import { MAX_RECEIPTS_BYTES } from '@custos/core-chain';

// L5.5: what one signer, and one block, may make every validator do. Counted, never timed: a slow machine
// must come to the same answer as a fast one.

/** State keys that differ after an event, summed over the events of a transaction. */
export const MAX_TRANSACTION_CHANGES = 6_000;
/** State keys read by the events of a transaction, refused ones too. */
export const MAX_TRANSACTION_READS = 24_000;
export const MAX_BLOCK_CHANGES = 6_000;
export const MAX_BLOCK_READS = 60_000;

/** Receipts of one transaction: what its refusals may add after that still fits the block's limit. */
export const MAX_TRANSACTION_RECEIPT_BYTES = MAX_RECEIPTS_BYTES - 200_000;
