import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JournalMedium } from './journal-medium.js';

const { O_APPEND, O_CREAT, O_WRONLY } = constants;

/** Absent on Windows: there every append is followed by a sync of its own. */
const O_DSYNC: number | undefined = constants.O_DSYNC;

/**
 * One file, opened with O_DSYNC: a write returns when its bytes are on disk, with no separate sync. The new bytes
 * of a `replace` gather in a second file that is synced and then renamed over the first.
 */
export async function fileJournalMedium(path: string): Promise<JournalMedium> {
  const draft = join(dirname(path), `${basename(path)}.new`);
  await mkdir(dirname(path), { recursive: true });
  // A crash before the rename: the draft was never the journal.
  await rm(draft, { force: true });
  let file = await openForAppend(path);
  await syncDirectory(dirname(path));
  return {
    read: async () => new Uint8Array(await readFile(path)),
    append: (bytes) => writeWhole(file, bytes),
    replace: async (bytes) => {
      const next = await openForAppend(draft);
      try {
        await writeWhole(next, bytes);
        await rename(draft, path);
      } catch (error) {
        await next.close();
        throw error;
      }
      // From here on appends go to the new file, whatever the directory's sync says.
      const old = file;
      file = next;
      await old.close();
      await syncDirectory(dirname(path));
    },
    close: () => file.close(),
  };
}

function openForAppend(path: string): Promise<FileHandle> {
  return open(path, O_WRONLY | O_APPEND | O_CREAT | (O_DSYNC ?? 0), 0o600);
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
  if (O_DSYNC === undefined) await file.sync();
}

// A rename is durable only when its directory is. Windows cannot open one, and orders renames by itself.
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
