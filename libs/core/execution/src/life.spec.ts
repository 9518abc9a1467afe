import type { Receipt } from '@custos/core-chain';
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
} from './testing/events.js';
import { MAKER, PHARMACY, SmallNetwork, TRADER } from './testing/small-network.js';

const unit = (n: number): string => `unit/01/04012345000016/21/P${n}`;
const box = (n: number): string => `unit/01/14012345000013/21/C${n}`;
const PALLET_UNIT = 'unit/00/340123450000000017';

const PRODUCT = {
  op: 'register',
  gtin: '04012345000016',
  name: 'Pyrenol 500 mg, 20 tablets',
  levels: [{ gtin: '14012345000013', name: 'case', packs: 4 }],
  markets: ['DE'],
};

const accepted = (receipts: readonly Receipt[]): void => {
  expect(receipts.map(({ code, facts }) => code && { code, facts })).toEqual(receipts.map(() => undefined));
};

/** Returns the fields that the receipts of a block state of one unit; later ones win. */
function statedOf(receipts: readonly Receipt[], key: string): object {
  const sets = receipts.flatMap(({ changes }) => changes.filter(({ keys }) => keys.includes(key)));
  return Object.assign({}, ...sets.map(({ set }) => set)) as object;
}

// The steps are one life: each depends on the steps before it.
describe('the life of a pallet', () => {
  const network = new SmallNetwork();
  const roots = new Set<string>();

  afterEach(() => {
    // Replay: the state after incremental changes equals the state built from its entries.
    expect(network.stateRoot()).toBe(network.rootFromNothing());
    roots.add(network.stateRoot());
  });

  it('the maker registers the product', () => accepted(network.do('product', MAKER, [PRODUCT])));

  it('C1, C2, C3: commissions 12 packs, 3 cases and a pallet, and packs them in one document', () => {
    const receipts = network.capture(MAKER, [
      commission(MAKER, packs(1, 12), ilmdOf(LOT, EXPIRY)),
      commission(MAKER, [carton(1), carton(2), carton(3)], ilmdOf(LOT, EXPIRY)),
      commission(MAKER, [PALLET]),
      packing(MAKER, carton(1), packs(1, 4)),
      packing(MAKER, carton(2), packs(5, 8)),
      packing(MAKER, carton(3), packs(9, 12)),
      packing(MAKER, PALLET, [carton(1), carton(2), carton(3)]),
    ]);
    accepted(receipts);
    expect(receipts.map(({ eventIndex }) => eventIndex)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(statedOf(receipts, unit(1))).toMatchObject({ container: box(1), lot: `lot/01/04012345000016/10/${LOT}` });
    expect(network.state.get(PALLET_UNIT)!.summary).toMatchObject({ packs: 12 });
  });

  it('C6: ships the pallet, and refuses to ship its contents for another party', () => {
    expect(network.capture(TRADER, [shipping(TRADER, PHARMACY, [PALLET])])).toMatchObject([{ code: 'NOT_POSSESSOR' }]);
    const receipts = network.capture(MAKER, [shipping(MAKER, TRADER, [PALLET])]);
    accepted(receipts);
    expect(statedOf(receipts, PALLET_UNIT)).toMatchObject({ transit: { from: MAKER, to: TRADER } });
    // L6.5: a pack in a container costs nothing when the container moves.
    expect(statedOf(receipts, unit(1))).toEqual({});
  });

  it('C8: the distributor receives by the SSCC alone', () => {
    const receipts = network.capture(TRADER, [receiving(TRADER, [PALLET])]);
    accepted(receipts);
    expect(statedOf(receipts, PALLET_UNIT)).toMatchObject({ possessor: TRADER, owner: TRADER, receivedFrom: MAKER });
  });

  it('C4, C6: unpacks a case and ships it to the pharmacy', () => {
    accepted(
      network.capture(TRADER, [unpacking(TRADER, PALLET, [carton(1)]), shipping(TRADER, PHARMACY, [carton(1)])]),
    );
    expect(network.state.get(PALLET_UNIT)!.summary).toMatchObject({ packs: 8 });
  });

  it('C8, C4: the pharmacy receives the case and unpacks it', () => {
    const receipts = network.capture(PHARMACY, [
      receiving(PHARMACY, [carton(1)]),
      unpacking(PHARMACY, carton(1), packs(1, 4)),
    ]);
    accepted(receipts);
    expect(statedOf(receipts, unit(1))).toMatchObject({ container: null, possessor: PHARMACY, owner: PHARMACY });
  });

  it('C15: dispenses one pack', () => {
    const receipts = network.capture(PHARMACY, [dispensing(PHARMACY, [pack(1)])]);
    accepted(receipts);
    expect(statedOf(receipts, unit(1))).toMatchObject({ lifecycle: { state: 'inactive', reason: 'dispensed' } });
  });

  it('C15: refuses a second dispense with party, time and place of the first, and changes nothing', () => {
    const before = network.stateRoot();
    const height = network.height;
    const [receipt] = network.capture(PHARMACY, [dispensing(PHARMACY, [pack(1)])]);
    expect(receipt).toMatchObject({
      outcome: 'refused',
      code: 'ALREADY_DISPENSED',
      facts: { by: PHARMACY, place: PHARMACY, height },
      changes: [],
    });
    expect(network.stateRoot()).toBe(before);
  });

  it('S3: refuses a serial that was never commissioned', () => {
    expect(network.capture(PHARMACY, [dispensing(PHARMACY, [pack(99)])])).toMatchObject([{ code: 'UNKNOWN_UNIT' }]);
  });

  it('L5.3: a document rolls back whole when one of its events is refused', () => {
    const before = network.stateRoot();
    const receipts = network.capture(PHARMACY, [dispensing(PHARMACY, [pack(2)]), dispensing(PHARMACY, [pack(1)])]);
    expect(receipts).toMatchObject([{ code: 'ROLLED_BACK', facts: { failed: 1 } }, { code: 'ALREADY_DISPENSED' }]);
    expect(network.stateRoot()).toBe(before);
  });

  it('C19, C15: after a recall the next dispense is refused', () => {
    const statement = { id: 'R-1', class: 1, depth: 'patient', markets: ['DE'] };
    expect(network.capture(TRADER, [recall(TRADER, LOT, statement)])).toMatchObject([{ outcome: 'refused' }]);
    accepted(network.capture(MAKER, [recall(MAKER, LOT, statement)]));
    expect(network.capture(PHARMACY, [dispensing(PHARMACY, [pack(2)])])).toMatchObject([
      { code: 'NOT_SALEABLE_RECALLED', facts: { recall: 'R-1' } },
    ]);
  });

  it('each of the eight accepted steps changed the root, and no refused step did', () => expect(roots.size).toBe(8));
});

it('replay: two networks that execute the same blocks come to the same root', () => {
  const document = [
    commission(MAKER, packs(1, 12), ilmdOf(LOT, EXPIRY)),
    commission(MAKER, [carton(1)], ilmdOf(LOT, EXPIRY)),
    packing(MAKER, carton(1), packs(1, 4)),
    shipping(MAKER, TRADER, [carton(1)]),
  ];
  const networks = [new SmallNetwork(), new SmallNetwork()];
  const transactions = [
    networks[0]!.sign('product', MAKER, [PRODUCT]),
    networks[0]!.sign('capture', MAKER, [
      { context: { custos: 'urn:custos:epcis:1' }, header: {}, onError: 'proceed', salt: '01'.repeat(32) },
      ...document,
    ]),
  ];
  const [whole, single] = networks;
  const together = whole!.block(...transactions);
  const apart = transactions.flatMap((transaction) => single!.block(transaction));
  expect(together.map(({ outcome }) => outcome)).toEqual(apart.map(({ outcome }) => outcome));
  expect(together.every(({ outcome }) => outcome === 'accepted')).toBe(true);
  const again = new SmallNetwork();
  again.block(...transactions);
  expect(again.stateRoot()).toBe(whole!.stateRoot());
});
