import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournalMedium, openJournal } from './index.js';
import { journalContract, record, syncedAt } from './journal.contract.js';

const makeDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'custos-journal-'));

journalContract('file', async () => {
  const directory = await makeDirectory();
  const path = join(directory, 'votes', 'journal');
  return {
    open: () => fileJournalMedium(path),
    size: async () => (await stat(path)).size,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
});

it('a draft left by a crash is thrown away; the journal is readable by its owner only', async () => {
  const directory = await makeDirectory();
  try {
    const path = join(directory, 'journal');
    await writeFile(`${path}.new`, 'half a rewrite');
    const journal = await openJournal(await fileJournalMedium(path), { rewriteAfterBytes: 0 });
    expect(await readdir(directory)).toEqual(['journal']);
    await journal.append([record('notarize-vote', 1), record('notarize-vote', 2)]);
    await journal.prune(syncedAt(2));
    await journal.close();
    expect(await readdir(directory)).toEqual(['journal']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
