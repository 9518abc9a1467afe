import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs a program over the built room in a process of its own, and tells it SIGTERM when it says `up`. */
async function run(program: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const room = JSON.stringify(join(__dirname, '..', 'dist', 'index.js'));
  const source = `import { ConfigError, openLog, runProcess } from ${room}; const log = openLog('sample'); ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      // More than one signal changes nothing.
      if (output.includes('"up"')) child.kill('SIGTERM');
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

const KEEP = 'setInterval(() => undefined, 1000);';

test('SIGTERM closes what runs, then ends with 0', async () => {
  const { code, output } = await run(
    `${KEEP} await runProcess(log, async () => { log.say('up'); return { close: async () => log.say('closed') }; });`,
  );
  expect(code).toBe(0);
  expect(output).toContain('closed');
});

test('what nobody caught is logged and ends with 1', async () => {
  const { code, output } = await run(
    `await runProcess(log, async () => { setImmediate(() => { throw new Error('a bug'); }); return { close: async () => log.say('closed') }; }); ${KEEP}`,
  );
  expect(code).toBe(1);
  expect(output).toContain('a bug');
});

test('a wrong setting is told in its own words', async () => {
  const { code, output } = await run(
    `await runProcess(log, async () => { throw new ConfigError('CUSTOS_HTTP_PORT: set it to a port'); });`,
  );
  expect({ code, output }).toEqual({ code: 1, output: 'CUSTOS_HTTP_PORT: set it to a port\n' });
});
