import type { Block } from '@custos/core-chain';
import type { BlockRef } from '@custos/core-consensus';
import type { Digest } from '@custos/core-crypto';

/** Blocks above the last final one, which consensus knows by hash only. It says which are worth keeping. */
export class HeldBlocks {
  private readonly blocks = new Map<Digest, Block>();
  private readonly ownProposals = new Map<Digest, Uint8Array>();

  get size(): number {
    return this.blocks.size;
  }

  get(hash: Digest): Block | undefined {
    return this.blocks.get(hash);
  }

  /** The bytes of a proposal of this validator: the same ones whenever it is sent (K8). */
  ownProposal(hash: Digest): Uint8Array | undefined {
    return this.ownProposals.get(hash);
  }

  add(block: Block): void {
    this.blocks.set(block.header.ownHash, block);
  }

  addOwn(block: Block, proposal: Uint8Array): void {
    this.add(block);
    this.ownProposals.set(block.header.ownHash, proposal);
  }

  /** K16: lets go of all that consensus does not hold, so that a flood of blocks leaves nothing behind. */
  keepOnly(isHeld: (hash: Digest) => boolean): void {
    for (const hash of this.blocks.keys()) {
      if (isHeld(hash)) continue;
      this.blocks.delete(hash);
      this.ownProposals.delete(hash);
    }
  }
}

/** Returns the reference of a block as consensus knows it. */
export function refOf({ header, transactions }: Pick<Block, 'header' | 'transactions'>): BlockRef {
  const { ownHash, epoch, view, height, parentView, previousHash, timestamp, proposer } = header;
  const empty = transactions.length === 0;
  return { hash: ownHash, epoch, view, height, parentView, parent: previousHash, timestamp, proposer, empty };
}
