// One broker and one Postgres for all suites on real processes of a test run: each start takes several seconds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { at, pinnedNode } from './processes.mjs';

/** Starts them. Returns the environment by which tests find them, and `stop`. */
export async function startTestServers() {
  const child = spawn(pinnedNode(), [at('libs/dev/servers/dist/jest/run.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const line = once(createInterface({ input: child.stdout }), 'line');
  const [first] = await Promise.race([line, exit.then(() => [])]);
  if (typeof first !== 'string') throw new Error('the servers of the tests did not start; their reason is above');
  const stop = async () => {
    child.stdin.end();
    await exit;
  };
  return { env: JSON.parse(first), stop };
}
