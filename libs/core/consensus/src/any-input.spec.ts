import fc from 'fast-check';
import { markVerified, ZERO_DIGEST } from '@custos/core-crypto';
import type { VoteKind } from '@custos/core-finality';
import { blockOn, certificate, EMPTY, FOUR, GENESIS, START, vote } from './testing/driver.js';
import { initialState, step, type BlockRef, type Effect, type Input } from './index.js';

// It never leads, because a proposal that it did not make would halt it at once (K13).
const SELF = 4;
const FIVE = { ...FOUR, self: SELF, validators: { size: 5, quorum: 3, faults: 1 } };

// Few blocks, so that inputs refer to each other: a chain of six views that most messages are about, and blocks beside
// it.
const CHAIN: BlockRef[] = [GENESIS];
for (let view = 1; view <= 6; view++) CHAIN.push(blockOn(CHAIN[view - 1]!, view));
const BESIDE = [1, 2, 3, 4, 5, 6].map((view) => blockOn(CHAIN[Math.max(0, view - 2)]!, view, { timestamp: START }));

const block = fc.oneof(
  { weight: 15, arbitrary: fc.constantFrom(...CHAIN.slice(1)) },
  { weight: 1, arbitrary: fc.constantFrom(...BESIDE) },
);
const view = fc.oneof({ weight: 9, arbitrary: fc.nat(7) }, { weight: 1, arbitrary: fc.nat(1_000_000) });
const kind = fc.constantFrom<VoteKind>(1, 2, 3);
// Rarely this validator itself, because a vote that it did not sign would halt it at once (K13).
const signers = fc.oneof(
  { weight: 40, arbitrary: fc.constant([1, 2, 3]) },
  { weight: 1, arbitrary: fc.constantFrom([1, 2, 4], [0, 1, 2, 4]) },
);
const signer = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(0, 1, 2, 3, 5) },
  { weight: 1, arbitrary: fc.constant(SELF) },
);

const anyVote = fc
  .tuple(signer, view, kind, block)
  .map(([by, at, k, { hash, view: own }]) =>
    markVerified(k === 2 ? vote(by, at, k, ZERO_DIGEST) : vote(by, own, k, hash)),
  );
const anyCertificate = fc
  .tuple(view, kind, block, signers)
  .map(([at, k, { hash, view: own }, by]) =>
    markVerified(k === 2 ? certificate(at, k, ZERO_DIGEST, by) : certificate(own, k, hash, by)),
  );
const anyInput: fc.Arbitrary<Input> = fc.oneof(
  anyVote.map((v): Input => ({ type: 'vote', vote: v })),
  anyCertificate.map((c): Input => ({ type: 'certificate', certificate: c })),
  fc
    .tuple(block, fc.array(anyCertificate, { maxLength: 3 }))
    .map(([b, certificates]): Input => ({ type: 'proposal', proposal: markVerified({ block: b, certificates }) })),
  block.map((b): Input => ({ type: 'block', block: b })),
  fc
    .tuple(fc.array(block, { maxLength: 4 }), anyCertificate)
    .map(([blocks, finalize]): Input => ({ type: 'run', blocks, finalize })),
  fc.tuple(block, fc.boolean()).map(([{ hash }, valid]): Input => ({ type: 'executed', hash, valid })),
  fc.tuple(view, fc.option(block, { nil: undefined })).map(([at, b]): Input => ({ type: 'built', view: at, block: b })),
  anyVote.map((v): Input => ({ type: 'signed', vote: { ...v, signer: SELF } })),
  anyVote.map((v): Input => ({ type: 'persisted', entries: [{ kind: 'vote', vote: { ...v, signer: SELF } }] })),
  fc.boolean().map((waiting): Input => ({ type: 'waiting', waiting })),
  fc.constant<Input>({ type: 'timer' }),
);
const history = fc.array(fc.tuple(anyInput, fc.nat(500)), { minLength: 20, maxLength: 80, size: 'max' });

/** Effects that send nothing: a timer, and the proof that the halting input gives against others. */
const UNSPOKEN: ReadonlySet<Effect['type']> = new Set(['set-timer', 'misbehaviour']);

/** Gives the inputs to a machine, and signs, executes and writes as the effects ask. */
function run(inputs: readonly (readonly [Input, number])[]): readonly Effect[] {
  let now = START;
  const all: Effect[] = [];
  let { state } = initialState(FIVE, EMPTY, now);
  const give = (input: Input): void => {
    const result = step(state, input, now);
    state = result.state;
    all.push(...result.effects);
    for (const effect of result.effects) {
      if (effect.type === 'sign') {
        const { view: at, kind: k, hash } = effect.ballot;
        give({ type: 'signed', vote: vote(SELF, at, k, hash) });
      }
      if (effect.type === 'execute') give({ type: 'executed', hash: effect.block.hash, valid: true });
      if (effect.type === 'persist') give({ type: 'persisted', entries: effect.entries });
    }
  };
  give({ type: 'own-lane-read', gap: false });
  for (const [input, pause] of inputs) {
    now += pause;
    give(input);
  }
  return all;
}

describe('any inputs in any order', () => {
  it('K8: never throw, never sign twice for one slot, and give the same result twice', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        const effects = run(inputs);
        const slots = effects.flatMap((effect) =>
          effect.type === 'sign' ? [`${effect.ballot.view}/${effect.ballot.kind === 1 ? 1 : 2}`] : [],
        );
        expect(new Set(slots).size).toBe(slots.length);
        expect(run(inputs)).toEqual(effects);
      }),
      { numRuns: 300 },
    );
  });

  it('the histories above reach votes, final blocks and halts', () => {
    const seen = new Map<string, number>();
    for (const inputs of fc.sample(history, { numRuns: 200, seed: 1 }))
      for (const { type } of run(inputs)) seen.set(type, (seen.get(type) ?? 0) + 1);
    for (const type of ['sign', 'persist', 'final', 'execute', 'misbehaviour', 'pull', 'halt'])
      expect(seen.get(type)).toBeGreaterThan(4);
  });

  it('I12: a sent vote was journaled before', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        const journaled = new Set<unknown>();
        for (const effect of run(inputs)) {
          if (effect.type === 'persist')
            for (const entry of effect.entries) if (entry.kind === 'vote') journaled.add(entry.vote);
          if (effect.type === 'send' && effect.message.type === 'vote')
            expect(journaled.has(effect.message.vote)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('K7: each final block extends the one before, and a halted machine sends nothing', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        let top = GENESIS;
        let isOver = false;
        for (const effect of run(inputs)) {
          expect(isOver ? [effect.type, UNSPOKEN.has(effect.type)] : []).not.toContain(false);
          if (effect.type === 'halt') isOver = true;
          if (effect.type !== 'final') continue;
          for (const next of effect.blocks) {
            expect([next.parent, next.height]).toEqual([top.hash, top.height + 1]);
            top = next;
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
