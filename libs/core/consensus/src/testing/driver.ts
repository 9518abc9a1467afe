import { markVerified, referenceHasher, taggedHash, ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import { makeVotes } from './votes.js';
import { initialState, step } from '../index.js';
import type { BlockRef, ConsensusConfig, Effect, Input, Recovered, State } from '../index.js';
import type { Certificate, Vote, VoteKind } from '@custos/core-finality';

export const T0 = 400;
export const START = 1_700_000_000_000;
export const FOUR: ConsensusConfig = {
  epoch: 0,
  validators: { size: 4, quorum: 3, faults: 1 },
  // The leader of view v is v mod 4.
  leaders: [0, 1, 2, 3],
  self: 0,
  t0: T0,
};

function hashOf(name: string): Digest {
  return taggedHash(referenceHasher, 'custos/block/1', new TextEncoder().encode(name));
}

export const GENESIS: BlockRef = {
  hash: hashOf('genesis'),
  epoch: 0,
  view: 0,
  height: 0,
  parentView: 0,
  parent: ZERO_DIGEST,
  timestamp: START - 1_000,
  proposer: 0,
  empty: true,
};

/** Returns the block that the leader of a view builds on a parent. */
export function blockOn(parent: BlockRef, view: number, other: Partial<BlockRef> = {}): BlockRef {
  return {
    hash: hashOf(`${parent.hash}/${view}/${other.timestamp ?? ''}`),
    epoch: 0,
    view,
    height: parent.height + 1,
    parentView: parent.view,
    parent: parent.hash,
    timestamp: parent.timestamp + 1,
    proposer: view % 4,
    empty: false,
    ...other,
  };
}

export const { vote, certificate } = makeVotes(0);
export const notarizeOf = (block: BlockRef, signers = [1, 2, 3]): Certificate =>
  certificate(block.view, 1, block.hash, signers);
export const finalizeOf = (block: BlockRef, signers = [1, 2, 3]): Certificate =>
  certificate(block.view, 3, block.hash, signers);
export const skipOf = (view: number, signers = [1, 2, 3]): Certificate => certificate(view, 2, ZERO_DIGEST, signers);

export const EMPTY: Recovered = {
  final: GENESIS,
  finalize: undefined,
  ownProposals: [],
  proposals: [],
  certificates: [],
  votes: [],
  journalFloor: 0,
};

type Of<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** A machine with a host that signs, executes and writes at once, and records every effect. */
export class Driver {
  state: State;
  now = START;
  readonly done: Effect[] = [];
  invalid = new Set<Digest>();
  executes = true;
  writes = true;

  constructor(config: Partial<ConsensusConfig> = {}, recovered: Partial<Recovered> = {}, reads = true) {
    const first = initialState({ ...FOUR, ...config }, { ...EMPTY, ...recovered }, this.now);
    this.state = first.state;
    this.perform(first.effects);
    if (reads) this.give({ type: 'own-lane-read', gap: false });
  }

  give(input: Input): readonly Effect[] {
    const { state, effects } = step(this.state, input, this.now);
    this.state = state;
    return this.perform(effects);
  }

  private perform(effects: readonly Effect[]): readonly Effect[] {
    const all: Effect[] = [];
    for (const effect of effects) {
      all.push(effect);
      this.done.push(effect);
      if (effect.type === 'sign') all.push(...this.give({ type: 'signed', vote: this.signed(effect.ballot) }));
      if (effect.type === 'execute' && this.executes)
        all.push(
          ...this.give({
            type: 'executed',
            hash: effect.block.hash,
            valid: !this.invalid.has(effect.block.hash),
          }),
        );
    }
    for (const { entries } of this.writes ? ofType(effects, 'persist') : [])
      all.push(...this.give({ type: 'persisted', entries }));
    return all;
  }

  private signed(ballot: Pick<Vote, 'view' | 'kind' | 'hash'>): Vote {
    return vote(this.state.config.self!, ballot.view, ballot.kind, ballot.hash);
  }

  certify(given: Certificate): readonly Effect[] {
    return this.give({ type: 'certificate', certificate: markVerified(given) });
  }

  hear(signer: number, view: number, kind: VoteKind, hash: Digest = ZERO_DIGEST): readonly Effect[] {
    return this.give({ type: 'vote', vote: markVerified(vote(signer, view, kind, hash)) });
  }

  propose(block: BlockRef, certificates: readonly Certificate[] = []): readonly Effect[] {
    return this.give({ type: 'proposal', proposal: markVerified({ block, certificates }) });
  }

  /** Advances the time, and fires the timer at each deadline of the machine. */
  wait(milliseconds: number): readonly Effect[] {
    const until = this.now + milliseconds;
    const all: Effect[] = [];
    for (;;) {
      const at = this.state.times.deadline;
      if (at === undefined || at > until) break;
      this.now = at;
      all.push(...this.give({ type: 'timer' }));
    }
    this.now = until;
    return all;
  }
}

export function ofType<T extends Effect['type']>(effects: readonly Effect[], type: T): readonly Of<T>[] {
  return effects.filter((effect): effect is Of<T> => effect.type === type);
}

const LETTERS = { 1: 'N', 2: 'S', 3: 'F' } as const;

/** Returns the sent own votes as `N5`: kind and view. */
export function votesIn(effects: readonly Effect[]): readonly string[] {
  return ofType(effects, 'send').flatMap(({ message }) =>
    message.type === 'vote' ? [`${LETTERS[message.vote.kind]}${message.vote.view}`] : [],
  );
}

/** Returns the types of effects in order, journal lines by kind. */
export function orderOf(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'persist') return effect.entries.map(({ kind }) => `journal ${kind}`);
    return effect.type === 'send' ? [`send ${effect.message.type}`] : [effect.type];
  });
}
