import { exitOnSignals } from './child.js';
import { repositoryRoot } from './java.js';
import { startKafka } from './kafka.js';

// `node dist/broker.js DIRECTORY PORT`: a broker of its own for a test that kills it. Prints one line with its address
// and process id, and ends it when standard input ends, so none outlives a test run that was itself killed.

const [directory, port] = process.argv.slice(2);
if (directory === undefined || port === undefined) throw new Error('usage: broker.js DIRECTORY PORT');
exitOnSignals();
const { address, pid, stop } = await startKafka({
  root: repositoryRoot(import.meta.dirname),
  directory,
  port: Number(port),
});
process.stdout.write(`${JSON.stringify({ address, pid })}\n`);
process.stdin.resume().once('end', () => void stop('SIGKILL').then(() => process.exit(0)));
