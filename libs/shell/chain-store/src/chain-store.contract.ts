import { DUPLICATE_WINDOW_MS } from '@custos/core-chain';
import { utf8 } from '@custos/core-bytes';
import { digestBytes, digestOf, referenceHasher as hasher, type Digest } from '@custos/core-crypto';
import { appendToEdge, EMPTY_EDGE, type Edge } from '@custos/core-merkle';
import type { Change, Entry } from '@custos/core-state';
import { ChainConflict, PROOF_HEIGHTS, type ChainStore, type StoredBlock } from './index.js';

/** One disk; `open` may be called again once the store before is closed, or dead. */
export interface DiskUnderTest {
  open(): Promise<ChainStore>;
  remove(): Promise<void>;
}

const digest = (text: string): Digest => digestOf(hasher.digest(utf8(text)));
const entry = (n: number): Entry => ({ value: { n }, private: { owner: `party ${n}` } });

function block(height: number, changes: readonly Change[] = [], timestamp = 1_000 + height): StoredBlock {
  return {
    epoch: 0,
    view: height * 2,
    height,
    hash: digest(`block ${height}`),
    timestamp,
    bytes: utf8(`bytes of ${height}`),
    receipts: utf8(`[${height}]`),
    transactionIds: height === 0 ? [] : [digest(`tx ${height}a`), digest(`tx ${height}b`)],
    changes,
  };
}

const genesis = (changes: readonly Change[] = []) => ({ blocks: [block(0, changes)], record: undefined });
const run = (...blocks: readonly StoredBlock[]) => ({ blocks, record: utf8(`record to ${blocks.at(-1)?.height}`) });
const set = (key: string, before: Entry | undefined, after: Entry | undefined): Change => ({ key, before, after });

