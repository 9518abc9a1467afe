import { markVerified, ZERO_DIGEST } from '@custos/core-crypto';
import {
  blockOn,
  Driver,
  EMPTY,
  finalizeOf,
  FOUR,
  GENESIS,
  notarizeOf,
  ofType,
  orderOf,
  skipOf,
  START,
  T0,
  vote,
  votesIn,
} from './testing/driver.js';
import { certificatesFrom, initialState, type Recovered } from './index.js';

const one = blockOn(GENESIS, 1);
const four = blockOn(GENESIS, 4);

/** Returns what the journal of this driver restores after a crash at this moment. */
function journalOf({ done }: Driver): Recovered {
  const lines = ofType(done, 'persist').flatMap(({ entries }) => entries);
  return {
    ...EMPTY,
    ownProposals: lines.flatMap((line) => (line.kind === 'own-proposal' ? [line.block] : [])),
    proposals: lines.flatMap((line) => (line.kind === 'proposal' ? [line.block] : [])),
    certificates: lines.flatMap((line) => (line.kind === 'certificate' ? [line.certificate] : [])),
    votes: lines.flatMap((line) => (line.kind === 'vote' ? [line.vote] : [])),
  };
}

describe('K8 slots', () => {
  it('K8: block and justification are durable before an N, and the N before it leaves', () => {
    const driver = new Driver();
    driver.propose(one);
    const three = blockOn(one, 3);
    driver.propose(three, [notarizeOf(one), skipOf(2)]);
    const lines = ofType(driver.done, 'persist').flatMap(({ entries }) => entries);
    // N1 depends on block 1; N3 on two certificates and block 3; F1 on lines that are there already.
    expect(orderOf(driver.done).filter((name) => name.startsWith('journal') || name === 'send vote')).toEqual([
      ...['journal proposal', 'journal vote', 'send vote'],
      ...['journal certificate', 'journal certificate', 'journal proposal', 'journal vote', 'send vote'],
      ...['journal vote', 'send vote'],
    ]);
    expect(lines.filter(({ kind }) => kind === 'certificate')).toEqual([
      { kind: 'certificate', certificate: notarizeOf(one) },
      { kind: 'certificate', certificate: skipOf(2) },
    ]);
  });

  it('K8: the Notarize certificate is durable before an F', () => {
    const driver = new Driver();
    driver.propose(one);
    expect(orderOf(driver.certify(notarizeOf(one)))).toEqual(
      expect.arrayContaining(['sign', 'journal certificate', 'journal vote', 'send vote']),
    );
    expect(orderOf(driver.done).filter((name) => name === 'journal certificate')).toHaveLength(1);
  });

  it('K8: slot 0 is durable before the proposal leaves; a crash makes no second one', () => {
    const driver = new Driver({ self: 1 });
    driver.give({ type: 'waiting', waiting: true });
    const effects = driver.give({ type: 'built', view: 1, block: one });
    expect(orderOf(effects).slice(0, 3)).toEqual(['journal own-proposal', 'send proposal', 'sign']);
    const again = new Driver({ self: 1 }, journalOf(driver));
    again.give({ type: 'waiting', waiting: true });
    expect(ofType(again.done, 'build')).toEqual([]);
    expect(ofType(again.done, 'send').map(({ message }) => message)).toContainEqual({ type: 'proposal', block: one });
  });

  it('K8: repeats the same votes after a crash and never contradicts them', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.certify(notarizeOf(one));
    const again = new Driver({}, journalOf(driver));
    expect(votesIn(again.done)).toEqual(['F1']);
    expect(votesIn(again.propose(blockOn(GENESIS, 1, { timestamp: START })))).toEqual([]);
    expect(votesIn(again.wait(30_000)).filter((name) => name === 'S1' || name === 'N1')).toEqual([]);
    const skipper = new Driver();
    skipper.propose(one);
    skipper.wait(T0);
    const back = new Driver({}, journalOf(skipper));
    expect(votesIn(back.done)).toEqual(['N1', 'S1']);
    expect(votesIn(back.certify(notarizeOf(one)))).toEqual([]);
  });

  it('K8: a crash before the signature returned leaves the slot free', () => {
    const driver = new Driver();
    driver.propose(one);
    expect(new Driver({}, EMPTY).state.views.get(1)?.own.notarize).toBeUndefined();
    expect(votesIn(new Driver({}, EMPTY).propose(one))).toEqual(['N1']);
  });

  it('K8: never sends a vote that was signed after its view became final', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.certify(finalizeOf(one));
    expect(orderOf(driver.give({ type: 'signed', vote: vote(0, 1, 1, one.hash) }))).toEqual([]);
  });

  it.each([
    ['N', (d: Driver) => d.propose(one), 1, one.hash, 'notarize'],
    ['S', (d: Driver) => d.wait(T0), 2, ZERO_DIGEST, 'skip'],
  ] as const)('K8: an own %s stands in no certificate before it is persisted', (_, happens, kind, hash, held) => {
    const driver = new Driver();
    driver.writes = false;
    driver.give({ type: 'waiting', waiting: true });
    const entries = ofType(happens(driver), 'persist').flatMap((effect) => effect.entries);
    for (const signer of [1, 2]) driver.hear(signer, 1, kind, hash);
    expect(driver.state.views.get(1)![held]).toBeUndefined();
    expect(certificatesFrom(driver.state, 1, 10)).toEqual([]);
    driver.give({ type: 'persisted', entries });
    expect(certificatesFrom(driver.state, 1, 10)).toMatchObject([{ view: 1, kind, signers: [0, 1, 2] }]);
  });

  it('K8: an own F makes nothing final before it is persisted', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.writes = false;
    const entries = ofType(driver.certify(notarizeOf(one)), 'persist').flatMap((effect) => effect.entries);
    for (const signer of [1, 2]) driver.hear(signer, 1, 3, one.hash);
    expect(driver.state.finalize).toBeUndefined();
    expect(ofType(driver.give({ type: 'persisted', entries }), 'final')).toMatchObject([{ blocks: [one] }]);
  });

  it('K8: a vote that is persisted after its view became final changes nothing', () => {
    const driver = new Driver();
    driver.writes = false;
    const entries = ofType(driver.propose(one), 'persist').flatMap((effect) => effect.entries);
    driver.certify(finalizeOf(one));
    expect(driver.give({ type: 'persisted', entries })).toEqual([]);
    expect(driver.state.views.has(1)).toBe(false);
  });

  it('K8: a recovered branch is executed again and becomes final as before', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.propose(blockOn(one, 3), [notarizeOf(one), skipOf(2)]);
    const again = new Driver({}, journalOf(driver));
    expect(again.state.view).toBe(3);
    expect(ofType(again.certify(finalizeOf(blockOn(one, 3))), 'final')[0]!.blocks).toEqual([one, blockOn(one, 3)]);
  });
});

