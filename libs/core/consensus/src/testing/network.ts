import { markVerified } from '@custos/core-crypto';
import { VOTE, type Certificate, type Vote } from '@custos/core-finality';
import { blockOn, EMPTY, FOUR, GENESIS, START } from './driver.js';
import {
  certificatesFrom,
  initialState,
  step,
  type BlockRef,
  type Effect,
  type Input,
  type JournalEntry,
  type Rules,
  type State,
  type Wanted,
} from '../index.js';
import { Watch } from './watch.js';
import { makeVotes } from './votes.js';

/** The faults of a network of machines without hosts, in virtual time from one seed. */
export interface Schedule {
  readonly seed: number;
  readonly loss?: number;
  readonly duplicates?: number;
  /** The time in milliseconds that a message takes. */
  readonly delay?: readonly [least: number, most: number];
  /** Validators that send nothing. */
  readonly silent?: readonly number[];
  /** A validator that votes for everything and sends each vote to some validators only. */
  readonly liar?: number;
  readonly rules?: Rules;
  /** True when no proposal arrives. */
  readonly deafToProposals?: boolean;
}

interface Disk {
  lines: JournalEntry[];
  floor: number;
  /** The runs in the store. The first `synced` survive a power cut. */
  runs: { readonly blocks: readonly BlockRef[]; readonly finalize: Certificate }[];
  synced: number;
}

interface Node {
  readonly id: number;
  state: State | undefined;
  life: number;
  queue: Effect[];
  busy: boolean;
  readonly disk: Disk;
  blocks: Map<string, BlockRef>;
  pool: Set<number>;
}

export class ModelNetwork {
  now = START;
  readonly watch = new Watch();
  sent = 0;
  readonly nodes: Node[] = [];
  private readonly events: { at: number; run: () => void }[] = [];
  private readonly contents = new Map<string, readonly number[]>();
  private readonly lanes: Vote[][] = [[], [], [], []];
  private random: number;

  constructor(private schedule: Schedule) {
    this.random = schedule.seed;
    for (let id = 0; id < 4; id++) {
      const disk: Disk = { lines: [], floor: 0, runs: [], synced: 0 };
      const node: Node = {
        id,
        state: undefined,
        life: 0,
        queue: [],
        busy: false,
        disk,
        blocks: new Map([[GENESIS.hash as string, GENESIS]]),
        pool: new Set(),
      };
      this.nodes.push(node);
      if (!this.isMute(id)) this.start(node);
    }
  }

  private isMute(id: number): boolean {
    return this.schedule.liar === id || (this.schedule.silent ?? []).includes(id);
  }

