// One set-up at a time in a checkout. The lock is a listening socket, which ends with its process however that dies.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes of the longest path that a local socket may have everywhere: Linux takes 107, macOS 103. */
const MAX_SOCKET_PATH = 100;
const SUFFIX = '.lock';
/** Longest pause of one that gave way, milliseconds: of two that begin at the same moment one comes first. */
const GIVE_WAY_MS = 100;

/**
 * Runs `work` while no other process does in this folder. `onWait` is called once when another one is at it; work goes on
 * as soon as that one is done or dead.
 */
export async function alone(folder, onWait, work) {
  mkdirSync(folder, { recursive: true });
  let isFirst = true;
  for (;;) {
    const { lock, other } = await tryLock(folder);
    if (lock !== undefined) return work().finally(lock.close);
    if (isFirst) onWait();
    isFirst = false;
    await new Promise((resolve) => other.on('error', resolve).once('close', resolve).resume());
    await new Promise((resolve) => setTimeout(resolve, Math.random() * GIVE_WAY_MS));
  }
}

/**
 * Shows a file with the address of a socket of its own, then looks for those of others: who shows later sees the earlier
 * one. No address is used twice and none is shown before it listens, so one that refuses is dead for good.
 */
async function tryLock(folder) {
  const id = randomUUID().slice(0, 8);
  const address = addressOf(folder, id);
  const shown = join(folder, id + SUFFIX);
  const visitors = new Set();
  const server = createServer((socket) => {
    visitors.add(socket.on('error', () => socket.destroy()).on('close', () => visitors.delete(socket)));
    socket.resume();
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(address, () => resolve(server.unref())));
  const close = () => {
    for (const file of [shown, address]) rmSync(file, { force: true });
    server.close();
    for (const socket of visitors) socket.destroy();
  };
  writeFileSync(`${shown}.new`, address, { mode: 0o600 });
  renameSync(`${shown}.new`, shown);
  const other = await findOther(folder, id + SUFFIX).catch((error) => {
    close();
    throw error;
  });
  if (other === undefined) return { lock: { close } };
  close();
  return { other };
}

/** Connects to a live process that shows itself in the folder; removes what dead ones left. */
async function findOther(folder, own) {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(SUFFIX) || name === own) continue;
    const file = join(folder, name);
    const address = readOrNothing(file);
    const socket = address && (await reach(address));
    if (socket) return socket;
    for (const each of [file, address]) if (each) rmSync(each, { force: true });
  }
  return undefined;
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function addressOf(folder, id) {
  if (process.platform === 'win32') return `\\\\?\\pipe\\custos-${id}`;
  const beside = join(folder, `${id}.sock`);
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH ? beside : join(tmpdir(), `custos-${id}.sock`);
}

function reach(address) {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    socket
      .once('connect', () => resolve(socket))
      .once('error', (error) => {
        // Refused or gone: dead. Any other error, such as the socket of another user, says nothing about its process.
        if (['ECONNREFUSED', 'ENOENT'].includes(error.code)) resolve(undefined);
        else
          reject(
            new Error(
              `${address}: ${error.message}; another user may install here: run as that user, or remove the file`,
            ),
          );
      });
  });
}
