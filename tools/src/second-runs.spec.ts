import { callModule } from './call-module.js';

interface Entry {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly test: string; readonly message: string }[];
}

interface Run {
  readonly project: string;
  readonly suite: string;
  readonly entries?: readonly Entry[];
}

const entry = (file: string, passed: number, ...failing: readonly string[]): Entry => ({
  file,
  passed,
  failed: failing.length,
  skipped: 0,
  failures: failing.map((test) => ({ test, message: 'wrong' })),
});
const lanes = (...entries: readonly Entry[]): Run => ({ project: 'libs/shell/lanes', suite: 'int', entries });
const one = { project: 'libs/shell/lanes', suite: 'int', file: 'a.int.spec.ts' };

const secondRuns = (runs: readonly Run[]) => callModule('second-runs.mjs', 'secondRuns', runs);
const withSecondRun = (runs: readonly Run[], item: object, second?: readonly Entry[]) =>
  callModule('second-runs.mjs', 'withSecondRun', runs, item, second) as {
    readonly runs: readonly Run[];
    readonly unsteady: readonly string[];
  };

describe('second runs in CI', () => {
  it('are of the spec files that failed on real processes, and of nothing else', () => {
    const failed = entry('x.spec.ts', 1, 'is wrong');
    const of = (suite: string): Run => ({ project: 'libs/x', suite, entries: [failed, entry('y.spec.ts', 3)] });
    expect(secondRuns(['test', 'sim', 'int', 'e2e', 'containers'].map(of))).toEqual(
      ['int', 'e2e', 'containers'].map((suite) => ({ project: 'libs/x', suite, file: 'x.spec.ts' })),
    );
  });

  it('are of the whole suite of a project that ended without counts', () => {
    expect(secondRuns([{ project: 'libs/x', suite: 'e2e' }])).toEqual([{ project: 'libs/x', suite: 'e2e' }]);
    expect(secondRuns([{ project: 'libs/x', suite: 'test' }])).toEqual([]);
  });

  it('replace the first result, and name what is unsteady', () => {
    const first = [lanes(entry('a.int.spec.ts', 2, 'K6: skips', 'K7: waits'), entry('b.int.spec.ts', 5))];
    const passing = entry('a.int.spec.ts', 4);
    expect(withSecondRun(first, one, [passing])).toEqual({
      runs: [lanes(passing, entry('b.int.spec.ts', 5))],
      unsteady: ['a.int.spec.ts: K6: skips', 'a.int.spec.ts: K7: waits'],
    });
  });

  it('leave a test failed that fails again, or that fails only then', () => {
    const first = [lanes(entry('a.int.spec.ts', 2, 'K6: skips', 'K7: waits'))];
    const again = entry('a.int.spec.ts', 2, 'K6: skips', 'K8: ends');
    expect(withSecondRun(first, one, [again])).toEqual({
      runs: [lanes(again)],
      unsteady: ['a.int.spec.ts: K7: waits'],
    });
  });

  it('make nothing pass when the file cannot be loaded, or when there are no counts', () => {
    const first = [lanes(entry('a.int.spec.ts', 2, 'K6: skips'))];
    const broken = entry('a.int.spec.ts', 0, 'the file itself');
    expect(withSecondRun(first, one, [broken])).toEqual({ runs: [lanes(broken)], unsteady: [] });
    expect(withSecondRun(first, one)).toEqual({ runs: first, unsteady: [] });
    expect(withSecondRun(first, one, [])).toEqual({ runs: first, unsteady: [] });
  });

  it('give their counts to a suite that had none', () => {
    const none: readonly Run[] = [{ project: 'libs/shell/lanes', suite: 'int' }];
    const item = { project: 'libs/shell/lanes', suite: 'int' };
    const passing = entry('a.int.spec.ts', 4);
    expect(withSecondRun(none, item, [passing])).toEqual({
      runs: [lanes(passing)],
      unsteady: ['libs/shell/lanes: suite int ended without counts'],
    });
    expect(withSecondRun(none, item, [entry('a.int.spec.ts', 3, 'K6: skips')]).unsteady).toEqual([]);
  });
});
