import { MAX_BLOCK_RECEIPTS } from '@custos/core-chain';

/** The least power of two above the receipts of a block: the positions of two blocks never meet. */
export const POSITIONS_PER_BLOCK = 2 ** Math.ceil(Math.log2(MAX_BLOCK_RECEIPTS + 1));

/**
 * Returns the position of an event in the chain as one number: its height, then its receipt's position in the
 * block (T1). Exact in a double up to height 2^40; a column of type bigint.
 */
export function chainPositionOf(height: number, position: number): number {
  return height * POSITIONS_PER_BLOCK + position;
}

/** Returns the height of the block that holds the event at this position. */
export function heightOfPosition(moment: number): number {
  return Math.floor(moment / POSITIONS_PER_BLOCK);
}
