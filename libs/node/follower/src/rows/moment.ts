/** Above the 6,500 receipts that a block can have (chain limits), and a power of two. */
const RECEIPTS_A_BLOCK = 2 ** 20;

/**
 * The place of an event in the order of the chain, as one number: its height, then its receipt's position in the
 * block (T1). Exact in a double up to height 2^33; a column of type bigint.
 */
export function momentOf(height: number, position: number): number {
  return height * RECEIPTS_A_BLOCK + position;
}

/** The block that holds the event. */
export function heightOfMoment(moment: number): number {
  return Math.floor(moment / RECEIPTS_A_BLOCK);
}
