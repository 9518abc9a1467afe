import { startTestServers } from './test-servers.js';

// `node dist/jest/run.js`: servers for several runs of jest. Prints one line with their environment, and ends them when
// standard input ends, so none outlives a test run that was itself killed.

const { env, stop } = await startTestServers();
process.stdout.write(`${JSON.stringify(env)}\n`);
process.stdin.resume().once('end', () => void stop().then(() => process.exit(0)));
