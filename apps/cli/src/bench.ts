import { join } from 'node:path';
import { benchSlice, DEFAULT_PORT_BASE } from '@custos/dev-network';
import { parseArgs } from 'node:util';
import { orUsage, portOf } from './arguments.js';
import type { Command } from './commands.js';

/** Apart from the demo's ports, so that a running demo does not disturb. */
const BENCH_OFFSET = 40;

export const bench: Command = {
  usage: '[--port-base N]',
  summary: 'measure the whole way, print a table, write bench/results/slice.json',
  async run(args) {
    const { values } = orUsage(() => parseArgs({ args: [...args], options: { 'port-base': { type: 'string' } } }));
    await benchSlice({
      root: join(import.meta.dirname, '..', '..', '..'),
      portBase: portOf(values['port-base'] ?? String(DEFAULT_PORT_BASE + BENCH_OFFSET), '--port-base'),
      downloadMs: Number(process.env.CUSTOS_DOWNLOAD_MS ?? 0),
      write: (line) => console.log(line),
    });
    return 0;
  },
};
