import { markVerified } from '@custos/core-crypto';
import {
  blockOn,
  Driver,
  finalizeOf,
  GENESIS,
  notarizeOf,
  ofType,
  orderOf,
  skipOf,
  START,
  T0,
  vote,
  votesIn,
} from '../testing/driver.js';

const one = blockOn(GENESIS, 1);

describe('K4 notarize', () => {
  it('K4: the first proposal of a view gets an N, once', () => {
    const driver = new Driver();
    expect(votesIn(driver.propose(one))).toEqual(['N1']);
    expect(driver.propose(one)).toEqual([]);
  });

  it('K4: ignores a proposal from a validator that does not lead the view', () => {
    expect(new Driver().propose(blockOn(GENESIS, 1, { proposer: 2 }))).toEqual([]);
  });

  it('K4: no N before the parent is notarised', () => {
    const driver = new Driver();
    driver.propose(one);
    const two = blockOn(one, 2);
    const early = driver.propose(two);
    expect(votesIn(early)).toEqual([]);
    expect(ofType(early, 'pull')[0]!.wanted).toMatchObject({ what: 'certificates', fromView: 1, from: [2] });
    expect(votesIn(driver.certify(notarizeOf(one)))).toEqual(['N2', 'F1']);
  });

  it('K4: no N over a view that was not skipped; the certificate is pulled', () => {
    const driver = new Driver();
    const three = blockOn(GENESIS, 3);
    const early = driver.propose(three, [skipOf(2)]);
    expect(votesIn(early)).toEqual([]);
    expect(ofType(early, 'pull')[0]!.wanted).toMatchObject({ what: 'certificates', fromView: 1 });
    expect(votesIn(driver.certify(skipOf(1)))).toEqual(['N3']);
  });

  it('K4: a block beside the final chain never gets an N', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.certify(finalizeOf(one));
    expect(votesIn(driver.propose(blockOn(GENESIS, 2)))).toEqual([]);
    expect(votesIn(driver.certify(skipOf(2)))).toEqual([]);
  });

  it('K4: no N before the block and its parent are executed', () => {
    const driver = new Driver();
    driver.executes = false;
    expect(orderOf(driver.propose(one))).toEqual(['execute', 'set-timer']);
    const two = blockOn(one, 2);
    expect(ofType(driver.propose(two, [notarizeOf(one)]), 'execute')).toEqual([]);
    const effects = driver.give({ type: 'executed', hash: one.hash, valid: true });
    expect(votesIn(effects)).toEqual(['N1', 'F1']);
    expect(ofType(effects, 'execute')).toEqual([{ type: 'execute', block: two }]);
  });

  it('K4, L3.5: delays the vote for a timestamp too far ahead, without an accusation', () => {
    const driver = new Driver({ t0: 60_000 });
    const ahead = blockOn(GENESIS, 1, { timestamp: START + 5_000 });
    expect(votesIn(driver.propose(ahead))).toEqual([]);
    expect(votesIn(driver.wait(2_999))).toEqual([]);
    expect(votesIn(driver.wait(1))).toEqual(['N1']);
    expect(ofType(driver.done, 'misbehaviour')).toEqual([]);
  });

  it.each([
    ['height', { height: 5 }],
    ['timestamp', { timestamp: GENESIS.timestamp }],
    ['parent view', { parentView: 1 }],
  ])('K4: a wrong %s gets an S and is reported as proof', (_, wrong) => {
    const driver = new Driver();
    const effects = driver.propose(blockOn(GENESIS, 1, wrong));
    expect(votesIn(effects)).toEqual(['S1']);
    expect(ofType(effects, 'misbehaviour')).toMatchObject([{ offender: 1, proof: { code: 'INVALID_PROPOSAL' } }]);
  });

  it('K4: a block that does not re-execute gets an S at once', () => {
    const driver = new Driver();
    driver.invalid.add(one.hash);
    expect(votesIn(driver.propose(one))).toEqual(['S1']);
  });

  it('K6, K15: two proposals of one leader are reported as proof and get an S at once', () => {
    const driver = new Driver();
    driver.propose(one);
    const effects = driver.propose(blockOn(GENESIS, 1, { timestamp: START }));
    expect(ofType(effects, 'misbehaviour')).toMatchObject([{ offender: 1, proof: { code: 'TWO_PROPOSALS' } }]);
    expect(votesIn(effects)).toEqual(['S1']);
  });

  it('K15: halts on a certified block that does not re-execute', () => {
    const driver = new Driver();
    driver.invalid.add(one.hash);
    driver.propose(one);
    expect(ofType(driver.certify(notarizeOf(one)), 'halt')[0]!.halt.code).toBe('CERTIFIED_BLOCK_INVALID');
    expect(driver.wait(60_000)).toEqual([]);
  });
});

