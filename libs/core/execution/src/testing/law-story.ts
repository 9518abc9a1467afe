import { concatBytes, type Json } from '@custos/core-bytes';
import type { Genesis, Transaction } from '@custos/core-chain';
import { referenceHasher } from '@custos/core-crypto';
import { PRODUCT } from './chain-file.js';
import {
  carton,
  commission,
  dispensing,
  EXPIRY,
  ilmdOf,
  LOT,
  pack,
  packing,
  packs,
  PALLET,
  recall,
  receiving,
  shipping,
  unpacking,
} from './events.js';
import { SmallChain } from './small-chain.js';
import { captureParts, MAKER, PHARMACY, smallGenesis, START, TRADER } from './small-network.js';

type Step = (chain: SmallChain) => Transaction;

const capture =
  (party: string, events: readonly Json[]): Step =>
  (chain) =>
    chain.sign('capture', party, captureParts(events));

/** The life of one pallet, with steps that the law refuses; one block for each step. */
const STEPS: readonly Step[] = [
  (chain) =>
    chain.sign('product', MAKER, [{ ...PRODUCT, levels: [{ gtin: '14012345000013', name: 'case', packs: 4 }] }]),
  capture(MAKER, [
    commission(MAKER, packs(1, 8), ilmdOf(LOT, EXPIRY)),
    commission(MAKER, [carton(1), carton(2)], ilmdOf(LOT, EXPIRY)),
    commission(MAKER, [PALLET]),
    packing(MAKER, carton(1), packs(1, 4)),
    packing(MAKER, carton(2), packs(5, 8)),
    packing(MAKER, PALLET, [carton(1), carton(2)]),
  ]),
  capture(TRADER, [shipping(TRADER, PHARMACY, [PALLET])]),
  capture(MAKER, [shipping(MAKER, TRADER, [PALLET])]),
  capture(TRADER, [receiving(TRADER, [PALLET])]),
  capture(TRADER, [unpacking(TRADER, PALLET, [carton(1)]), shipping(TRADER, PHARMACY, [carton(1)])]),
  capture(PHARMACY, [receiving(PHARMACY, [carton(1)]), unpacking(PHARMACY, carton(1), packs(1, 4))]),
  capture(PHARMACY, [dispensing(PHARMACY, [pack(1)])]),
  capture(PHARMACY, [dispensing(PHARMACY, [pack(1)])]),
  capture(PHARMACY, [dispensing(PHARMACY, [pack(99)])]),
  capture(MAKER, [recall(MAKER, LOT, { id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] })]),
  capture(PHARMACY, [dispensing(PHARMACY, [pack(2)])]),
];

/**
 * Returns the genesis and the chain file (L8) of {@link STEPS}. Keys and times are fixed, so each call gives the same
 * bytes.
 */
export function lawStory(name: string): { readonly genesis: Genesis; readonly file: Uint8Array } {
  const genesis = smallGenesis(name, START);
  const chain = new SmallChain(genesis, referenceHasher);
  const pieces = [chain.first.bytes];
  for (const step of STEPS) {
    const parent = chain.head;
    const { block } = chain.grow([step(chain)]);
    pieces.push(block.bytes, chain.encodeRecord(chain.recordOf(parent, [block.header])));
  }
  return { genesis, file: concatBytes(...pieces) };
}
