import {
  laneName,
  type LaneMessage,
  type Lanes,
  type LaneSource,
  type LaneStart,
  type LaneSubscription,
} from '@custos/shell-lanes';
import type { Clock, Log } from '@custos/shell-process';
import type { Intake } from './intake.js';
import type { Network } from '../network.js';
import type { OwnLane } from './own-lane.js';
import type { Receiver } from './receive.js';

/** K18: records behind which pulling is faster than reading. */
const MAX_RECORDS_BEHIND = 1_000n;

/** K18: how often lanes that are behind are looked at, and so how often they can jump at most. Milliseconds. */
const LOOK_EVERY_MS = 60_000;
const NO_FINAL_MS = 30_000;

/** The parts of {@link LaneReaders}. */
export interface LaneReaderParts {
  readonly network: Network;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly log: Log;
  readonly receiver: Receiver;
  readonly intake: Intake;
  readonly ownLane: OwnLane;
  /** Positions that were stored with the last final run. */
  readonly stored: ReadonlyMap<string, string>;
  /** Clock time of the last finalisation here. */
  readonly finalAt: () => number;
}

/** One consumer per kind: votes and proposals of the other validators, transactions of all organisations. */
export class LaneReaders {
  private readonly positions = new Map<string, string>();
  private earlier: ReadonlyMap<string, string>;
  private readonly subscriptions = new Map<string, LaneSubscription>();
  private readonly cancels = new Set<() => void>();
  private closed = false;

  constructor(private readonly parts: LaneReaderParts) {
    this.earlier = parts.stored;
  }

  /** Resolves when all lanes are read; whatever comes before the own one (K13) the machine takes in silence. */
  async start(): Promise<void> {
    await Promise.all([
      this.parts.ownLane.start(),
      this.readVotes('stored'),
      this.readProposals('stored'),
      this.readTransactions(),
    ]);
    this.watchLag();
  }

  /**
   * Returns the positions to store with a final run: votes and proposals from one run back, since those of views that are still
   * open were read already; transactions from the oldest that still waits (K17).
   */
  takePositions(): ReadonlyMap<string, string> {
    const positions = new Map([...this.earlier, ...this.parts.intake.positions()]);
    this.earlier = new Map(this.positions);
    return positions;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.parts.ownLane.close();
    for (const cancel of this.cancels) cancel();
    await Promise.all([...this.subscriptions.values()].map((subscription) => subscription.close()));
  }

  private async readVotes(from: 'stored' | 'end'): Promise<void> {
    await this.subscribe('votes', await this.othersOf('votes', from), (batch) => this.parts.receiver.votes(batch));
  }

  private async readProposals(from: 'stored' | 'end'): Promise<void> {
    await this.subscribe('proposals', await this.othersOf('proposals', from), (batch) =>
      this.parts.receiver.proposals(batch),
    );
  }

  private async readTransactions(): Promise<void> {
    const { intake } = this.parts;
    await this.subscribe('tx', this.parts.intake.sources(), (batch) => intake.take(batch));
  }

  private async subscribe(
    kind: string,
    sources: readonly LaneSource[],
    handler: (batch: readonly LaneMessage[]) => Promise<void>,
  ): Promise<void> {
    const before = this.subscriptions.get(kind);
    if (before) await before.close();
    if (this.closed || sources.length === 0) return;
    const subscription = await this.parts.lanes.subscribe(kind, sources, async (batch) => {
      if (this.closed) return;
      try {
        await handler(batch);
      } catch (error) {
        // Read again it would fail again, so the batch is let go: what it held comes by K10 or by a pull.
        this.parts.log.error('a batch was dropped', { kind, lane: batch[0]!.lane, error: String(error) });
      }
      this.positions.set(batch[0]!.lane, batch[batch.length - 1]!.position);
    });
    this.subscriptions.set(kind, subscription);
    if (this.closed) await subscription.close();
  }

  private async othersOf(kind: 'votes' | 'proposals', from: 'stored' | 'end'): Promise<readonly LaneSource[]> {
    const { network } = this.parts;
    const others = network.set.entries.map(({ gln }) => gln).filter((gln) => gln !== network.gln);
    const lanes = others.map((gln) => laneName(network.name, kind, gln));
    return Promise.all(
      lanes.map(async (lane) => ({ lane, from: from === 'end' ? ('end' as const) : await this.startOf(lane) })),
    );
  }

  // K18: a long absence is caught up with by pulling; reading it all would take as long as it lasted.
  private async startOf(lane: string): Promise<LaneStart> {
    const stored = this.parts.stored.get(lane);
    const last = await this.parts.lanes.last(lane);
    const behind = last ? BigInt(last.position) - BigInt(stored ?? 0) : 0n;
    return behind > MAX_RECORDS_BEHIND ? 'end' : (stored ?? 'beginning');
  }

  private watchLag(): void {
    this.later(LOOK_EVERY_MS, async () => {
      if (this.parts.clock.now() - this.parts.finalAt() > NO_FINAL_MS && (await this.isFarBehind())) {
        this.parts.log.warn('lanes are far behind: reading goes on at their ends');
        await this.readVotes('end');
        await this.readProposals('end');
      }
      this.watchLag();
    });
  }

  private async isFarBehind(): Promise<boolean> {
    for (const [lane, position] of this.positions) {
      if (lane.includes('.tx.')) continue;
      const last = await this.parts.lanes.last(lane);
      if (last && BigInt(last.position) - BigInt(position) > MAX_RECORDS_BEHIND) return true;
    }
    return false;
  }

  private later(milliseconds: number, work: () => Promise<void>): void {
    if (this.closed) return;
    const cancel = this.parts.clock.setTimer(milliseconds, () => {
      this.cancels.delete(cancel);
      if (this.closed) return;
      work().catch((error: unknown) => this.parts.log.warn('lanes could not be looked at', { error: String(error) }));
    });
    this.cancels.add(cancel);
  }
}
