import { consensusStatus } from '@custos/core-consensus';
import type { Digest } from '@custos/core-crypto';
import type { Assembly } from '../assemble.js';
import type { IntakeCounts } from '../lanes/intake.js';
import type { Network } from '../network.js';

/** The state of a validator, for operators. */
export interface ValidatorStatus {
  readonly network: string;
  readonly networkId: Digest;
  readonly validator: string;
  readonly validators: number;
  /** The last block that is final and stored here. */
  readonly final: {
    readonly height: number;
    readonly hash: Digest;
    readonly view: number;
    readonly timestamp: number;
    /** Root of the tree in memory, which is computed, not the one that the header states. */
    readonly stateRoot: Digest;
  };
  /** The highest notarised block: it may still change. */
  readonly provisionalHeight: number;
  readonly view: number;
  readonly leader: string;
  /** Highest view known to be final somewhere; above `final.view` while catching up. */
  readonly finalizedView: number;
  /** Whether it votes (K13), and its lanes are read. */
  readonly speaking: boolean;
  readonly lanesOpen: boolean;
  /** Why consensus stopped; absent while it runs. */
  readonly halted?: string;
  readonly pool: { readonly transactions: number; readonly bytes: number };
  readonly intake: Readonly<IntakeCounts>;
  /** Messages on votes and proposals lanes that were not worth anything. */
  readonly dropped: number;
  /** Executed blocks above the last final one. */
  readonly branches: number;
  /** Next height on the final lane. */
  readonly finalLane: number | undefined;
}

/** Returns the state of a running validator. */
export function statusOf(network: Network, parts: Assembly, lanesOpen: boolean): ValidatorStatus {
  const { host, chain, pool, intake, receiver, finalLane } = parts;
  const { view, leader, provisional, finalizedView, speaking, halted } = consensusStatus(host.consensus);
  const { height, ownHash, view: finalView, timestamp } = chain.head.block.header;
  return {
    network: network.name,
    networkId: network.networkId,
    validator: network.gln,
    validators: network.set.size,
    final: { height, hash: ownHash, view: finalView, timestamp, stateRoot: chain.stateRoot },
    provisionalHeight: provisional.height,
    view,
    leader: network.set.entries[leader]!.gln,
    finalizedView,
    speaking,
    lanesOpen,
    ...(halted && { halted: halted.code }),
    pool: { transactions: pool.size, bytes: pool.bytes },
    intake: { ...intake.counts },
    dropped: receiver.dropped,
    branches: chain.executedBlocks - 1,
    finalLane: finalLane.position,
  };
}
