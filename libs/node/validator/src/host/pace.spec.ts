import type { BlockHeader } from '@custos/core-chain';
import { Pace } from './pace.js';

const T0 = 400;
const by = (proposer: number, timestamp: number) => ({ proposer, timestamp }) as BlockHeader;

describe('K17: a leader gathers for as long as the round was late', () => {
  it('not at all while rounds are as quick as ever', () => {
    const pace = new Pace(T0);
    expect(pace.gatherMs(by(0, 1_000), 20, 1_050)).toBe(0);
    expect(pace.gatherMs(by(0, 2_000), 20, 2_050)).toBe(0);
    expect(pace.gatherMs(by(0, 3_000), 20, 3_040)).toBe(0);
  });

  it('for what a round took longer than the quickest, and a quarter of the shortest view at most', () => {
    const pace = new Pace(T0);
    pace.gatherMs(by(0, 1_000), 1, 1_040);
    expect(pace.gatherMs(by(0, 2_000), 20, 2_100)).toBe(60);
    expect(pace.gatherMs(by(0, 3_000), 20, 3_900)).toBe(100);
  });

  it('never after a block of one: a single client does not wait for others', () => {
    const pace = new Pace(T0);
    pace.gatherMs(by(0, 1_000), 1, 1_040);
    expect(pace.gatherMs(by(0, 2_000), 1, 2_200)).toBe(0);
  });

  it('clocks that differ are no lateness: each proposer has its own quickest round', () => {
    const pace = new Pace(T0);
    pace.gatherMs(by(0, 1_000), 20, 1_040);
    expect(pace.gatherMs(by(1, 1_500), 20, 2_040)).toBe(0);
    expect(pace.gatherMs(by(2, 2_500), 20, 2_400)).toBe(0);
    expect(pace.gatherMs(by(2, 3_500), 20, 3_430)).toBe(30);
  });

  it('what was quickest long ago is forgotten', () => {
    const pace = new Pace(T0);
    pace.gatherMs(by(0, 1_000_000), 20, 1_000_010);
    expect(pace.gatherMs(by(0, 1_400_000), 20, 1_400_060)).toBe(50);
    pace.gatherMs(by(0, 1_800_000), 20, 1_800_060);
    expect(pace.gatherMs(by(0, 2_200_000), 20, 2_200_060)).toBe(0);
  });
});
