import type { BlockRef, ConsensusConfig } from '@custos/core-consensus';
import type { HeldBlocks } from '../state/held-blocks.js';
import type { ChainState } from '../state/chain-state.js';
import type { CheckedTransactions } from '../state/checked-transactions.js';
import type { FinalLane } from '../lanes/final-lane.js';
import type { Mempool } from '../lanes/mempool.js';
import type { Network } from '../network.js';
import type { LaneSender } from '../lanes/lane-sender.js';
import type { OwnLane } from '../lanes/own-lane.js';
import type { ValidatorPorts } from '../ports.js';
import type { Pace } from './pace.js';
import type { Puller } from '../peers/puller.js';
import type { OverdueWatch } from '../lanes/overdue-watch.js';
import type { Pruner } from './settle-final.js';

/** The parts that a host performs effects with. */
export interface HostParts extends Omit<ValidatorPorts, 'lanes' | 'peers' | 'verify'> {
  readonly network: Network;
  readonly consensus: ConsensusConfig;
  readonly chain: ChainState;
  readonly checked: CheckedTransactions;
  readonly bodies: HeldBlocks;
  readonly pool: Mempool;
  readonly votes: LaneSender;
  readonly proposals: LaneSender;
  readonly finalLane: FinalLane;
  readonly ownLane: OwnLane;
  readonly pruner: Pruner;
  readonly puller: Puller;
  readonly overdueWatch: OverdueWatch;
  readonly pace: Pace;
  /** Lane positions to be stored with a final run. */
  readonly positions: () => ReadonlyMap<string, string>;
  readonly onFinal: (blocks: readonly BlockRef[]) => void;
}
