import { randomUUID } from 'node:crypto';
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LaneTaken } from '../lanes.js';

/** Bytes of the longest path that a local socket may have everywhere: Linux takes 107, macOS 103. */
const MAX_SOCKET_PATH = 100;
const SUFFIX = '.writer';
const OWNER_ONLY = 0o600;

/**
 * The socket of a lane's writer. It is the lock of the lane, because it ends with its process however that dies, and it
 * wakes readers: they connect to it and get a byte after each append.
 *
 * Every writer shows a file with the address of a socket of its own, then looks for those of others: who shows later sees
 * the earlier one. No address is used twice and none is shown before it listens, so one that refuses is dead for good and
 * any process may remove it. Of several that begin at the same moment at most one gets the lane.
 */
export class WriterBell {
  private readonly readers = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly files: readonly string[],
  ) {
    server.on('connection', (socket) => {
      this.readers.add(socket);
      // A reader that ends in the middle of a write is no trouble of the writer.
      socket.on('error', () => socket.destroy()).on('close', () => this.readers.delete(socket));
      socket.resume();
    });
  }

  /** @throws LaneTaken when a live process writes to the lane of this folder */
  static async hang(folder: string): Promise<WriterBell> {
    const id = randomUUID().slice(0, 8);
    const address = addressOf(folder, id);
    const server = await listen(address);
    const shown = join(folder, id + SUFFIX);
    const bell = new WriterBell(server, [shown, address]);
    try {
      if (process.platform !== 'win32') await chmod(address, OWNER_ONLY);
      await writeFile(`${shown}.new`, address, { mode: OWNER_ONLY });
      await rename(`${shown}.new`, shown);
      const other = await callWriter(folder, id);
      if (other === undefined) return bell;
      other.destroy();
      throw new LaneTaken(`another process writes to ${folder}`);
    } catch (error) {
      await bell.close();
      throw error;
    }
  }

  /** Wakes every reader; one that has not read the last bytes yet wakes by those. */
  ring(): void {
    for (const reader of this.readers) if (!reader.writableNeedDrain) reader.write('.');
  }

  async close(): Promise<void> {
    for (const reader of this.readers) reader.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    for (const file of this.files) await rm(file, { force: true });
  }
}

/** Connects to the live writer of a lane, undefined when there is none; removes what dead ones left. `own` is left out. */
export async function callWriter(folder: string, own?: string): Promise<Socket | undefined> {
  for (const name of await namesIn(folder)) {
    if (!name.endsWith(SUFFIX) || name === own + SUFFIX) continue;
    const file = join(folder, name);
    const address = await readFile(file, 'utf8').catch(() => undefined);
    // Another process removed it a moment ago.
    if (address === undefined) continue;
    const socket = await reach(address);
    if (socket !== undefined) return socket;
    await rm(file, { force: true });
    await rm(address, { force: true });
  }
  return undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Beside the lanes where the path is short enough; among temporary files otherwise. */
function addressOf(folder: string, id: string): string {
  if (process.platform === 'win32') return join('\\\\?\\pipe', `custos-${id}`);
  const beside = join(dirname(folder), `${id}.sock`);
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH ? beside : join(tmpdir(), `custos-${id}.sock`);
}

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    // The lock must not keep a process up that has nothing else to do.
    server.listen(address, () => resolve(server.unref()));
  });
}

function reach(address: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
  });
}
