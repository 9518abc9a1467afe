import { toHex } from '@custos/core-bytes';
import { decodeVotesMessage } from '@custos/core-chain';
import type { Input } from '@custos/core-consensus';
import { markVerified, type VerifySignatures } from '@custos/core-crypto';
import { voteCheck, type Vote } from '@custos/core-finality';
import type { Journal } from '@custos/shell-chain-store';
import { LanesClosed, type LaneMessage, type Lanes, type LaneStart } from '@custos/shell-lanes';
import type { Clock, Log } from '@custos/shell-process';
import type { Network } from '../network.js';

/**
 * Between two looks at the lane once it was read. To follow it would cost a fetch for each own vote; to look
 * finds a second process with this key within the minute, and saves a position that the next start reads from.
 */
const LOOK_EVERY_MS = 60_000;

/** How long nothing may come before the lane is read from its beginning. Milliseconds. */
const PATIENCE_MS = 10_000;

/** Signatures of own votes kept for comparison: some minutes of a full network. Others are verified once more. */
const MAX_KNOWN_VOTES = 16_384;

/** The parts of an {@link OwnLane}. */
export interface OwnLaneParts {
  readonly lane: string;
  readonly lanes: Lanes;
  readonly journal: Journal;
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly verify: VerifySignatures;
  readonly input: (input: Input) => void;
}

/**
 * K13: this validator's own votes lane, read from the remembered position to its end before it votes, and read
 * ever after. A vote in it that this process does not know of was signed by another process with the same
 * key: the machine decides what follows.
 */
export class OwnLane {
  private readonly known = new Set<string>();
  /** Every vote before it was compared. */
  private position: bigint | undefined;
  private isRead = false;
  private hasGap = false;
  private closed = false;
  private readonly cancels = new Set<() => void>();

  constructor(private readonly parts: OwnLaneParts) {
    const position = parts.journal.load().lanePositions.get(parts.lane);
    this.position = position === undefined ? undefined : BigInt(position);
  }

  /** A vote that this process signed, or that its journal holds. */
  remember(vote: Vote): void {
    if (this.known.size >= MAX_KNOWN_VOTES) this.known.delete(this.known.values().next().value!);
    this.known.add(toHex(vote.signature));
  }

  /** Resolves when the lane was read to where it ended at the call, and the machine knows. */
  async start(): Promise<void> {
    await this.readToEnd();
    if (this.closed) return;
    this.isRead = true;
    this.parts.input({ type: 'own-lane-read', gap: this.hasGap });
    await this.save();
    this.lookAgain();
  }

  close(): void {
    this.closed = true;
    for (const cancel of this.cancels) cancel();
  }

  private lookAgain(): void {
    this.later(LOOK_EVERY_MS, () => {
      this.readToEnd()
        .then(() => this.save())
        .then(() => this.lookAgain())
        .catch((error: unknown) => {
          if (!this.closed && !(error instanceof LanesClosed)) {
            this.parts.log.warn('the own votes lane could not be read', { error: String(error) });
            this.lookAgain();
          }
        });
    });
  }

  private async readToEnd(): Promise<void> {
    const last = await this.parts.lanes.last(this.parts.lane);
    if (!last) return;
    const end = BigInt(last.position);
    // A broker that lost its log counts anew: all that it holds is younger than what was read.
    if (this.position !== undefined && this.position > end) this.position = undefined;
    let from: LaneStart = this.position === undefined ? 'beginning' : String(this.position);
    while (!this.closed && !this.hasReached(end)) {
      await this.readFrom(from, end);
      // Out of reach: the broker no longer has the remembered position, so what it still has is read.
      from = 'beginning';
    }
  }

  private hasReached(end: bigint): boolean {
    return this.position !== undefined && this.position >= end;
  }

  /** Ends when the end is reached, when nothing came for too long, or when all is closed. */
  private async readFrom(from: LaneStart, end: bigint): Promise<void> {
    const { lanes, lane } = this.parts;
    let came = 0;
    let settle: () => void;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const watch = (): (() => void) => {
      const before = came;
      return this.later(PATIENCE_MS, () => (came === before ? settle() : (stopWatching = watch())));
    };
    let stopWatching = watch();
    this.cancels.add(settle!);
    const subscription = await lanes.subscribe('own-votes', [{ lane, from }], async (batch) => {
      came++;
      await this.take(batch);
      if (this.hasReached(end)) settle();
    });
    await settled;
    stopWatching();
    this.cancels.delete(settle!);
    await subscription.close();
  }

  /** One batch of the lane. */
  async take(batch: readonly LaneMessage[]): Promise<void> {
    for (const { value, position } of batch) {
      const next = BigInt(position);
      // What follows the remembered position must be there, or no one knows the votes in between.
      if (!this.isRead && this.position !== undefined && next > this.position + 1n) this.hasGap = true;
      await this.compare(value);
      this.position = next;
    }
  }

  private async save(): Promise<void> {
    if (this.closed || this.position === undefined || this.hasGap) return;
    await this.parts.journal.saveLanePosition(this.parts.lane, String(this.position));
  }

  private async compare(value: Uint8Array): Promise<void> {
    const { network, verify, input } = this.parts;
    const decoded = decodeVotesMessage(value, network.set.size);
    if (!decoded.ok || decoded.value.type !== 'vote') return;
    const { vote } = decoded.value;
    if (vote.signer !== network.self || this.known.has(toHex(vote.signature))) return;
    const check = voteCheck(network.networkId, network.set, vote);
    if (check.ok && (await verify([check.value]))) input({ type: 'vote', vote: markVerified(vote) });
  }

  private later(milliseconds: number, work: () => void): () => void {
    const cancel = this.parts.clock.setTimer(milliseconds, () => {
      this.cancels.delete(cancel);
      if (!this.closed) work();
    });
    this.cancels.add(cancel);
    return () => {
      this.cancels.delete(cancel);
      cancel();
    };
  }
}
