import { encodeVotesMessage, type Block } from '@custos/core-chain';
import {
  holdsBlock,
  initialState,
  consensusStatus,
  step,
  type Effect,
  type Halt,
  type Input,
  type Message,
  type Recovered,
  type State,
} from '@custos/core-consensus';
import type { Digest } from '@custos/core-crypto';
import { voteMessage, type Ballot, type Vote } from '@custos/core-finality';
import { unreachable } from '@custos/core-bytes';
import { journalRecord } from './journal-rows.js';
import { EffectQueue, type QueuedEffect } from './effect-queue.js';
import type { HostParts } from './host-parts.js';
import { refOf } from '../state/held-blocks.js';
import { lead, type BuildEffect } from './leader.js';
import { replay } from './replay.js';
import { settleFinal } from './settle-final.js';
import { hasWaiting, tipOf } from './waiting.js';

/** Why a validator stopped by itself. */
export type StopReason =
  { readonly code: 'HALTED'; readonly halt: Halt } | { readonly code: 'FAILED'; readonly error: unknown };

/**
 * Drives the consensus machine: one input at a time, and every effect performed as its arm in `core/consensus`
 * says. It decides nothing.
 */
export class Host {
  private state: State;
  private readonly inputs: Input[] = [];
  private stepping = false;
  private stopped = false;
  private cancelTimer: (() => void) | undefined;
  private saidWaiting = false;
  /** The last build that found nothing: on the same tip, with nothing new in the pool, the next finds nothing either. */
  private fruitless: { readonly tip: Digest; readonly added: number } | undefined;
  private readonly queue: EffectQueue;
  /** Clock time of the last finalisation here. */
  finalAt: number;

  constructor(
    private readonly parts: HostParts,
    recovered: Recovered,
    private readonly onStop: (reason: StopReason) => void,
  ) {
    const { clock, journal, consensus } = parts;
    this.finalAt = clock.now();
    this.queue = new EffectQueue({
      persist: (records) => journal.append(records),
      send: (lane, bytes) => (lane === 'votes' ? parts.votes : parts.proposals).send(bytes),
      final: (effect) => this.settle(effect),
      failed: (error) => this.fail(error),
    });
    const first = initialState(consensus, recovered, clock.now());
    this.state = first.state;
    for (const effect of first.effects) this.perform(effect);
  }

  /** Consensus as it stands; to be read, never changed. */
  get consensus(): State {
    return this.state;
  }

  /** `block`: the body of what the input names; held from now on if consensus wants it. */
  input(input: Input, block?: Block): void {
    if (this.stopped) return;
    if (block) this.parts.bodies.add(block);
    this.inputs.push(input);
    if (this.stepping) return;
    this.stepping = true;
    try {
      for (let next = this.inputs.shift(); next && !this.stopped; next = this.inputs.shift()) this.step(next);
      // K16: blocks that consensus does not hold leave memory.
      this.parts.bodies.keepOnly((hash) => holdsBlock(this.state, hash));
    } catch (error) {
      this.fail(error);
    } finally {
      this.stepping = false;
    }
  }

  /** K9: gives the machine an input when transactions begin or cease to wait. */
  sayWaiting(): void {
    const { chain, pool, clock } = this.parts;
    const tip = tipOf(chain, consensusStatus(this.state).provisional.hash);
    const isFruitless = this.fruitless?.tip === tip.block.header.ownHash && this.fruitless.added === pool.added;
    const waiting = !isFruitless && hasWaiting(pool, tip, clock.now());
    if (waiting === this.saidWaiting) return;
    this.saidWaiting = waiting;
    this.input({ type: 'waiting', waiting });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTimer?.();
    await this.queue.close();
  }