describe('K13 start', () => {
  it('K13: sends nothing until the own lane is read', () => {
    const driver = new Driver({}, {}, false);
    driver.propose(one);
    driver.certify(notarizeOf(one));
    driver.wait(T0);
    expect(ofType(driver.done, 'sign')).toEqual([]);
    expect(ofType(driver.done, 'send')).toEqual([]);
    expect(votesIn(driver.give({ type: 'own-lane-read', gap: false }))).toEqual(['N1', 'F1']);
  });

  it('K13: accepts votes of the own lane that the journal holds', () => {
    const mine = vote(0, 1, 2, skipOf(1).hash);
    const driver = new Driver({}, { votes: [mine] }, false);
    expect(driver.give({ type: 'vote', vote: markVerified(mine) })).toEqual([]);
    expect(driver.state.halted).toBeUndefined();
  });

  it.each([
    ['an own vote that the journal lacks', (d: Driver) => d.hear(0, 3, 2)],
    ['another own vote than the journal holds', (d: Driver) => d.hear(0, 1, 3, one.hash)],
    ['a certificate that this key signed', (d: Driver) => d.certify(skipOf(4, [0, 1, 2]))],
    ['an own proposal that the journal lacks', (d: Driver) => d.propose(four)],
    ['a hole in the own lane', (d: Driver) => d.give({ type: 'own-lane-read', gap: true })],
    [
      'a run finalised with this key',
      (d: Driver) => d.give({ type: 'run', blocks: [one], finalize: markVerified(finalizeOf(one, [0, 1, 2])) }),
    ],
  ])('K13: %s means a lost disk: halts RECOVERY_NEEDED and sends nothing more', (_, happens) => {
    const driver = new Driver({}, { votes: [vote(0, 1, 2, skipOf(1).hash)] }, false);
    expect(ofType(happens(driver), 'halt')).toMatchObject([{ halt: { code: 'RECOVERY_NEEDED' } }]);
    expect(driver.give({ type: 'own-lane-read', gap: false })).toEqual([]);
    expect(driver.propose(one)).toEqual([]);
  });

  it('K13: ignores own votes at or below the last final view', () => {
    const driver = new Driver({}, { final: four, finalize: finalizeOf(four) }, false);
    driver.hear(0, 4, 2);
    driver.certify(skipOf(3, [0, 1, 2]));
    expect(driver.state.halted).toBeUndefined();
  });

  it('K13: never votes below the floor of the journal, and ignores own votes there', () => {
    const driver = new Driver({}, { journalFloor: 3 });
    driver.hear(0, 2, 2);
    expect(driver.state.halted).toBeUndefined();
    driver.propose(one);
    driver.certify(notarizeOf(one));
    driver.give({ type: 'waiting', waiting: true });
    driver.wait(2_000);
    expect(votesIn(driver.done)).toEqual([]);
    driver.certify(skipOf(2));
    expect(votesIn(driver.propose(blockOn(one, 3)))).toEqual(['N3']);
  });

  it('K13: sends nothing at a start alone', () => {
    expect(initialState(FOUR, EMPTY, START).effects).toEqual([{ type: 'set-timer', at: START + 30_000 }]);
  });
});
