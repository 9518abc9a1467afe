import { startTestServers, type TestServers } from './test-servers.js';

let running: TestServers | undefined;

/** Starts servers for a run of jest, unless the environment names some already: `npm test` starts one for all its runs. */
export async function setUp(): Promise<void> {
  if ((process.env['CUSTOS_KAFKA'] ?? process.env['CUSTOS_LANES']) && process.env['CUSTOS_POSTGRES']) return;
  running = await startTestServers();
  Object.assign(process.env, running.env);
}

/** Stops what {@link setUp} has started. */
export async function tearDown(): Promise<void> {
  await running?.stop();
  running = undefined;
}
