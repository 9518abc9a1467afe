import { runProcess } from '@custos/shell-process';
import { traceConfig } from './config.js';
import { openParts } from './parts.js';
import { startTrace } from './start-trace.js';

await runProcess('trace', async (log) => {
  const config = traceConfig(process.env);
  return startTrace(await openParts(config, log), config);
});
