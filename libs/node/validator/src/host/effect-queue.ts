import type { Effect } from '@custos/core-consensus';
import type { JournalRecord } from '@custos/shell-chain-store';

/** The effect of a run that became final. */
export type FinalEffect = Extract<Effect, { readonly type: 'final' }>;

/** An effect that is performed in order, as bytes already: consensus may let go of a block before its turn comes. */
export type QueuedEffect =
  | { readonly type: 'persist'; readonly records: readonly JournalRecord[]; readonly persisted: () => void }
  | { readonly type: 'send'; readonly lane: 'votes' | 'proposals'; readonly bytes: () => Uint8Array | undefined }
  | FinalEffect;

/** The functions that perform queued effects. */
export interface QueueHands {
  /** Resolves once all of it is on disk. */
  persist(records: readonly JournalRecord[]): Promise<void>;
  send(lane: 'votes' | 'proposals', bytes: Uint8Array): void;
  final(effect: FinalEffect): Promise<void>;
  /** Called when the disk failed: nothing more may be sent. */
  failed(error: unknown): void;
}

/**
 * K8, I12: persists, sends and finals in the order in which consensus gave them, each when the one before is
 * done. Persists that wait together are written together, ahead of the sends between them: to be durable too
 * early is harmless. A crash loses what still waits; each effect says why that is no harm.
 */
export class EffectQueue {
  private waiting: QueuedEffect[] = [];
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly hands: QueueHands) {}

  get length(): number {
    return this.waiting.length;
  }

  push(effect: QueuedEffect): void {
    if (this.closed) return;
    this.waiting.push(effect);
    this.running ??= this.run();
  }

  /** Drops what waits; resolves when what has begun is done. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting = [];
    await this.running;
  }

  private async run(): Promise<void> {
    // The rest of this turn joins: what one batch of votes leads to is one write.
    await Promise.resolve();
    try {
      while (this.waiting.length > 0) await this.perform(this.upToFinal());
    } catch (error) {
      this.closed = true;
      this.waiting = [];
      this.hands.failed(error);
    }
    this.running = undefined;
  }

  private upToFinal(): readonly QueuedEffect[] {
    const final = this.waiting.findIndex(({ type }) => type === 'final');
    return this.waiting.splice(0, final < 0 ? this.waiting.length : Math.max(1, final));
  }

  private async perform(effects: readonly QueuedEffect[]): Promise<void> {
    const records = effects.flatMap((effect) => (effect.type === 'persist' ? effect.records : []));
    if (records.length > 0) await this.hands.persist(records);
    for (const effect of effects) {
      if (this.closed) return;
      if (effect.type === 'persist') effect.persisted();
      if (effect.type === 'final') await this.hands.final(effect);
      if (effect.type !== 'send') continue;
      const bytes = effect.bytes();
      if (bytes) this.hands.send(effect.lane, bytes);
    }
  }
}
