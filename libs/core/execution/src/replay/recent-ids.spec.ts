import { DUPLICATE_WINDOW_MS } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import { RecentIds } from './recent-ids.js';

describe('L2.5: ids of the last 62 minutes', () => {
  it('are repeats within the window and not after it', () => {
    const minute = 60_000;
    const [old, young] = ['1'.repeat(64), '2'.repeat(64)] as [Digest, Digest];
    const ids = new RecentIds([
      { id: young, timestamp: 10 * minute },
      { id: old, timestamp: 0 },
    ]);
    expect(ids.has(old, DUPLICATE_WINDOW_MS)).toBe(true);
    expect(ids.has(old, DUPLICATE_WINDOW_MS + 1)).toBe(false);
    ids.add([], 70 * minute);
    expect(ids.has(old, 1)).toBe(false);
    expect(ids.has(young, 72 * minute)).toBe(true);
  });
});
