import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@custos/dev-servers';
import { childProcess, type Child, type ChildSpec } from './child.js';

const directory = mkdtempSync(join(tmpdir(), 'custos-child-'));
const script = join(directory, 'service.cjs');
writeFileSync(
  script,
  `const { PORT } = process.env;
require('node:http').createServer((_, response) => response.end(String(process.pid))).listen(Number(PORT), '127.0.0.1');`,
);
const children: Child[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.stop();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function newSpec(): Promise<ChildSpec> {
  const port = await freePort();
  return {
    ...{ name: 'service', script, port, env: { PORT: String(port) } },
    ...{ logFile: join(directory, 'service.log'), pidFile: join(directory, 'service.pid') },
    readyUrl: `http://127.0.0.1:${port}/`,
  };
}
function newChild(spec: ChildSpec): Child {
  const child = childProcess(spec);
  children.push(child);
  return child;
}
const answering = async ({ readyUrl }: ChildSpec): Promise<number> => Number(await (await fetch(readyUrl)).text());

test('a process that a killed run left behind is ended, and does not answer in the place of the new one', async () => {
  const spec = await newSpec();
  const left = newChild(spec);
  await left.start();
  const { pid } = left;
  expect(await answering(spec)).toBe(pid);
  const next = newChild(spec);
  await next.start();
  expect(next.pid).not.toBe(pid);
  expect(await answering(spec)).toBe(next.pid);
});

test('a port where another program listens is an error that names it, and that program goes on', async () => {
  const spec = await newSpec();
  const stranger = createServer((_, response) => response.end('1'));
  await new Promise<void>((resolve) => stranger.listen(spec.port, '127.0.0.1', resolve));
  try {
    await expect(newChild(spec).start()).rejects.toThrow(`service cannot start: port ${spec.port} is taken`);
    expect(await answering(spec)).toBe(1);
  } finally {
    stranger.closeAllConnections();
    stranger.close();
  }
});

test('a process that begins again after a kill finds its port free', async () => {
  const spec = await newSpec();
  const child = newChild(spec);
  await child.start();
  await child.kill();
  await child.start();
  expect(await answering(spec)).toBe(child.pid);
});
