import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex, utf8 } from '@custos/core-bytes';
import { nodeHasher } from '@custos/shell-node-crypto';

const PARTY = '4012345000009';
const caller = (name: string) => ({
  ...{ name, access: 'operate', party: PARTY, hash: toHex(nodeHasher.digest(utf8(`token of ${name}`))) },
});

/** Answers by the callers' file; `/slow` is held until `/release` comes. */
const program = (tokens: string): string => `
  import { createServer } from 'node:http';
  import { callerBook } from '@custos/formats-api';
  import { nodeHasher } from '@custos/shell-node-crypto';
  import { runProcess } from '@custos/shell-process';
  import { readCallers } from '@custos/node-member-service';
  const read = () => callerBook(nodeHasher, readCallers({ tokensFile: ${JSON.stringify(tokens)} }, '${PARTY}'));
  await runProcess('sample', async (log) => {
    let book = read();
    const held = [];
    const server = createServer((request, response) => {
      if (!book(request.headers.authorization)) return response.writeHead(401).end();
      if (request.url === '/slow') return log.info('held', { count: held.push(response) });
      if (request.url === '/release') held.forEach((each) => each.end());
      response.end();
    }).listen(0, '127.0.0.1', () => log.info('up', { port: server.address().port }));
    return { reload: () => void (book = read()), close: async () => void server.closeAllConnections() };
  });`;

test('SIGHUP: a token taken out is 401, requests under way end, and a wrong file changes nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-reload-'));
  const tokens = join(directory, 'tokens.json');
  writeFileSync(tokens, JSON.stringify([caller('till'), caller('desk')]));
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(tokens)], {
    cwd: join(__dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const written = async (words: string): Promise<void> => {
    while (!output.includes(words)) await once(child.stdout, 'data');
  };
  try {
    await written('"up"');
    const [, port] = /"port":(\d+)/.exec(output)!;
    const ask = async (name: string, path = '/'): Promise<number> => {
      const headers = { authorization: `Bearer token of ${name}` };
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status;
    };
    const slow = ask('till', '/slow');
    await written('"held"');
    writeFileSync(tokens, JSON.stringify([caller('desk')]));
    child.kill('SIGHUP');
    await written('"reloaded"');
    expect([await ask('till'), await ask('desk')]).toEqual([401, 200]);
    expect([await ask('desk', '/release'), await slow]).toEqual([200, 200]);
    writeFileSync(tokens, JSON.stringify([caller('till'), caller('desk'), { ...caller('x'), name: 'till' }]));
    child.kill('SIGHUP');
    await written('reload refused');
    expect(output).toContain('caller 2, till, has this name as caller 0 has');
    expect([await ask('till'), await ask('desk')]).toEqual([401, 200]);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(directory, { recursive: true });
  }
});
