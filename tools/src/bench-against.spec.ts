import { callModule } from './call-module.js';

const runOf = (...values: readonly (readonly [string, number, string])[]) =>
  values.map(([name, value, unit]) => ({ name, value, unit }));

describe('npm run bench -- --against', () => {
  it('compares medians: more a second is better, less time and memory is', () => {
    const old = [
      runOf(['events_per_s', 100, '1/s'], ['p50_ms', 10, 'ms'], ['rss_mb', 500, 'MB']),
      runOf(['events_per_s', 120, '1/s'], ['p50_ms', 14, 'ms'], ['rss_mb', 520, 'MB']),
    ];
    const here = [
      runOf(['events_per_s', 99, '1/s'], ['p50_ms', 6, 'ms'], ['rss_mb', 505, 'MB']),
      runOf(['events_per_s', 101, '1/s'], ['p50_ms', 8, 'ms'], ['rss_mb', 525, 'MB']),
    ];
    expect(callModule('bench-against.mjs', 'comparison', old, here)).toMatchObject([
      { name: 'events_per_s', before: 110, after: 100, verdict: 'worse' },
      { name: 'p50_ms', before: 12, after: 7, verdict: 'better' },
      { name: 'rss_mb', before: 510, after: 515, verdict: 'same' },
    ]);
  });

  it('judges the whole, not each process: between two turns of one commit a process moves by more', () => {
    const old = [runOf(['cpu_ms', 8, 'ms'], ['cpu_ms.a', 4, 'ms'], ['rss_mb.a', 300, 'MB'], ['rss_mb.b', 300, 'MB'])];
    const here = [runOf(['cpu_ms', 8, 'ms'], ['cpu_ms.a', 5, 'ms'], ['rss_mb.a', 330, 'MB'], ['rss_mb.b', 280, 'MB'])];
    expect(callModule('bench-against.mjs', 'comparison', old, here)).toMatchObject([
      { name: 'cpu_ms', verdict: 'same' },
      { name: 'rss_mb', before: 600, after: 610, verdict: 'same' },
    ]);
  });

  it('keeps the other checkout out of the folder that a bench empties', () => {
    expect(callModule('bench-against.mjs', 'checkoutFolder', 'a'.repeat(40))).toMatch(/\.custos\/against\/a{12}$/);
  });

  it('leaves out a figure that only one of both has', () => {
    const [old, here] = [[runOf(['gone', 1, 'ms'])], [runOf(['fresh', 1, 'ms'])]];
    expect(callModule('bench-against.mjs', 'comparison', old, here)).toEqual([]);
  });

  it('takes the commit out of the arguments, and refuses a missing one', () => {
    const of = (...words: readonly string[]): unknown => callModule('bench-against.mjs', 'againstOf', words);
    expect(of('slice', '--against', 'main', '--port-base', '7100')).toEqual({
      ref: 'main',
      others: ['slice', '--port-base', '7100'],
    });
    expect(of('slice')).toEqual({ others: ['slice'] });
    expect(() => of('--against', '--port-base')).toThrow('name a commit');
  });
});
