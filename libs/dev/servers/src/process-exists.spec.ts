import { spawn } from 'node:child_process';
import { freePort, knock, processExists } from './child.js';

const ROUNDS = 12;

// Threads that compute keep the sockets of a process a moment longer than its first thread lives.
const busy = (port: number): string =>
  `require('node:http').createServer().listen(${port}, '127.0.0.1');
   for (let i = 0; i < 3; i++) require('node:crypto').pbkdf2('a', 'b', 1e9, 64, 'sha512', () => {});`;

const isTaken = (port: number): Promise<boolean> =>
  knock(port).then(
    () => true,
    () => false,
  );

test('a process that ends exists until its port is free', async () => {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const port = await freePort();
    const child = spawn(process.execPath, ['-e', busy(port)], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (!(await isTaken(port))) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGTERM');
    // Without a turn of the event loop, which would wait for all of its threads.
    while (processExists(child.pid!));
    if (await isTaken(port)) taken.push(round);
    await ended;
  }
  expect(taken).toEqual([]);
});
