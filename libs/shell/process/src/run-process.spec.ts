import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs a program over the built room in a process of its own, and sends SIGTERM when it logs `up`. */
async function run(
  program: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const room = JSON.stringify(join(__dirname, '..', 'dist', 'index.js'));
  const source = `import { ConfigError, runProcess } from ${room}; ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { env: { ...process.env, ...env } });
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
    `${KEEP} await runProcess('sample', async (log) => { log.info('up'); return { close: async () => log.info('closed') }; });`,
  );
  expect(code).toBe(0);
  expect(output).toContain('closed');
});

test('what no one caught is logged and ends with 1', async () => {
  const { code, output } = await run(
    `await runProcess('sample', async (log) => { setImmediate(() => { throw new Error('a bug'); }); return { close: async () => log.info('closed') }; }); ${KEEP}`,
  );
  expect(code).toBe(1);
  expect(output).toContain('a bug');
});

test('a wrong setting is reported in its own words', async () => {
  const { code, output } = await run(
    `await runProcess('sample', async (log) => { throw new ConfigError('CUSTOS_HTTP_PORT: set it to a port'); });`,
  );
  expect({ code, output }).toEqual({ code: 1, output: 'CUSTOS_HTTP_PORT: set it to a port\n' });
});

test('a stop that fails is no success, and says why', async () => {
  const { code, output } = await run(
    `${KEEP} await runProcess('sample', async (log) => { log.info('up'); return { close: async () => { throw new Error('disk full'); } }; });`,
  );
  expect(code).toBe(1);
  expect(output).toContain('disk full');
});

test('the level of the log is a setting', async () => {
  const program = `await runProcess('sample', async (log) => { log.debug('fine'); log.warn('up'); return { close: async () => log.info('closed') }; }); ${KEEP}`;
  const { output } = await run(program, { CUSTOS_LOG_LEVEL: 'warn' });
  expect(
    output
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['up']);
  expect((await run(program, { CUSTOS_LOG_LEVEL: 'debug' })).output).toContain('"fine"');
  expect(await run(program, { CUSTOS_LOG_LEVEL: 'loud' })).toEqual({
    code: 1,
    output: expect.stringMatching(/^CUSTOS_LOG_LEVEL: .* one of debug, info, warn, error, silent\n$/),
  });
});

test('the last line of the log is the last that was written, however busy the process is', async () => {
  // The threads that write lines compute something long: a line that is handed to them waits.
  const busy = `const { pbkdf2 } = await import('node:crypto'); await new Promise((go) => setTimeout(go, 200)); for (let i = 0; i < 4; i++) pbkdf2('a', 'b', 200_000, 64, 'sha512', () => {});`;
  const { code, output } = await run(
    `${KEEP} await runProcess('sample', async (log) => { log.info('up'); return { close: async () => { ${busy} log.info('first'); await new Promise(setImmediate); log.info('second'); } }; });`,
  );
  expect(code).toBe(0);
  const lines = output
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
  expect(lines).toEqual(['up', 'stopping', 'first', 'second', 'stopped']);
});
