import { openLog, runProcess } from '@custos/shell-process';
import { traceConfig } from './config.js';
import { openParts } from './parts.js';
import { rebuild } from './rebuild.js';
import { startTrace } from './start-trace.js';

const [command, ...others] = process.argv.slice(2);
if (command === undefined) {
  await runProcess('trace', async (log) => {
    const config = traceConfig(process.env);
    return startTrace(await openParts(config, log), config);
  });
} else if (command === 'rebuild' && others.length === 0) {
  process.exitCode = await rebuild(process.env, openLog('trace'));
} else {
  console.error('usage: main.js [rebuild]');
  process.exitCode = 2;
}
