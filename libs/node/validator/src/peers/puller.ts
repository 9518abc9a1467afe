import { decodeBlock, type Block } from '@custos/core-chain';
import { holdsBlock, consensusStatus, type Input, type State, type Wanted } from '@custos/core-consensus';
import { markVerified, type Digest, type Hasher } from '@custos/core-crypto';
import { decodeCertificate, type Certificate } from '@custos/core-finality';
import type { Clock, Log } from '@custos/shell-process';
import { refOf, type HeldBlocks } from '../state/held-blocks.js';
import { parseRuns, type PulledRun } from './final-run.js';
import type { Network } from '../network.js';
import type { Peers } from '../ports.js';
import type { Receiver } from '../lanes/receive.js';

/** A run that is not final here after this time never will be by itself: the tick asks again. Milliseconds. */
const RUN_PATIENCE_MS = 60_000;

/** The parts of a {@link Puller}. */
export interface PullerParts {
  readonly network: Network;
  readonly hasher: Hasher;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly log: Log;
  readonly bodies: HeldBlocks;
  readonly receiver: Receiver;
  readonly state: () => State;
  readonly input: (input: Input, block?: Block) => void;
  /** Height of the last block that is stored. */
  readonly height: () => number;
}

/** Fetches what consensus misses. Answers are checked like anything else that comes from others. */
export class Puller {
  private catchingUp = false;
  private closed = false;
  private readonly waiters = new Set<() => void>();

  constructor(private readonly parts: PullerParts) {}

  pull(wanted: Wanted): void {
    if (this.closed || (wanted.what === 'final' && this.catchingUp)) return;
    void this.ask(wanted);
  }

  /** A run was stored, or consensus stopped. */
  wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  private async ask(wanted: Wanted): Promise<void> {
    for (const index of wanted.from) {
      const validator = this.parts.network.set.entries[index]!.gln;
      try {
        if (await this.askOne(validator, wanted)) return;
      } catch (error) {
        this.parts.log.warn('a peer did not answer', { validator, what: wanted.what, error: String(error) });
      }
      if (this.closed) return;
    }
  }

  private async askOne(validator: string, wanted: Wanted): Promise<boolean> {
    switch (wanted.what) {
      case 'block':
        return this.askBlock(validator, wanted.hash);
      case 'certificates':
        return this.askCertificates(validator, wanted.fromView);
      case 'final':
        return this.catchUp(validator, wanted.fromHeight);
    }
  }

  private async askBlock(validator: string, hash: Digest): Promise<boolean> {
    const { peers, hasher, network, input } = this.parts;
    const bytes = await peers.block(validator, hash);
    const block = bytes && decodeBlock(hasher, network.networkId, bytes);
    if (this.closed || !block?.ok || block.value.header.ownHash !== hash) return false;
    input({ type: 'block', block: refOf(block.value) }, block.value);
    return true;
  }

  private async askCertificates(validator: string, fromView: number): Promise<boolean> {
    const { peers, network, receiver } = this.parts;
    const answer = await peers.certificates(validator, 0, fromView);
    const certificates: Certificate[] = [];
    for (const bytes of answer) {
      const certificate = decodeCertificate(bytes, network.set.size);
      if (certificate.ok) certificates.push(certificate.value);
    }
    if (!this.closed) await receiver.certificates(certificates);
    // Asked for views that no one has decided yet: silence of one peer says nothing about the other.
    return false;
  }

  /** K13: run after run, from one peer, until it has no more. */
  private async catchUp(validator: string, fromHeight: number): Promise<boolean> {
    const { peers, hasher, network, height } = this.parts;
    if (this.catchingUp) return true;
    this.catchingUp = true;
    try {
      let from = Math.max(fromHeight, height() + 1);
      for (;;) {
        const runs = parseRuns(hasher, network.networkId, network.set.size, await peers.runs(validator, from));
        if (!runs.ok) throw new Error(`runs from height ${from}: ${runs.malformed.code}`);
        if (runs.value.length === 0) return height() >= fromHeight;
        for (const run of runs.value) if (this.closed || !(await this.take(run))) return false;
        from = height() + 1;
      }
    } finally {
      this.catchingUp = false;
    }
  }

  // One at a time: the next run stands on the state after this one.
  private async take({ blocks, finalize }: PulledRun): Promise<boolean> {
    const { receiver, bodies, input, state, height } = this.parts;
    const last = blocks[blocks.length - 1]!.header;
    if (last.height <= height()) return true;
    if (!(await receiver.isValid(finalize)) || this.closed) return false;
    for (const block of blocks) bodies.add(block);
    input({ type: 'run', blocks: blocks.map(refOf), finalize: markVerified(finalize) });
    // Consensus ignored it: waiting for its height would let a lying peer keep us from asking another.
    if (!holdsBlock(state(), last.ownHash) && consensusStatus(state()).final.height < last.height) return false;
    return this.untilHeight(last.height);
  }

  private untilHeight(height: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (): void => {
        const reached = this.parts.height() >= height;
        if (!reached && !this.closed && !isOver) return;
        this.waiters.delete(settle);
        cancel();
        resolve(reached);
      };
      let isOver = false;
      const cancel = this.parts.clock.setTimer(RUN_PATIENCE_MS, () => {
        isOver = true;
        settle();
      });
      this.waiters.add(settle);
      settle();
    });
  }
}