/** The behaviour of every ChainStore; run by the twin's spec and by LMDB's. */
export function chainStoreContract(name: string, makeDisk: () => Promise<DiskUnderTest>): void {
  describe(`${name}: ChainStore`, () => {
    let disk: DiskUnderTest;
    let store: ChainStore;
    beforeEach(async () => {
      disk = await makeDisk();
      store = await disk.open();
    });
    afterEach(async () => {
      await store.close();
      await disk.remove();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await disk.open();
    };
    const grow = async (from: number, to: number): Promise<void> => {
      for (let height = from; height <= to; height++) {
        const before = height === 0 ? undefined : entry(height - 1);
        await store.append(
          height === 0 ? genesis([set('k', before, entry(0))]) : run(block(height, [set('k', before, entry(height))])),
        );
      }
    };

    it('is empty at first', async () => {
      expect(store.head()).toBeUndefined();
      expect(await store.synced()).toBeUndefined();
      expect([store.block(0), store.receipts(0), store.recordFor(0), store.entry('k')]).toEqual(
        Array(4).fill(undefined),
      );
      expect([...store.entries()]).toEqual([]);
      expect(store.lanePositions()).toEqual(new Map());
    });

    it('L6.8: a run is there as a whole, and after a restart too', async () => {
      await store.append(genesis([set('a', undefined, entry(1)), set('b', undefined, entry(2))]));
      const changes = [
        set('a', entry(1), entry(3)),
        set('b', entry(2), undefined),
        set('c', undefined, { value: { ü: '€😀' } }),
      ];
      const summary: Entry = { value: { n: 9 }, summary: { packs: 12 } };
      await store.append({
        ...run(block(1, changes), block(2, [set('c', { value: { ü: '€😀' } }, summary)]), block(3)),
        lanePositions: new Map([
          ['demo.tx.1', '7'],
          ['demo.tx.2', '0'],
        ]),
      });
      const check = (): void => {
        expect(store.head()).toMatchObject({ epoch: 0, view: 6, height: 3, hash: digest('block 3'), timestamp: 1_003 });
        expect(store.block(2)).toEqual({ height: 2, hash: digest('block 2'), bytes: utf8('bytes of 2') });
        expect(store.blockByHash(digest('block 1'))).toEqual(store.block(1));
        expect(store.blockByHash(digest('another'))).toBeUndefined();
        expect(store.receipts(3)).toEqual(utf8('[3]'));
        expect(new Map(store.entries())).toEqual(
          new Map([
            ['a', entry(3)],
            ['c', summary],
          ]),
        );
        expect([store.entry('a'), store.entry('b'), store.entry('c')]).toEqual([entry(3), undefined, summary]);
        expect(store.lanePositions()).toEqual(
          new Map([
            ['demo.tx.1', '7'],
            ['demo.tx.2', '0'],
          ]),
        );
      };
      check();
      await reopen();
      check();
      expect(await store.synced()).toEqual(store.head());
    });

    it('L4.5: a height is covered by the record of its run; genesis by none', async () => {
      await store.append(genesis());
      await store.append(run(block(1)));
      await store.append(run(block(2), block(3)));
      const row = (from: number, to: number) => ({ from, to, bytes: utf8(`record to ${to}`) });
      expect([0, 1, 2, 3, 4].map((height) => store.recordFor(height))).toEqual([
        undefined,
        row(1, 1),
        row(2, 3),
        row(2, 3),
        undefined,
      ]);
    });

    it('L3.2: the edge of the head commits to every own hash, from genesis on', async () => {
      await grow(0, 5);
      let edge: Edge = EMPTY_EDGE;
      for (let height = 0; height <= 5; height++)
        edge = appendToEdge(hasher, edge, digestBytes(digest(`block ${height}`)));
      await reopen();
      expect(store.head()?.edge).toEqual(edge);
      expect(store.ownHashes(2, 4)).toEqual([2, 3, 4].map((height) => digest(`block ${height}`)));
      expect([store.ownHashes(4, 9).length, store.ownHashes(3, 2)]).toEqual([2, []]);
    });

    it('a run that is stored, wholly or in part, may be given again', async () => {
      await grow(0, 2);
      await store.append(genesis());
      await store.append(run(block(1), block(2)));
      await store.append(run(block(1), block(2), block(3)));
      expect(store.head()?.height).toBe(3);
      expect(store.recordFor(2)?.bytes).toEqual(utf8('record to 2'));
      expect(store.recordFor(3)).toEqual({ from: 3, to: 3, bytes: utf8('record to 3') });
      expect(store.head()?.edge.size).toBe(4);
    });

    it('K7: another hash at a stored height is refused, and so is a gap; nothing of the run is kept', async () => {
      await grow(0, 2);
      const other = { ...block(2), hash: digest('another') };
      for (const wrong of [
        run(other, block(3)),
        run(block(4)),
        run(block(3), block(5)),
        { ...run(block(3)), record: undefined },
        { ...genesis(), record: utf8('x') },
      ]) {
        await expect(store.append(wrong)).rejects.toThrow(ChainConflict);
      }
      expect(store.head()?.height).toBe(2);
      expect([store.block(3), store.block(4), store.blockByHash(digest('another'))]).toEqual(Array(3).fill(undefined));
      await store.append(run(block(3)));
      expect(store.head()?.height).toBe(3);
    });

    it('the first height is 0', async () => {
      await expect(store.append(run(block(1)))).rejects.toThrow(ChainConflict);
      expect(store.head()).toBeUndefined();
    });

    it('appends given at once are stored in order; synced waits for all of them', async () => {
      const appends = [genesis(), run(block(1)), run(block(2), block(3)), run(block(4))].map((each) =>
        store.append(each),
      );
      expect((await store.synced())?.height).toBe(4);
      await Promise.all(appends);
    });

    it('L6.7: entries of the last 64 heights stay readable, and none before', async () => {
      await grow(0, PROOF_HEIGHTS + 5);
      const head = PROOF_HEIGHTS + 5;
      const oldest = head - PROOF_HEIGHTS + 1;
      const check = (): void => {
        for (const height of [head, head - 1, oldest]) expect(store.entryAt(height, 'k')).toEqual(entry(height));
        expect(store.entryAt(oldest, 'never')).toBeUndefined();
        for (const height of [oldest - 1, head + 1, -1, 0.5]) {
          expect(() => store.entryAt(height, 'k')).toThrow(RangeError);
        }
        expect(store.previousEntries(head)).toEqual([{ key: 'k', before: entry(head - 1) }]);
        expect(store.previousEntries(oldest)).toEqual([{ key: 'k', before: entry(oldest - 1) }]);
        expect([store.previousEntries(oldest - 1), store.previousEntries(head + 1)]).toEqual([undefined, undefined]);
      };
      check();
      await reopen();
      check();
    });

    it('L6.7: a key that was absent or deleted is read back as it was', async () => {
      await store.append(genesis());
      await store.append(run(block(1, [set('k', undefined, entry(1))]), block(2, [set('k', entry(1), undefined)])));
      await store.append(run(block(3, [set('k', undefined, entry(3))])));
      expect([0, 1, 2, 3].map((height) => store.entryAt(height, 'k'))).toEqual([
        undefined,
        entry(1),
        undefined,
        entry(3),
      ]);
    });

    it('L6.8: a run longer than the proof heights leaves the same as one block at a time', async () => {
      await store.append(genesis([set('k', undefined, entry(0))]));
      const blocks = Array.from({ length: 2 * PROOF_HEIGHTS }, (_, i) =>
        block(i + 1, [set('k', entry(i), entry(i + 1))]),
      );
      await store.append(run(...blocks));
      expect(store.previousEntries(PROOF_HEIGHTS)).toBeUndefined();
      expect(store.entryAt(PROOF_HEIGHTS + 1, 'k')).toEqual(entry(PROOF_HEIGHTS + 1));
    });

    it('L2.5: ids are known by their block time, for 62 minutes', async () => {
      const times = [1_000, 2_000, 3_000, 3_000 + DUPLICATE_WINDOW_MS];
      await store.append(genesis());
      const idsFrom = (timestamp: number) =>
        [...store.transactionIdsSince(timestamp)].sort((a, b) => a.timestamp - b.timestamp);
      const ids = (height: number, timestamp: number) => block(height).transactionIds.map((id) => ({ id, timestamp }));
      for (const height of [1, 2, 3]) await store.append(run(block(height, [], times[height - 1])));
      expect(idsFrom(0)).toEqual([...ids(1, 1_000), ...ids(2, 2_000), ...ids(3, 3_000)]);
      expect(idsFrom(2_000)).toEqual([...ids(2, 2_000), ...ids(3, 3_000)]);
      expect(idsFrom(3_001)).toEqual([]);
      await store.append(run(block(4, [], times[3])));
      await reopen();
      expect(idsFrom(0)).toEqual([...ids(3, 3_000), ...ids(4, times[3]!)]);
    });

    it('lane positions of a run are merged into those before', async () => {
      await store.append({
        ...genesis(),
        lanePositions: new Map([
          ['a', '1'],
          ['b', '1'],
        ]),
      });
      await store.append({ ...run(block(1)), lanePositions: new Map([['b', '2']]) });
      await store.append({ ...run(block(1)), lanePositions: new Map([['a', '0']]) });
      expect(store.lanePositions()).toEqual(
        new Map([
          ['a', '1'],
          ['b', '2'],
        ]),
      );
    });

    it('refuses appends after close', async () => {
      await store.append(genesis());
      await store.close();
      await expect(store.append(run(block(1)))).rejects.toThrow('closed');
      store = await disk.open();
      expect(store.head()?.height).toBe(0);
    });
  });
}
