/** Above the 6,500 receipts that a block can have (chain limits), and a power of two. */
const MAX_RECEIPTS_PER_BLOCK = 2 ** 20;

/**
 * Returns the position of an event in the chain as one number: its height, then its receipt's position in the
 * block (T1). Exact in a double up to height 2^33; a column of type bigint.
 */
export function chainPositionOf(height: number, position: number): number {
  return height * MAX_RECEIPTS_PER_BLOCK + position;
}

/** Returns the height of the block that holds the event at this position. */
export function heightOfPosition(moment: number): number {
  return Math.floor(moment / MAX_RECEIPTS_PER_BLOCK);
}
