import type { Certificate } from '@custos/core-finality';
import type { Block } from './block.js';

/** A block, its leader's signature, and why it may stand where it stands (L4.3). */
export interface Proposal {
  readonly block: Block;
  /** Of the proposer, over {@link proposalMessage}. */
  readonly signature: Uint8Array;
  /** The parent's Notarize certificate, then the Skip certificates between, ascending; the newest of them. */
  readonly certificates: readonly Certificate[];
}
