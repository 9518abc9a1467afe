import { randomBytes } from 'node:crypto';
import { newGoods, newSscc, serialOf } from '../demo/goods.js';

/** Goods of one lot of the demo's product, with serials that no one used before. */
export interface Batch {
  readonly lot: string;
  readonly expiry: string;
  readonly packs: readonly string[];
  readonly cases: readonly string[];
  readonly pallet: string;
}

export function newBatch(packs: number, cases = 0): Batch {
  const { expiry, packs: samples, cases: cartons } = newGoods(new Date());
  const name = randomBytes(4).toString('hex').toUpperCase();
  const numbered = (sample: string, count: number): readonly string[] => {
    const product = sample.slice(0, sample.indexOf('(21)') + '(21)'.length);
    return Array.from({ length: count }, (_, i) => `${product}${name}${i}`);
  };
  return {
    lot: `B${name}`,
    expiry,
    packs: numbered(serialOf(samples[0]!), packs),
    cases: numbered(cartons[0]!, cases),
    pallet: newSscc(),
  };
}