  /** Returns the next pseudo-random number of mulberry32, from 0 to below 1. */
  chance(): number {
    this.random = (this.random + 0x6d2b79f5) | 0;
    let t = Math.imul(this.random ^ (this.random >>> 15), 1 | this.random);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  at(delay: number, run: () => void): void {
    const event = { at: this.now + delay, run };
    // Descending by time; among equals the earlier one nearer to the end.
    let i = this.events.length;
    while (i > 0 && this.events[i - 1]!.at <= event.at) i--;
    this.events.splice(i, 0, event);
  }

  /** Ends the loss of messages, and starts the validators that crashed. */
  heal(): void {
    this.schedule = { ...this.schedule, loss: 0, duplicates: 0, deafToProposals: false };
    for (const node of this.nodes) if (!node.state && !this.isMute(node.id)) this.start(node);
  }

  run(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (let next = this.events.at(-1); next && next.at <= until; next = this.events.at(-1)) {
      this.events.pop();
      this.now = next.at;
      next.run();
    }
    this.now = until;
  }

  submit(transaction: number): void {
    for (const node of this.nodes) {
      node.pool.add(transaction);
      this.give(node, { type: 'waiting', waiting: true });
    }
  }

  start(node: Node): void {
    const { lines, floor, runs } = node.disk;
    const top = runs.at(-1);
    const pick = <K extends JournalEntry['kind']>(kind: K): Extract<JournalEntry, { kind: K }>[] =>
      lines.filter((line): line is Extract<JournalEntry, { kind: K }> => line.kind === kind);
    const recovered = {
      ...EMPTY,
      final: top?.blocks.at(-1) ?? GENESIS,
      finalize: top?.finalize,
      ownProposals: pick('own-proposal').map(({ block }) => block),
      proposals: pick('proposal').map(({ block }) => block),
      certificates: pick('certificate').map(({ certificate }) => certificate),
      votes: pick('vote').map(({ vote }) => vote),
      journalFloor: floor,
    };
    node.blocks = new Map(
      [...runs.flatMap(({ blocks }) => blocks), ...recovered.ownProposals, ...recovered.proposals].map((b) => [
        b.hash,
        b,
      ]),
    );
    const rules = this.schedule.rules;
    const first = initialState({ ...FOUR, self: node.id, ...(rules && { rules }) }, recovered, this.now);
    node.state = first.state;
    this.take(node, first.effects);
    for (const vote of this.lanes[node.id]!) this.give(node, { type: 'vote', vote: markVerified(vote) });
    this.give(node, { type: 'own-lane-read', gap: false });
    this.give(node, { type: 'waiting', waiting: node.pool.size > 0 });
  }

  /** Stops a node like kill -9; with `power` it also loses what was not synced. */
  crash(node: Node, power: boolean): void {
    node.state = undefined;
    node.life++;
    node.queue = [];
    node.busy = false;
    if (power) node.disk.runs.length = node.disk.synced;
  }

  give(node: Node, input: Input): void {
    if (!node.state) return;
    const { effects } = step(node.state, input, this.now);
    this.watch.certificates(node.state);
    this.take(node, effects);
  }

  private later(node: Node, delay: number, run: () => void): void {
    const { life } = node;
    this.at(delay, () => {
      if (node.life === life && node.state) run();
    });
  }

  private take(node: Node, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'persist':
        case 'send':
        case 'final':
          node.queue.push(effect);
          break;
        case 'sign': {
          const { view, kind, hash } = effect.ballot;
          const vote = makeVotes(0).vote(node.id, view, kind, hash);
          this.later(node, this.chance(), () => this.give(node, { type: 'signed', vote }));
          break;
        }
        case 'execute':
          node.blocks.set(effect.block.hash, effect.block);
          this.later(node, 1 + 4 * this.chance(), () =>
            this.give(node, { type: 'executed', hash: effect.block.hash, valid: true }),
          );
          break;
        case 'build':
          this.later(node, 1, () => this.build(node, effect));
          break;
        case 'pull':
          this.pull(node, effect.wanted);
          break;
        case 'set-timer':
          this.setTimer(node, effect.at);
          break;
        case 'misbehaviour':
          this.watch.accused.add(effect.offender);
          break;
        case 'halt':
          this.watch.fail(`node ${node.id} halts: ${effect.halt.code}`);
      }
    }
    if (!node.busy) this.perform(node);
  }

  private setTimer(node: Node, at: number | undefined): void {
    if (at === undefined) return;
    this.later(node, Math.max(0, at - this.now), () => {
      if (node.state!.times.deadline === at) this.give(node, { type: 'timer' });
    });
  }

  private perform(node: Node): void {
    const effect = node.queue.shift();
    node.busy = effect !== undefined;
    if (!effect) return;
    if (effect.type === 'persist') {
      this.later(node, 0.2 + 3 * this.chance(), () => {
        node.disk.lines.push(...effect.entries);
        this.watch.written(effect.entries);
        this.give(node, { type: 'persisted', entries: effect.entries });
        this.perform(node);
      });
      return;
    }
    if (effect.type === 'send') this.send(node, effect);
    if (effect.type === 'final') this.final(node, effect);
    this.perform(node);
  }

  private final(node: Node, { blocks, finalize }: Extract<Effect, { type: 'final' }>): void {
    this.watch.final(blocks);
    node.disk.runs.push({ blocks, finalize });
    const count = node.disk.runs.length;
    for (const block of blocks) for (const t of this.contents.get(block.hash) ?? []) node.pool.delete(t);
    this.give(node, { type: 'waiting', waiting: node.pool.size > 0 });
    this.later(node, 20 + 100 * this.chance(), () => {
      node.disk.synced = Math.max(node.disk.synced, count);
      // K8: rows go only below a final block that is synced.
      const floor = Math.max(node.disk.floor, finalize.view);
      node.disk.floor = floor;
      const viewOf = (line: JournalEntry): number =>
        line.kind === 'vote' ? line.vote.view : line.kind === 'certificate' ? line.certificate.view : line.block.view;
      node.disk.lines = node.disk.lines.filter((line) => viewOf(line) >= floor);
    });
  }

  private send(node: Node, { message }: Extract<Effect, { type: 'send' }>): void {
    this.sent++;
    if (message.type === 'vote') {
      this.watch.vote(message.vote);
      this.lanes[node.id]!.push(message.vote);
    }
    if (message.type === 'proposal') this.watch.proposal(message.block);
    const finalize = node.disk.runs.at(-1)?.finalize;
    const justification = message.type === 'proposal' ? this.justification(node, message.block) : [];
    for (const other of this.nodes) {
      if (other === node) continue;
      const input: Input | undefined =
        message.type === 'vote'
          ? { type: 'vote', vote: markVerified(message.vote) }
          : message.type === 'certificate'
            ? { type: 'certificate', certificate: markVerified(message.certificate) }
            : message.type === 'proposal'
              ? { type: 'proposal', proposal: markVerified({ block: message.block, certificates: justification }) }
              : finalize && { type: 'certificate', certificate: markVerified(finalize) };
      if (input) this.carry(other, input);
    }
  }

  private justification(node: Node, block: BlockRef): readonly Certificate[] {
    return certificatesFrom(node.state!, block.parentView, 1_000).filter(
      ({ kind, view }) => kind !== VOTE.finalize && view >= block.parentView && view < block.view,
    );
  }

  private carry(to: Node, input: Input): void {
    if (this.schedule.liar === to.id) this.lie(input);
    const { loss = 0, duplicates = 0, delay = [1, 10], deafToProposals } = this.schedule;
    if (this.chance() < loss || (deafToProposals && input.type === 'proposal')) return;
    const copies = this.chance() < duplicates ? 2 : 1;
    for (let i = 0; i < copies; i++)
      this.at(delay[0] + (delay[1] - delay[0]) * this.chance(), () => this.give(to, input));
  }

  private lie(input: Input): void {
    const hash = input.type === 'vote' ? input.vote.hash : input.type === 'proposal' ? input.proposal.block.hash : '';
    const view = input.type === 'vote' ? input.vote.view : input.type === 'proposal' ? input.proposal.block.view : 0;
    if (!view) return;
    if (input.type === 'proposal') this.proposeStale(input.proposal.block);
    const { vote } = makeVotes(0);
    const votes = [
      vote(this.schedule.liar!, view, VOTE.skip, GENESIS.parent),
      ...(hash === GENESIS.parent
        ? []
        : [VOTE.notarize, VOTE.finalize].map((k) => vote(this.schedule.liar!, view, k, hash as Vote['hash']))),
    ];
    for (const node of this.nodes)
      for (const lie of votes)
        if (node.id !== this.schedule.liar && this.chance() < 0.5)
          this.at(20 * this.chance(), () => this.give(node, { type: 'vote', vote: markVerified(lie) }));
  }

  /** Proposes a block beside the one under vote, on the same parent, without a justification for the jump. */
  private proposeStale(block: BlockRef): void {
    const liar = this.nodes[this.schedule.liar!]!;
    liar.blocks.set(block.hash, block);
    const parent = liar.blocks.get(block.parent);
    if ((block.view + 1) % 4 !== liar.id || !parent) return;
    const timestamp = Math.max(Math.floor(this.now), parent.timestamp + 1);
    const stale = blockOn(parent, block.view + 1, { timestamp });
    liar.blocks.set(stale.hash, stale);
    const proposal = markVerified({ block: stale, certificates: [] });
    for (const node of this.nodes) this.at(10 * this.chance(), () => this.give(node, { type: 'proposal', proposal }));
  }

  private build(node: Node, { view, parent, content }: Extract<Effect, { type: 'build' }>): void {
    const inBranch = new Set<number>();
    for (let block: BlockRef | undefined = parent; block; block = node.blocks.get(block.parent))
      for (const t of this.contents.get(block.hash) ?? []) inBranch.add(t);
    const transactions = content === 'empty' ? [] : [...node.pool].filter((t) => !inBranch.has(t));
    if (content === 'waiting' && transactions.length === 0)
      return this.give(node, { type: 'built', view, block: undefined });
    const timestamp = Math.max(Math.floor(this.now), parent.timestamp + 1);
    const block = blockOn(parent, view, { timestamp, empty: transactions.length === 0 });
    this.contents.set(block.hash, transactions);
    node.blocks.set(block.hash, block);
    this.give(node, { type: 'built', view, block });
  }

  private pull(node: Node, wanted: Wanted): void {
    for (const peer of wanted.from.map((id) => this.nodes[id]!)) {
      if (this.chance() < (this.schedule.loss ?? 0)) continue;
      this.later(node, 2 + 10 * this.chance(), () => this.answer(node, peer, wanted));
    }
  }

  private answer(node: Node, peer: Node, wanted: Wanted): void {
    if (!peer.state) return;
    if (wanted.what === 'block') {
      const block = peer.blocks.get(wanted.hash);
      if (block) this.give(node, { type: 'block', block });
    } else if (wanted.what === 'certificates') {
      for (const certificate of certificatesFrom(peer.state, wanted.fromView, 64))
        this.give(node, { type: 'certificate', certificate: markVerified(certificate) });
    } else {
      const runs = peer.disk.runs.filter(({ blocks }) => blocks.at(-1)!.height >= wanted.fromHeight).slice(0, 20);
      const top = runs.at(-1);
      if (!top) return;
      const blocks = runs.flatMap((run) => run.blocks);
      this.give(node, { type: 'run', blocks, finalize: markVerified(top.finalize) });
    }
  }
}
