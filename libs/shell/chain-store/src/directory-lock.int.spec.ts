import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { readdirSync, realpathSync } from 'node:fs';
import { DirectoryLocked, lockDirectory } from './index.js';

describe('K8: one process a directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'custos-lock-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('refuses a second lock, under any name of the directory, until the first is closed', async () => {
    const lock = await lockDirectory(directory);
    const alias = `${directory}-alias`;
    await symlink(directory, alias);
    try {
      await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLocked);
      await expect(lockDirectory(alias)).rejects.toThrow(DirectoryLocked);
      await lock.close();
      await (await lockDirectory(alias)).close();
    } finally {
      await rm(alias);
    }
  });

  it('takes over from a process that was killed', async () => {
    const holder = spawn(process.execPath, ['-e', holding(directory)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    await expect(lockDirectory(directory)).rejects.toThrow(DirectoryLocked);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await lockDirectory(directory)).close();
    expect(readdirSync(tmpdir()).filter((file) => file.startsWith(lockName(directory)))).toEqual([]);
  });

  it('of many that start at once, at most one wins; a later one does once that is gone', async () => {
    for (let round = 0; round < 20; round++) {
      const tries = await Promise.allSettled(Array.from({ length: 6 }, () => lockDirectory(directory)));
      const won = tries.filter((attempt) => attempt.status === 'fulfilled');
      expect(won.length).toBeLessThanOrEqual(1);
      for (const attempt of won) await attempt.value.close();
      await (await lockDirectory(directory)).close();
    }
  });
});

function lockName(directory: string): string {
  return `custos-${createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 24)}`;
}

// A process that holds the lock and dies without a chance to remove its socket.
function holding(directory: string): string {
  const socket = join(tmpdir(), `${lockName(directory)}-00000000.sock`);
  return `require('node:net').createServer().listen(${JSON.stringify(socket)}, () => console.log('up'))`;
}
