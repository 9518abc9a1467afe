import {
  EMPTY_BLOCK_LENGTH,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_TRANSACTIONS,
  MAX_RECEIPTS_BYTES,
  TRANSACTION_FRAME_LENGTH,
  type Receipt,
  type Transaction,
} from '@custos/core-chain';
import type { Work } from './budget.js';
import { MAX_BLOCK_CHANGES, MAX_BLOCK_READS, MAX_TRANSACTION_CHANGES, MAX_TRANSACTION_READS } from './limits.js';
import { receiptBytes } from './receipts.js';

/** The amounts that a block or a transaction uses, or that a block has left. Lengths are in bytes. */
export interface Room {
  readonly transactions: number;
  readonly bytes: number;
  readonly receiptBytes: number;
  readonly changes: number;
  readonly reads: number;
}

/** The room of an empty block. */
export const EMPTY_BLOCK_ROOM: Room = {
  transactions: MAX_BLOCK_TRANSACTIONS,
  bytes: MAX_BLOCK_BYTES - EMPTY_BLOCK_LENGTH,
  // Minus the two brackets of the list.
  receiptBytes: MAX_RECEIPTS_BYTES - 2,
  changes: MAX_BLOCK_CHANGES,
  reads: MAX_BLOCK_READS,
};

/**
 * Returns the room that a transaction uses for its bytes alone. It is known before execution, so a leader does not
 * execute a transaction that cannot fit.
 */
export function envelopeRoom(transaction: Transaction): Room {
  const bytes = transaction.bytes.length + TRANSACTION_FRAME_LENGTH;
  return { transactions: 1, bytes, receiptBytes: 0, changes: 0, reads: 0 };
}

/** Returns the room that an executed transaction uses. `left` is the rest of its budget (L5.5). */
export function usedRoom(transaction: Transaction, left: Work, receipts: readonly Receipt[]): Room {
  return {
    ...envelopeRoom(transaction),
    receiptBytes: receipts.reduce((sum, receipt) => sum + receiptBytes(receipt), 0),
    changes: MAX_TRANSACTION_CHANGES - left.changes,
    reads: MAX_TRANSACTION_READS - left.reads,
  };
}

/** Returns the rest of `room` without `used`, or undefined when `used` does not fit (L5.5). */
export function lessRoom(room: Room, used: Room): Room | undefined {
  const left: Room = {
    transactions: room.transactions - used.transactions,
    bytes: room.bytes - used.bytes,
    receiptBytes: room.receiptBytes - used.receiptBytes,
    changes: room.changes - used.changes,
    reads: room.reads - used.reads,
  };
  return Object.values(left).some((rest) => rest < 0) ? undefined : left;
}