describe('K5 finalize', () => {
  it('K5: votes F for a notarised block that it voted N for, also long after leaving the view', () => {
    const driver = new Driver();
    driver.propose(one);
    expect(votesIn(driver.certify(skipOf(1)))).toEqual([]);
    for (const view of [2, 3, 4, 5]) driver.certify(skipOf(view));
    expect(votesIn(driver.certify(notarizeOf(one)))).toEqual(['F1']);
  });

  it('K5: does not vote F for a block that it did not vote N for', () => {
    const driver = new Driver();
    driver.propose(blockOn(GENESIS, 1, { timestamp: START }));
    expect(votesIn(driver.certify(notarizeOf(one)))).toEqual([]);
  });

  it('K5: does not vote F in a view where it voted S', () => {
    const driver = new Driver();
    driver.propose(one);
    expect(votesIn(driver.wait(T0))).toContain('S1');
    expect(votesIn(driver.certify(notarizeOf(one)))).not.toContain('F1');
  });

  it('K5: does not vote F before its own N is signed', () => {
    const driver = new Driver();
    const { state } = driver;
    driver.propose(one);
    state.views.get(1)!.own.notarize!.vote = undefined;
    expect(votesIn(driver.certify(notarizeOf(one)))).toEqual([]);
    expect(votesIn(driver.give({ type: 'signed', vote: vote(0, 1, 1, one.hash) }))).toEqual(['N1', 'F1']);
  });
});

describe('K6 skip', () => {
  it('K6: votes S when time is over and not earlier, and stays in the view', () => {
    const driver = new Driver();
    driver.give({ type: 'waiting', waiting: true });
    expect(votesIn(driver.wait(T0 - 1))).toEqual([]);
    expect(votesIn(driver.wait(1))).toEqual(['S1']);
    expect(driver.state.view).toBe(1);
    expect(votesIn(driver.wait(400))).toEqual([]);
  });

  it('K6: votes N then S, and S then N', () => {
    const driver = new Driver();
    driver.propose(one);
    expect(votesIn(driver.wait(T0))).toEqual(['S1']);
    const other = new Driver();
    other.give({ type: 'waiting', waiting: true });
    other.wait(T0);
    expect(votesIn(other.propose(one))).toEqual(['N1']);
  });

  it('K6: never votes S after F', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.certify(notarizeOf(one));
    // Simulates the loss of the Notarize certificate: the F alone forbids the S.
    driver.state.view = 1;
    driver.state.views.get(1)!.notarize = undefined;
    expect(votesIn(driver.wait(10_000)).filter((name) => name === 'S1')).toEqual([]);
  });
});

describe('K15 contradictions of other validators', () => {
  it.each([
    ['TWO_VOTES', [1, one.hash], [1, GENESIS.hash]],
    ['SKIP_AND_FINALIZE', [2, undefined], [3, one.hash]],
    ['NOTARIZE_AND_FINALIZE', [1, one.hash], [3, GENESIS.hash]],
  ] as const)('K15: %s is seen, whichever comes first', (code, first, second) => {
    for (const [a, b] of [
      [first, second],
      [second, first],
    ] as const) {
      const driver = new Driver();
      driver.hear(2, 1, a[0], a[1]);
      expect(ofType(driver.hear(2, 1, b[0], b[1]), 'misbehaviour')).toMatchObject([{ offender: 2, proof: { code } }]);
    }
  });

  it('K15: N and S, and N and F of one block, are no contradiction', () => {
    const driver = new Driver();
    driver.hear(2, 1, 1, one.hash);
    driver.hear(2, 1, 2);
    driver.hear(3, 1, 1, one.hash);
    driver.hear(3, 1, 3, one.hash);
    expect(ofType(driver.done, 'misbehaviour')).toEqual([]);
  });
});

describe('L4.2 counting', () => {
  it('a quorum of different signers makes a certificate, a repeated one does not', () => {
    const driver = new Driver();
    for (const signer of [2, 2, 3, 3]) driver.hear(signer, 1, 2);
    expect(driver.state.view).toBe(1);
    driver.hear(1, 1, 2);
    expect(driver.state.view).toBe(2);
    expect(driver.state.views.get(1)!.skip!.signers).toEqual([1, 2, 3]);
  });

  it('votes of another epoch or an unknown signer do not count', () => {
    const driver = new Driver();
    for (const signer of [4, 5, 6]) driver.hear(signer, 1, 2);
    for (const signer of [1, 2, 3])
      driver.give({ type: 'vote', vote: markVerified({ ...vote(signer, 1, 2, GENESIS.hash), epoch: 1 }) });
    expect(driver.state.view).toBe(1);
  });
});
