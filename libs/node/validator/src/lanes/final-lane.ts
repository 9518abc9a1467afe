import { decodeBlock, decodeFinalMessage, finalisedBy } from '@custos/core-chain';
import type { Digest, Hasher } from '@custos/core-crypto';
import { decodeFinalityRecord } from '@custos/core-finality';
import type { ChainStore } from '@custos/shell-chain-store';
import { LanesClosed, type LaneMessage, type Lanes } from '@custos/shell-lanes';
import type { Clock, Log } from '@custos/shell-process';
import { runMessagesFrom } from '../state/stored-runs.js';

/** A publish that failed is tried again after this pause: the lane of record may not have holes. */
const RETRY_MS = 1_000;

/** Runs published together while the lane is behind the store: a few requests of the broker's size. */
const RUNS_TOGETHER = 16;
const BYTES_TOGETHER = 512 * 1024;

/** The parts of a {@link FinalLane}. */
export interface FinalLaneParts {
  readonly store: ChainStore;
  readonly lanes: Lanes;
  readonly lane: string;
  readonly networkId: Digest;
  readonly hasher: Hasher;
  /** Validators of the epoch. */
  readonly validators: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Writes every final run to this validator's own lane, heights ascending by one. It reads from the store, so
 * a broker that is away for a day costs no memory; after a crash a height may appear twice, none is missing.
 */
export class FinalLane {
  private next: number | undefined;
  private running = false;
  private closed = false;

  constructor(private readonly parts: FinalLaneParts) {}

  /** The next height to be published; undefined until the lane was read. */
  get position(): number | undefined {
    return this.next;
  }

  /** Reads where the lane ends, then publishes what is missing. */
  async start(): Promise<void> {
    const last = await this.parts.lanes.last(this.parts.lane);
    this.next = last ? this.heightAfter(last) : 1;
    this.wake();
  }

  /** There may be a new run in the store. */
  wake(): void {
    if (this.next === undefined || this.running || this.closed) return;
    this.running = true;
    void this.run().finally(() => (this.running = false));
  }

  close(): void {
    this.closed = true;
  }

  private async run(): Promise<void> {
    const { lanes, lane, log, clock } = this.parts;
    for (let batch = this.batch(); batch && !this.closed; batch = this.batch()) {
      try {
        await lanes.publish(lane, batch.messages);
        this.next = batch.to + 1;
      } catch (error) {
        if (error instanceof LanesClosed) return;
        log.warn('final blocks were not published', { lane, height: this.next, error: String(error) });
        await new Promise<void>((resolve) => clock.setTimer(RETRY_MS, resolve));
      }
    }
  }

  private batch(): { readonly to: number; readonly messages: readonly Uint8Array[] } | undefined {
    const messages: Uint8Array[] = [];
    let to = this.next! - 1;
    let bytes = 0;
    for (let runs = 0; runs < RUNS_TOGETHER && bytes < BYTES_TOGETHER; runs++) {
      const run = runMessagesFrom(this.parts.store, to + 1);
      if (!run) break;
      messages.push(...run.messages);
      bytes += run.messages.reduce((sum, message) => sum + message.length, 0);
      to = run.to;
    }
    return messages.length === 0 ? undefined : { to, messages };
  }

  // A block or receipts at the end: the crash came within a run, whose record is still owed, so it comes again
  // from there. A block that the store lacks was lost with the newest runs (K8): all of ours is in the lane.
  private heightAfter(last: LaneMessage): number {
    const { store, networkId, hasher, validators } = this.parts;
    const beyond = (store.head()?.height ?? 0) + 1;
    const message = decodeFinalMessage(last.value);
    if (!message.ok) return 1;
    switch (message.value.type) {
      case 'block': {
        const block = decodeBlock(hasher, networkId, message.value.bytes);
        return block.ok ? Math.min(block.value.header.height, beyond) : 1;
      }
      case 'receipts':
        return Math.min(message.value.height, beyond);
      case 'record': {
        const record = decodeFinalityRecord(message.value.bytes, validators);
        const hash = record.ok ? finalisedBy(hasher, record.value) : record;
        if (!hash.ok) return 1;
        const found = store.blockByHash(hash.value);
        return found ? found.height + 1 : beyond;
      }
    }
  }
}
