import type { Transaction } from '@custos/core-chain';
import type { Digest, Hasher } from '@custos/core-crypto';
import type { KeyRecord } from '@custos/core-registry';
import type { Overlay } from '@custos/core-state';
import type { Work } from './budget.js';

/** The block in which transactions are executed. */
export interface BlockScope {
  readonly hasher: Hasher;
  readonly networkId: Digest;
  readonly height: number;
  /** Block time in milliseconds since 1970, the only clock of the law. */
  readonly timestamp: number;
}

/** One transaction during its execution. */
export interface TransactionScope extends BlockScope {
  readonly transaction: Transaction;
  /** The signing keys, active at this position of the chain, in the order of the head. */
  readonly signers: readonly KeyRecord[];
  /** The state with the writes of earlier transactions. The writes of this one are dropped if the block has no room. */
  readonly state: Overlay;
  /** The rest of the budget; kinds subtract from it. */
  readonly work: Work;
}
