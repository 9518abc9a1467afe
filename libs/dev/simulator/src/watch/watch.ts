import { createHash } from 'node:crypto';
import { decodeVotesMessage } from '@custos/core-chain';
import type { BlockRef, State } from '@custos/core-consensus';
import type { Digest } from '@custos/core-crypto';
import { encodeVote, VOTE, type Certificate, type Vote } from '@custos/core-finality';
import { toHex } from '@custos/core-bytes';

/** The honest validator that a message comes from. */
export interface Sender {
  readonly index: number;
  /** Was this ever durable on its disk? */
  held(bytes: Uint8Array): boolean;
}

/** Sees everything, says nothing, and remembers the first invariant of CONSENSUS that breaks. */
export class Watch {
  failure: string | undefined;
  /** Final blocks by height, whoever had them first. */
  readonly chain: BlockRef[] = [];
  readonly accused = new Set<string>();
  readonly halted = new Set<string>();
  published = 0;
  crashes = 0;
  private readonly trace = createHash('sha256');
  private readonly notarized = new Map<number, Digest>();
  private readonly skipped = new Set<number>();
  /** Views between a notarised block and its parent. */
  private readonly jumped = new Set<number>();
  private readonly finalized = new Map<number, Digest>();
  private readonly said = new Map<string, string>();
  private readonly durable = new Set<string>();

  constructor(private readonly validators: number) {}

  fail(what: string): void {
    this.failure ??= what;
  }

  /** A line of the trace whose hash two runs of one seed must share. */
  note(line: string, bytes?: Uint8Array): void {
    this.trace.update(line);
    if (bytes) this.trace.update(bytes);
  }

  hash(): string {
    return this.trace.copy().digest('hex');
  }

  /** I1, I5: there is one chain, and what is final stays. */
  final(index: number, blocks: readonly BlockRef[]): void {
    for (const block of blocks) {
      const known = this.chain[block.height];
      if (known && known.hash !== block.hash) this.fail(`I1: height ${block.height} is final twice`);
      if (!known && block.height > 1 && this.chain[block.height - 1]?.hash !== block.parent)
        this.fail(`I1: height ${block.height} does not stand on the one below`);
      this.chain[block.height] = block;
    }
    this.note(`final ${index} ${blocks.map(({ hash }) => hash).join(' ')}\n`);
  }

  /** I2: one Notarize certificate a view; I3: never Finalize and Skip. */
  certificates({ views, finalize, nodes }: State): void {
    for (const { view, notarize, skip } of views.values()) {
      if (skip) this.skipped.add(view);
      if (skip && this.finalized.has(view)) this.fail(`I3: view ${view} is skipped and finalised`);
      if (!notarize) continue;
      if ((this.notarized.get(view) ?? notarize.hash) !== notarize.hash)
        this.fail(`I2: view ${view} is notarised twice`);
      this.notarized.set(view, notarize.hash);
      const below = nodes.get(notarize.hash)?.block.parentView ?? view;
      for (let between = below + 1; between < view; between++) this.jumped.add(between);
    }
    if (!finalize) return;
    if (this.skipped.has(finalize.view)) this.fail(`I3: view ${finalize.view} is finalised and skipped`);
    this.finalized.set(finalize.view, finalize.hash);
  }

  /** I7: each jumped view has its Skip certificate somewhere. Asked at the end, when all was seen. */
  checkJumps(): void {
    for (const view of this.jumped) if (!this.skipped.has(view)) this.fail(`I7: view ${view} was jumped, not skipped`);
  }

  /** I4 and I12 for what an honest validator puts on its votes lane. */
  votesMessage(sender: Sender, value: Uint8Array): void {
    const message = decodeVotesMessage(value, this.validators);
    if (!message.ok) return this.fail(`node ${sender.index} sends garbage: ${message.malformed.code}`);
    if (message.value.type === 'certificate') return this.certificateSent(sender, message.value.certificate);
    if (message.value.type !== 'vote') return;
    const { vote } = message.value;
    this.record(slotOf(vote), ballotOf(vote));
    this.isDurable(sender, value.subarray(1), `its vote of view ${vote.view}`);
  }

  /** The same for its proposals lane. */
  proposal(sender: Sender, value: Uint8Array, view: number, hash: Digest): void {
    this.record(`${sender.index}/${view}/proposal`, hash);
    this.isDurable(sender, value, `its proposal of view ${view}`);
  }

  /** I12 for a certificate that an honest validator sends or answers: its own signature in it is durable. */
  certificateSent(sender: Sender, certificate: Certificate): void {
    const at = certificate.signers.indexOf(sender.index);
    if (at < 0) return;
    const vote = { ...certificate, signer: sender.index, signature: certificate.signatures[at]! };
    this.isDurable(sender, encodeVote(vote), `a certificate of view ${vote.view} with its vote`);
  }

  private record(slot: string, what: string): void {
    if ((this.said.get(slot) ?? what) !== what) this.fail(`I4: contradiction in ${slot}`);
    this.said.set(slot, what);
  }

  // Each message is looked up once.
  private isDurable(sender: Sender, bytes: Uint8Array, what: string): void {
    const name = toHex(bytes.subarray(-64)) + bytes.length;
    if (this.durable.has(name)) return;
    if (sender.held(bytes)) this.durable.add(name);
    else this.fail(`I12: node ${sender.index} sends ${what} before it is durable`);
  }
}

function slotOf({ signer, view, kind }: Vote): string {
  return `${signer}/${view}/${kind === VOTE.notarize ? 1 : 2}`;
}

function ballotOf({ kind, hash }: Vote): string {
  return `${kind} ${hash}`;
}
