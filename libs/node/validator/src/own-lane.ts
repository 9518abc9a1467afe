import { decodeVotesMessage } from '@custos/core-chain';
import type { Input } from '@custos/core-consensus';
import { markVerified, type VerifySignatures } from '@custos/core-crypto';
import { voteCheck, type Vote } from '@custos/core-finality';
import type { Journal } from '@custos/shell-chain-store';
import type { LaneMessage, Lanes, LaneStart } from '@custos/shell-lanes';
import { toHex } from '@custos/core-bytes';
import type { Network } from './network.js';

/** Own messages between two saves of the lane's position: what the next start reads again at most. */
const SAVED_EVERY = 512;

/** Signatures of own votes kept for comparison; older ones are of views that are final for long. */
const MAX_KNOWN_VOTES = 8_192;

export interface OwnLaneParts {
  readonly lane: string;
  readonly lanes: Lanes;
  readonly journal: Journal;
  readonly network: Network;
  readonly verify: VerifySignatures;
  readonly input: (input: Input) => void;
}

/**
 * K13: this validator's own votes lane, read from the remembered position to its end before it speaks, and
 * followed ever after. A vote in it that this process does not know of was signed by somebody with the same
 * key: the machine says what that means.
 */
export class OwnLane {
  private readonly known = new Set<string>();
  private readonly remembered: bigint | undefined;
  private end: bigint | undefined;
  private handled: bigint | undefined;
  private unsaved = 0;
  private asked = 0;
  private isRead = false;
  private hasGap = false;

  constructor(private readonly parts: OwnLaneParts) {
    const position = parts.journal.load().lanePositions.get(parts.lane);
    this.remembered = position === undefined ? undefined : BigInt(position);
  }

  /** Looks where the lane ends now, and says where to read from. */
  async open(): Promise<LaneStart> {
    const last = await this.parts.lanes.last(this.parts.lane);
    this.end = last && BigInt(last.position);
    const { remembered, end } = this;
    // A broker that lost its log counts anew: all that it holds is younger than what was read.
    if (remembered === undefined || end === undefined || remembered > end) return 'beginning';
    this.handled = remembered;
    return String(remembered);
  }

  get isWaiting(): boolean {
    return !this.isRead;
  }

  /** Nothing came since the last question: the broker no longer has the remembered position. */
  isStuck(): boolean {
    const stuck = !this.isRead && this.asked === this.unsaved;
    this.asked = this.unsaved;
    return stuck;
  }

  /** Where to go on reading. */
  position(): LaneStart {
    return this.handled === undefined ? 'beginning' : String(this.handled);
  }

  /** Tells the machine when there is nothing to read, now that it listens. */
  begin(): void {
    if (this.end === undefined || (this.handled !== undefined && this.handled >= this.end)) this.finish();
  }

  /** A vote that this process signed, or that its journal holds. */
  remember(vote: Vote): void {
    if (this.known.size >= MAX_KNOWN_VOTES) this.known.delete(this.known.values().next().value!);
    this.known.add(toHex(vote.signature));
  }

  async take(batch: readonly LaneMessage[]): Promise<void> {
    for (const { value, position } of batch) {
      const next = BigInt(position);
      if (!this.isRead && this.remembered !== undefined && this.isHole(next)) this.hasGap = true;
      await this.compare(value);
      this.handled = next;
      this.unsaved++;
    }
    if (!this.isRead && this.handled! >= this.end!) this.finish();
    if (this.isRead && this.unsaved >= SAVED_EVERY) await this.save();
  }

  /** Every vote up to there was compared. A crash before: the next start reads some more. */
  async save(): Promise<void> {
    if (!this.isRead || this.handled === undefined || this.hasGap) return;
    this.unsaved = 0;
    await this.parts.journal.saveLanePosition(this.parts.lane, String(this.handled));
  }

  // The first message of this start must follow the remembered position.
  private isHole(next: bigint): boolean {
    return this.handled === this.remembered && next > this.remembered! + 1n;
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

  private finish(): void {
    if (this.isRead) return;
    this.isRead = true;
    this.parts.input({ type: 'own-lane-read', gap: this.hasGap });
  }
}
