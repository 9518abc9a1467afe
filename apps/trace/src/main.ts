import { openLog, runProcess } from '@custos/shell-process';
import { traceConfig } from './config.js';
import { openParts } from './parts.js';
import { rebuild } from './rebuild.js';
import { startTrace } from './start-trace.js';

const [command, ...others] = process.argv.slice(2);
if (command === undefined) {
  await runProcess('trace', async (log) => {
    const config = traceConfig(process.env);
    const parts = await openParts(config, log);
    const trace = await startTrace(parts, config);
    return {
      reload: parts.reload,
      async close() {
        await trace.close();
        await parts.lanes.close();
        await parts.postgres.close();
      },
    };
  });
} else if (command === 'rebuild' && others.length === 0) {
  process.exitCode = await rebuild(process.env, openLog('trace'));
} else {
  console.error('usage: main.js [rebuild]');
  process.exitCode = 2;
}
