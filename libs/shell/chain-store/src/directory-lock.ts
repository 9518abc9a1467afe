import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket path holds at most 107 bytes on Linux, 103 on macOS, so the names are parts of hashes. */
const NAME_DIGITS = 24;

/** A lock of a folder against other processes. */
export interface DirectoryLock {
  close(): Promise<void>;
}

/** Another live process works in this directory. */
export class DirectoryLocked extends Error {
  constructor(directory: string) {
    super(`another process works in ${directory}`);
  }
}

/**
 * One process a directory, on one machine (K8): two validators with one key on one disk would contradict each
 * other. Node has no flock; a listening socket ends with its process, however that dies. Of several that start
 * at the same moment at most one gets the lock. On different disks or machines nothing can exclude them.
 * @throws DirectoryLocked
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true });
  const hash = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex');
  const name = `custos-${hash.slice(0, NAME_DIGITS)}`;
  return process.platform === 'win32' ? lockByPipe(name, directory) : lockBySocket(name, directory);
}

// Every contender shows a socket of its own, then looks for those of others: whoever showed later sees the earlier
// one. No name is ever used twice and none is shown before it listens, so one that refuses is dead for good and
// may be removed by anybody.
async function lockBySocket(name: string, directory: string): Promise<DirectoryLock> {
  const own = `${name}-${randomUUID().slice(0, 8)}`;
  const hidden = join(tmpdir(), `${own}.new`);
  const shown = join(tmpdir(), `${own}.sock`);
  const server = await listen(hidden);
  const lock = {
    close: async () => {
      await closed(server);
      await rm(shown, { force: true });
    },
  };
  try {
    await rename(hidden, shown);
    for (const file of await readdir(tmpdir())) {
      if (!file.startsWith(`${name}-`) || !file.endsWith('.sock') || file === `${own}.sock`) continue;
      if (await isAlive(join(tmpdir(), file))) throw new DirectoryLocked(directory);
      await rm(join(tmpdir(), file), { force: true });
    }
    return lock;
  } catch (error) {
    await lock.close();
    throw error;
  }
}

// A Windows pipe is exclusive by its name and gone with its process.
async function lockByPipe(name: string, directory: string): Promise<DirectoryLock> {
  try {
    const server = await listen(join('\\\\?\\pipe', name));
    return { close: () => closed(server) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new DirectoryLocked(directory);
    throw error;
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    // The lock must not keep a process up that has nothing else to do.
    server.listen(path, () => resolve(server.unref()));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}