  private step(input: Input): void {
    const { state, effects } = step(this.state, input, this.parts.clock.now());
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'persist':
        return this.queue.push({
          type: 'persist',
          records: effect.entries.map((entry) => journalRecord(entry, this.parts.bodies, this.parts.network.set.size)),
          persisted: () => this.input({ type: 'persisted', entries: effect.entries }),
        });
      case 'send':
        return this.queue.push(this.sendOf(effect.message));
      case 'final':
        return this.queue.push(effect);
      case 'sign':
        return this.background(this.sign(effect.ballot));
      case 'execute':
        return this.background(this.execute(effect.block.hash, effect.block.parent));
      case 'build':
        return this.background(this.build(effect));
      case 'pull':
        return this.parts.puller.pull(effect.wanted);
      case 'set-timer':
        return this.setTimer(effect.at);
      case 'misbehaviour':
        return this.accuse(effect);
      case 'halt':
        this.parts.log.error('halted', { code: effect.halt.code });
        return this.end({ code: 'HALTED', halt: effect.halt });
      default:
        return unreachable(effect);
    }
  }

  private sendOf(message: Message): QueuedEffect {
    const { bodies, store, network } = this.parts;
    const n = network.set.size;
    switch (message.type) {
      case 'vote':
        this.parts.ownLane.remember(message.vote);
        return { type: 'send', lane: 'votes', bytes: () => encodeVotesMessage(message, n) };
      case 'certificate':
        return { type: 'send', lane: 'votes', bytes: () => encodeVotesMessage(message, n) };
      case 'record':
        return {
          type: 'send',
          lane: 'votes',
          bytes: () => {
            const record = store.recordFor(store.head()!.height);
            return record && encodeVotesMessage({ type: 'record', bytes: record.bytes }, n);
          },
        };
      case 'proposal': {
        const bytes = bodies.ownProposal(message.block.hash);
        return { type: 'send', lane: 'proposals', bytes: () => bytes };
      }
      default:
        return unreachable(message);
    }
  }

  private async sign(ballot: Ballot): Promise<void> {
    const { signer, network } = this.parts;
    const signature = await signer.sign(voteMessage(network.networkId, ballot));
    const vote: Vote = { ...ballot, signer: network.self!, signature };
    this.input({ type: 'signed', vote });
  }

  private async execute(hash: Digest, parentHash: Digest): Promise<void> {
    const { bodies, chain, checked, clock, log } = this.parts;
    const block = bodies.get(hash);
    const parent = chain.find(parentHash);
    // Below or beside what became final meanwhile: consensus waits for no answer.
    if (!block || !parent) return;
    const result = await replay({ chain, checked, clock, log }, parent, block);
    if (result === 'stale') return;
    if (!result.ok) log.warn('a block is not valid', { hash, view: block.header.view, ...result.malformed });
    this.input({ type: 'executed', hash, valid: result.ok });
    this.sayWaiting();
  }

  private async build(effect: BuildEffect): Promise<void> {
    const { added } = this.parts.pool;
    const led = await lead(this.parts, effect);
    if (led) this.parts.bodies.addOwn(led.block, led.proposal);
    else {
      // Without a block the machine forgets that anything waits. Only what has come meanwhile is reported anew: a
      // transaction that no block may hold would otherwise turn this for as long as it stays in the pool.
      this.saidWaiting = false;
      this.fruitless = { tip: effect.parent.hash, added };
    }
    this.input({ type: 'built', view: effect.view, block: led && refOf(led.block) });
    this.sayWaiting();
  }

  private async settle(effect: Extract<Effect, { type: 'final' }>): Promise<void> {
    const { clock, finalLane, pruner, puller, overdueWatch } = this.parts;
    const validators = this.parts.network.set.size;
    const settled = await settleFinal({ ...this.parts, validators }, effect);
    this.finalAt = clock.now();
    overdueWatch.sawFinal(settled);
    finalLane.wake();
    pruner.wake();
    puller.wake();
    this.parts.onFinal(effect.blocks);
    this.sayWaiting();
  }

  private setTimer(at: number | undefined): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (at === undefined) return;
    const { clock } = this.parts;
    this.cancelTimer = clock.setTimer(Math.max(0, at - clock.now()), () => {
      this.cancelTimer = undefined;
      this.input({ type: 'timer' });
      // Timers of an operating system may come a millisecond early. The machine then says nothing new, since to
      // it the deadline still stands.
      if (!this.cancelTimer && !this.stopped && clock.now() < at) this.setTimer(at);
    });
  }

  // Kept in the log until evidence is sent to the chain (K15).
  private accuse({ offender, view, proof }: Extract<Effect, { type: 'misbehaviour' }>): void {
    const { gln } = this.parts.network.set.entries[offender]!;
    this.parts.log.error('misbehaviour', { validator: gln, view, code: proof.code });
  }

  private background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.stopped) this.fail(error);
    });
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    this.parts.log.error('failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    this.end({ code: 'FAILED', error });
  }

  private end(reason: StopReason): void {
    this.stopped = true;
    this.cancelTimer?.();
    this.onStop(reason);
  }
}
