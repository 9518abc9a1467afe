import type { Transaction } from '@custos/core-chain';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { KeyRecord } from '@custos/core-registry';
import type { Overlay } from '@custos/core-state';
import type { Work } from './budget.js';

/** The block that transactions are executed in. */
export interface BlockScope {
  readonly hasher: Hasher;
  readonly networkId: Digest;
  readonly height: number;
  /** Milliseconds; the only clock of the law. */
  readonly timestamp: number;
}

/** One transaction on its way through a kind. */
export interface TransactionScope extends BlockScope {
  readonly transaction: Transaction;
  /** Active at this point of the chain, in the order of the head. */
  readonly signers: readonly KeyRecord[];
  /** Writes of earlier transactions are in it; what this one writes is dropped if the block has no room. */
  readonly state: Overlay;
  /** What is left; kinds take from it. */
  readonly work: Work;
}
