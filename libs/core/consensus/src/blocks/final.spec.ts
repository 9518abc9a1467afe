import { markVerified } from '@custos/core-crypto';
import type { BlockRef } from '../index.js';
import { blockOn, Driver, finalizeOf, GENESIS, notarizeOf, ofType, skipOf, votesIn } from '../testing/driver.js';

const one = blockOn(GENESIS, 1);
const three = blockOn(one, 3);

function chain(length: number): readonly BlockRef[] {
  const blocks: BlockRef[] = [];
  for (let view = 1; view <= length; view++) blocks.push(blockOn(blocks.at(-1) ?? GENESIS, view));
  return blocks;
}

describe('K2 frontier', () => {
  it('K2: is the smallest view above the last final one with neither certificate', () => {
    const driver = new Driver();
    expect(driver.state.view).toBe(1);
    driver.certify(skipOf(2));
    expect(driver.state.view).toBe(1);
    driver.certify(notarizeOf(one));
    expect(driver.state.view).toBe(3);
    driver.certify(finalizeOf(blockOn(GENESIS, 9)));
    expect(driver.state.view).toBe(10);
  });
});

describe('K7 final', () => {
  it('K7: a Finalize certificate makes its block and all below final, oldest first, with their certificates', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.certify(skipOf(2));
    driver.propose(three, [notarizeOf(one)]);
    driver.certify(notarizeOf(three));
    const [final] = ofType(driver.certify(finalizeOf(three)), 'final');
    expect(final!.blocks).toEqual([one, three]);
    expect(final!.certificates).toEqual([notarizeOf(one), skipOf(2)]);
    expect(driver.state.final).toEqual(three);
    expect([...driver.state.views.keys(), driver.state.nodes.size]).toEqual([4, 0]);
  });

  it('K7: F votes of a quorum make a Finalize certificate', () => {
    const driver = new Driver();
    driver.propose(one);
    driver.hear(1, 1, 3, one.hash);
    driver.hear(2, 1, 3, one.hash);
    expect(ofType(driver.hear(3, 1, 3, one.hash), 'final')).toHaveLength(1);
  });

  it('K7: removes blocks that do not descend from a final block', () => {
    const driver = new Driver();
    const beside = blockOn(GENESIS, 2);
    const above = blockOn(beside, 3);
    driver.propose(one);
    driver.propose(beside, [skipOf(1)]);
    driver.propose(above);
    driver.certify(finalizeOf(one));
    expect([...driver.state.nodes.keys()]).toEqual([]);
  });
});

describe('K13 behind', () => {
  it('K13: adopts a Finalize certificate of any higher view, pulls its block, executes it and makes it final', () => {
    const driver = new Driver();
    const effects = driver.certify(finalizeOf(three));
    expect(driver.state.view).toBe(4);
    expect(ofType(effects, 'pull')[0]!.wanted).toMatchObject({ what: 'block', hash: three.hash, from: [1, 2] });
    const next = driver.give({ type: 'block', block: three });
    expect(ofType(next, 'pull')[0]!.wanted).toMatchObject({ what: 'block', hash: one.hash });
    expect(ofType(driver.give({ type: 'block', block: one }), 'final')[0]!.blocks).toEqual([one, three]);
  });

  it('K13: does not keep a block that no certificate or block names', () => {
    const driver = new Driver();
    driver.give({ type: 'block', block: one });
    expect(driver.state.nodes.size).toBe(0);
  });

  it('K13: pulls whole runs when far behind, executes them in order and makes them final', () => {
    const driver = new Driver();
    const blocks = chain(100);
    const wanted = ofType(driver.certify(finalizeOf(blocks[99]!)), 'pull').map((effect) => effect.wanted);
    expect(wanted).toContainEqual({ what: 'final', fromHeight: 1, from: [1, 2] });
    const first = { blocks: blocks.slice(0, 60), finalize: markVerified(finalizeOf(blocks[59]!)) };
    const effects = driver.give({ type: 'run', ...first });
    expect(ofType(effects, 'execute').map(({ block }) => block)).toEqual(first.blocks);
    expect(ofType(effects, 'final')[0]!.blocks).toEqual(first.blocks);
    driver.give({ type: 'run', blocks: blocks.slice(50), finalize: markVerified(finalizeOf(blocks[99]!)) });
    expect(driver.state.final).toEqual(blocks[99]);
    expect([...driver.state.views.keys(), driver.state.nodes.size]).toEqual([101, 0]);
  });

  it('K13: ignores a run with a gap, a broken link or another top', () => {
    const driver = new Driver();
    const blocks = chain(5);
    const finalize = markVerified(finalizeOf(blocks[4]!));
    for (const wrong of [blocks.slice(1), [blocks[0]!, ...blocks.slice(2)], blocks.slice(0, 4), []])
      driver.give({ type: 'run', blocks: wrong, finalize });
    expect(driver.state.nodes.size).toBe(0);
    expect(driver.state.halted).toBeUndefined();
  });

  it('K13, K15: halts on a finalised chain that contradicts the stored one', () => {
    const driver = new Driver({}, { final: one, finalize: finalizeOf(one) });
    const other = blockOn(blockOn(GENESIS, 1, { timestamp: GENESIS.timestamp + 9 }), 2);
    const effects = driver.give({ type: 'run', blocks: [other], finalize: markVerified(finalizeOf(other)) });
    expect(ofType(effects, 'halt')[0]!.halt.code).toBe('CHAIN_CONFLICT');
  });

  it('K13: an observer follows and sends nothing', () => {
    const driver = new Driver({ self: undefined });
    driver.propose(one);
    driver.certify(notarizeOf(one));
    driver.wait(5_000);
    expect(votesIn(driver.done)).toEqual([]);
    expect(ofType(driver.done, 'send')).toEqual([]);
    expect(ofType(driver.certify(finalizeOf(one)), 'final')).toHaveLength(1);
  });
});
