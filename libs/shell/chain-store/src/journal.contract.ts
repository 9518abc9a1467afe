import { utf8 } from '@custos/core-bytes';
import { EMPTY_EDGE } from '@custos/core-merkle';
import { ZERO_DIGEST } from '@custos/core-crypto';
import {
  JournalConflict,
  openJournal,
  type Journal,
  type JournalKind,
  type JournalMedium,
  type SyncedHead,
} from './index.js';

/** One journal disk; `open` may be called again once the medium before is closed, or dead. */
export interface JournalDiskUnderTest {
  open(): Promise<JournalMedium>;
  size(): Promise<number>;
  remove(): Promise<void>;
}

export const record = (kind: JournalKind, view: number, text = `${kind} ${view}`, epoch = 0) => ({
  kind,
  epoch,
  view,
  bytes: utf8(text),
});

/** Stands for what only a store hands out. */
export const syncedAt = (view: number, epoch = 0): SyncedHead =>
  ({ epoch, view, height: view, hash: ZERO_DIGEST, timestamp: 0, edge: EMPTY_EDGE }) as unknown as SyncedHead;

/** The behaviour of the journal on every medium; run by the twin's spec and by the file's. */
export function journalContract(name: string, makeDisk: () => Promise<JournalDiskUnderTest>): void {
  describe(`${name}: Journal`, () => {
    let disk: JournalDiskUnderTest;
    let journal: Journal;
    beforeEach(async () => {
      disk = await makeDisk();
      journal = await openJournal(await disk.open());
    });
    afterEach(async () => {
      await journal.close();
      await disk.remove();
    });
    const reopen = async (rewriteAfterBytes?: number): Promise<void> => {
      await journal.close();
      journal = await openJournal(await disk.open(), { rewriteAfterBytes });
    };

    it('is empty at first', () => {
      expect(journal.load()).toEqual({
        records: [],
        lanePositions: new Map(),
        floor: undefined,
        highestVote: undefined,
      });
    });

    it('K8: what was appended is there after a restart, in order', async () => {
      const records = [
        record('proposal', 1),
        record('notarize-vote', 1),
        record('certificate', 1),
        record('closing-vote', 1),
        record('own-proposal', 2),
      ];
      await journal.append(records.slice(0, 2));
      await journal.append(records.slice(2));
      await journal.saveLanePosition('demo.votes.1', '41');
      await journal.saveLanePosition('demo.votes.1', '42');
      for (const again of [false, true]) {
        if (again) await reopen();
        expect(journal.load()).toEqual({
          records,
          lanePositions: new Map([['demo.votes.1', '42']]),
          floor: undefined,
          highestVote: { epoch: 0, view: 1 },
        });
      }
    });

    it('K8: the same message may be given again, another for its slot never, also after a restart', async () => {
      await journal.append([record('notarize-vote', 5), record('closing-vote', 5), record('own-proposal', 5)]);
      for (const again of [false, true]) {
        if (again) await reopen();
        await journal.append([record('notarize-vote', 5)]);
        for (const kind of ['notarize-vote', 'closing-vote', 'own-proposal'] as const) {
          await expect(journal.append([record(kind, 5, 'another')])).rejects.toThrow(JournalConflict);
        }
        expect(journal.load().records).toHaveLength(3);
      }
      await expect(
        journal.append([record('proposal', 6), record('notarize-vote', 6), record('notarize-vote', 6, 'another')]),
      ).rejects.toThrow(JournalConflict);
      expect(journal.load().records).toHaveLength(3);
      await journal.append([
        record('notarize-vote', 5, 'of another epoch', 1),
        record('certificate', 5),
        record('certificate', 5, 'b'),
      ]);
      expect(journal.load().records).toHaveLength(6);
    });

    it('K8: appends in flight together keep their order', async () => {
      const views = Array.from({ length: 50 }, (_, i) => i + 1);
      await Promise.all(views.map((view) => journal.append([record('notarize-vote', view)])));
      await reopen();
      expect(journal.load().records.map(({ view }) => view)).toEqual(views);
    });

    it('K8: records go with a synced block of a later view, not with one of their own', async () => {
      await reopen(0);
      await journal.append([1, 2, 3].flatMap((view) => [record('proposal', view), record('notarize-vote', view)]));
      await journal.append([record('notarize-vote', 9)]);
      await journal.saveLanePosition('demo.votes.1', '7');
      const size = await disk.size();
      await journal.prune(syncedAt(2));
      expect(await disk.size()).toBeLessThan(size);
      for (const again of [false, true]) {
        if (again) await reopen(0);
        expect(journal.load().records.map(({ view }) => view)).toEqual([2, 2, 3, 3, 9]);
        expect(journal.load().floor).toEqual({ epoch: 0, view: 2 });
        expect(journal.load().lanePositions).toEqual(new Map([['demo.votes.1', '7']]));
      }
      await journal.append([record('notarize-vote', 10)]);
      await reopen(0);
      expect(journal.load().records.at(-1)).toEqual(record('notarize-vote', 10));
    });

    it('K8: nothing new is stored in a pruned view, and the floor never falls', async () => {
      await reopen(0);
      await journal.append([record('notarize-vote', 3), record('closing-vote', 7)]);
      await journal.prune(syncedAt(8));
      await journal.prune(syncedAt(2));
      await reopen(0);
      expect(journal.load()).toMatchObject({
        records: [],
        floor: { epoch: 0, view: 8 },
        highestVote: { epoch: 0, view: 7 },
      });
      await expect(journal.append([record('closing-vote', 7)])).rejects.toThrow(JournalConflict);
      await expect(journal.append([record('notarize-vote', 4)])).rejects.toThrow(JournalConflict);
      await journal.append([record('notarize-vote', 8)]);
      await journal.prune(syncedAt(1, 1));
      await expect(journal.append([record('notarize-vote', 900)])).rejects.toThrow(JournalConflict);
    });

    it('a few dead bytes are not worth a rewrite: they are read again and do no harm', async () => {
      await journal.append([record('notarize-vote', 1), record('notarize-vote', 2)]);
      const size = await disk.size();
      await journal.prune(syncedAt(2));
      expect(await disk.size()).toBe(size);
      expect(journal.load().records).toEqual([record('notarize-vote', 2)]);
      await reopen();
      expect(journal.load().records).toEqual([record('notarize-vote', 1), record('notarize-vote', 2)]);
    });

    it('appends during a rewrite are not lost', async () => {
      await reopen(0);
      await journal.append([record('notarize-vote', 1)]);
      await Promise.all([
        journal.append([record('notarize-vote', 2)]),
        journal.prune(syncedAt(2)),
        journal.append([record('notarize-vote', 3)]),
        journal.saveLanePosition('lane', '1'),
      ]);
      await reopen(0);
      expect(journal.load().records.map(({ view }) => view)).toEqual([2, 3]);
      expect(journal.load().lanePositions).toEqual(new Map([['lane', '1']]));
    });

    it('refuses appends after close', async () => {
      await journal.close();
      await expect(journal.append([record('proposal', 1)])).rejects.toThrow('closed');
      journal = await openJournal(await disk.open());
      expect(journal.load().records).toEqual([]);
    });
  });
}
