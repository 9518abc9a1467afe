import { orReject } from '@custos/core-bytes';
import type { Block, Genesis } from '@custos/core-chain';
import type { BlockRef, ConsensusConfig, Input, Recovered, Rules, State } from '@custos/core-consensus';
import { decodeFinalityRecord } from '@custos/core-finality';
import { laneName } from '@custos/shell-lanes';
import { CheckedTransactions } from './state/checked-transactions.js';
import { HeldBlocks, refOf } from './state/held-blocks.js';
import { FinalLane } from './lanes/final-lane.js';
import { Host, type StopReason } from './host/host.js';
import type { HostParts } from './host/host-parts.js';
import { Intake } from './lanes/intake.js';
import { recoverJournal } from './host/journal-rows.js';
import { LaneReaders } from './lanes/lane-readers.js';
import { Mempool } from './lanes/mempool.js';
import { leadersOf, ownLanes, type Network, type OwnLanes } from './network.js';
import { openChain, type OpenedChain } from './state/open-chain.js';
import { LaneSender } from './lanes/lane-sender.js';
import { OwnLane } from './lanes/own-lane.js';
import type { ValidatorPorts } from './ports.js';
import { Pace } from './host/pace.js';
import { Puller } from './peers/puller.js';
import { Receiver } from './lanes/receive.js';
import { OverdueWatch } from './lanes/overdue-watch.js';
import { Pruner } from './host/settle-final.js';

/** The network and the settings of a validator. */
export interface ValidatorConfig {
  readonly genesis: Genesis;
  /** Idle time after which a block shows that the network lives (K11), milliseconds; 30 s by default. */
  readonly heartbeat?: number;
  /** Rules of consensus. Only a test that must see one broken hands in others. */
  readonly rules?: Rules;
}

/** The functions that a validator calls about its own life. */
export interface Hooks {
  readonly onFinal: (blocks: readonly BlockRef[]) => void;
  readonly onStop: (reason: StopReason) => void;
}

/** Everything that runs, put together. */
export interface Assembly extends OpenedChain {
  readonly own: OwnLanes;
  readonly bodies: HeldBlocks;
  readonly pool: Mempool;
  readonly intake: Intake;
  readonly receiver: Receiver;
  readonly votes: LaneSender;
  readonly proposals: LaneSender;
  readonly transactions: LaneSender;
  readonly finalLane: FinalLane;
  readonly ownLane: OwnLane;
  readonly pruner: Pruner;
  readonly puller: Puller;
  readonly overdueWatch: OverdueWatch;
  readonly readers: LaneReaders;
  readonly host: Host;
}

/**
 * Recovery is the start: the state from the store's entries, consensus from the journal, then the same code as
 * ever. Reads this machine's disks only; nothing is sent before the lanes are opened.
 * @throws StoreUnusable, MalformedError when the files are not this validator's.
 */
export async function assemble(
  ports: ValidatorPorts,
  network: Network,
  config: ValidatorConfig,
  hooks: Hooks,
): Promise<Assembly> {
  const { store, lanes, peers, clock, hasher, verify, log, journal } = ports;
  const { networkId, set } = network;
  const opened = await openChain({ network, store, hasher, clock });
  const { chain } = opened;
  const own = ownLanes(network);
  const bodies = new HeldBlocks();
  const pool = new Mempool();
  const recovered = recover(ports, network, opened, bodies);

  // The host is the last to be made and the first that all others talk to.
  const input = (next: Input, block?: Block): void => host.input(next, block);
  const state = (): State => host.consensus;
  const checked = new CheckedTransactions(networkId, verify);
  const receiver = new Receiver({ network, hasher, verify, clock, log, pool, state, input });
  const stored = store.lanePositions();
  const txLanes = network.organisations.map((gln) => laneName(network.name, 'tx', gln));
  const intake = new Intake({ chain, pool, checked, networkId, hasher, clock }, txLanes, stored);
  const ownLane = new OwnLane({ lane: own.votes, lanes, journal, network, clock, log, verify, input });
  for (const vote of recovered.votes) ownLane.remember(vote);
  const finalLane = new FinalLane({
    store,
    lanes,
    lane: own.final,
    networkId,
    hasher,
    validators: set.size,
    clock,
    log,
  });
  const height = (): number => chain.head.block.header.height;
  const puller = new Puller({ network, hasher, peers, clock, log, bodies, receiver, state, input, height });
  const failed = (error: unknown): void => hooks.onStop({ code: 'FAILED', error });
  const pruner = new Pruner({ store, journal, clock, failed });
  const finalAt = (): number => host.finalAt;
  const readers = new LaneReaders({ network, lanes, clock, log, receiver, intake, ownLane, stored, finalAt });
  const parts = {
    ...{ own, bodies, pool, intake, receiver, finalLane, ownLane, pruner, puller, readers },
    votes: new LaneSender(lanes, own.votes, log),
    proposals: new LaneSender(lanes, own.proposals, log),
    transactions: new LaneSender(lanes, own.tx, log),
    overdueWatch: new OverdueWatch(own.tx, network.genesis.parameters.t0, set.size),
    pace: new Pace(network.genesis.parameters.t0),
  };
  const consensus = consensusConfig(ports, network, opened, config);
  const positions = (): ReadonlyMap<string, string> => readers.takePositions();
  const { onFinal } = hooks;
  const hostParts: HostParts = { ...ports, ...parts, network, chain, checked, consensus, positions, onFinal };
  const host = new Host(hostParts, recovered, hooks.onStop);
  return { ...opened, ...parts, host };
}

function consensusConfig(
  { hasher }: ValidatorPorts,
  network: Network,
  { genesis }: OpenedChain,
  { heartbeat, rules }: ValidatorConfig,
): ConsensusConfig {
  const leaders = leadersOf(hasher, network, genesis.header.ownHash);
  const { t0 } = network.genesis.parameters;
  return { epoch: 0, validators: network.set, leaders, self: network.self, t0, heartbeat, rules };
}

function recover(ports: ValidatorPorts, network: Network, { chain }: OpenedChain, bodies: HeldBlocks): Recovered {
  const { store, journal, hasher } = ports;
  const { networkId, set } = network;
  const content = journal.load();
  const memory = recoverJournal(content, bodies, { hasher, networkId, n: set.size });
  const head = store.head()!;
  const record = store.recordFor(head.height);
  return {
    final: refOf(chain.head.block),
    finalize: record && orReject(decodeFinalityRecord(record.bytes, set.size)).finalize,
    ...memory,
    journalFloor: content.floor?.epoch === 0 ? content.floor.view : 0,
  };
}
