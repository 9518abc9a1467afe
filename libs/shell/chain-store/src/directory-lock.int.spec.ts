import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
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

/** Another process that asks for the lock, with a folder for temporary files of its own; what it was answered. */
async function askElsewhere(directory: string, temporary: string): Promise<{ answer: string; stop: () => void }> {
  const script = `
    import { lockDirectory } from ${JSON.stringify(join(__dirname, '..', 'dist', 'index.js'))};
    const answer = await lockDirectory(${JSON.stringify(directory)}).then(() => 'granted', (error) => error.constructor.name);
    console.log(answer);
    setInterval(() => undefined, 1_000);`;
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  return { answer: String(answer).trim(), stop: () => void child.kill('SIGKILL') };
}

// A known fault that is not mended yet: mending it turns `failing` off.
it.failing('S7b: excludes a process with another TMPDIR, as in another container', async () => {
  const base = await mkdtemp(join(tmpdir(), 'custos-lock-'));
  const asked: Awaited<ReturnType<typeof askElsewhere>>[] = [];
  try {
    for (const name of ['a', 'b']) {
      const temporary = join(base, name);
      await mkdir(temporary);
      asked.push(await askElsewhere(join(base, 'data'), temporary));
    }
    expect(asked.map(({ answer }) => answer)).toEqual(['granted', 'DirectoryLocked']);
  } finally {
    for (const { stop } of asked) stop();
    await rm(base, { recursive: true, force: true });
  }
});
