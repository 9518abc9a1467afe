import { VOTE, type Ballot, type Certificate, type Vote } from '@custos/core-finality';
import type { BlockRef, JournalEntry, State } from '../index.js';

/** An observer of the network that throws when an invariant of CONSENSUS breaks. */
export class Watch {
  readonly accused = new Set<number>();
  readonly chain: string[] = [];
  readonly blocks: BlockRef[] = [];
  private readonly notarized = new Map<number, string>();
  private readonly skipped = new Set<number>();
  private readonly finalized = new Map<number, string>();
  private readonly durable = new Set<string>();
  private readonly said = new Map<string, string>();

  fail(what: string): never {
    throw new Error(what);
  }

  /** I1, I5: checks that there is one chain, and that no height has two blocks. */
  final(blocks: readonly BlockRef[]): void {
    for (const { height, hash } of blocks) {
      const known = this.chain[height];
      if (known !== undefined && known !== hash) this.fail(`I1: height ${height} is final twice`);
      this.chain[height] = hash;
    }
    this.blocks.push(...blocks);
  }

  /**
   * I2: checks that a view has one Notarize certificate; I3: that no view has a Finalize and a Skip certificate; I12:
   * that a certificate holds an own vote only when it is durable.
   */
  certificates(state: State): void {
    this.ownSignature(state.config.self, state.finalize);
    for (const { view, notarize, skip } of state.views.values()) {
      for (const certificate of [notarize, skip]) this.ownSignature(state.config.self, certificate);
      if (notarize) {
        if ((this.notarized.get(view) ?? notarize.hash) !== notarize.hash) this.fail(`I2: view ${view}`);
        this.notarized.set(view, notarize.hash);
      }
      if (skip) this.skipped.add(view);
      if (skip && this.finalized.has(view)) this.fail(`I3: view ${view}`);
    }
    if (!state.finalize) return;
    this.finalized.set(state.finalize.view, state.finalize.hash);
    if (this.skipped.has(state.finalize.view)) this.fail(`I3: view ${state.finalize.view}`);
  }

  private ownSignature(self: number | undefined, certificate: Certificate | undefined): void {
    if (self === undefined || !certificate?.signers.includes(self)) return;
    const vote = { ...certificate, signer: self };
    if (!this.durable.has(`${slotOf(vote)}/${ballotOf(vote)}`))
      this.fail(`I12: ${self} counts its vote in view ${vote.view} too early`);
  }

  /** I12: records the durable lines of a journal. */
  written(lines: readonly JournalEntry[]): void {
    for (const line of lines) {
      if (line.kind === 'vote') this.durable.add(`${slotOf(line.vote)}/${ballotOf(line.vote)}`);
      if (line.kind === 'own-proposal') this.durable.add(`${line.block.view}/${line.block.hash}`);
    }
  }

  /** I4: checks that no validator contradicts itself, across crashes; I12: that a vote is durable before it is sent. */
  vote(vote: Vote): void {
    this.record(slotOf(vote), ballotOf(vote));
    if (!this.durable.has(`${slotOf(vote)}/${ballotOf(vote)}`))
      this.fail(`I12: ${vote.signer} votes in view ${vote.view} too early`);
  }

  proposal(block: BlockRef): void {
    this.record(`${block.proposer}/${block.view}/0`, block.hash);
    if (!this.durable.has(`${block.view}/${block.hash}`)) this.fail(`I12: proposal of view ${block.view} too early`);
  }

  private record(slot: string, what: string): void {
    if ((this.said.get(slot) ?? what) !== what) this.fail(`I4: contradiction in ${slot}`);
    this.said.set(slot, what);
  }
}

function slotOf({ signer, view, kind }: Ballot & { readonly signer: number }): string {
  return `${signer}/${view}/${kind === VOTE.notarize ? 1 : 2}`;
}

function ballotOf({ kind, hash }: Ballot): string {
  return `${kind}/${hash}`;
}
