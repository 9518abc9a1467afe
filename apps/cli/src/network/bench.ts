import {
  benchInterop,
  benchSlice,
  DEFAULT_PORT_BASE,
  demoTopology,
  portSpan,
  type BenchOptions,
} from '@custos/dev-network';
import { parseArgs } from 'node:util';
import { orUsage, portOf, UsageError } from '../arguments.js';
import type { Command } from '../command.js';
import { root } from '../repository.js';

/** The first port after the demo's, so that a running demo does not disturb. */
const BENCH_PORT_BASE = DEFAULT_PORT_BASE + portSpan(demoTopology().members.length);

/** By the name of their file in bench/results. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  slice: benchSlice,
  interop: benchInterop,
};

export const bench: Command = {
  usage: '[slice|interop] [--port-base N] [--against REF]',
  summary: 'measure the whole way, or reading the words of others; write bench/results',
  async run(args) {
    const options = { 'port-base': { type: 'string' }, against: { type: 'string' } } as const;
    const { values, positionals } = orUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    if (values.against !== undefined)
      throw new UsageError('--against: say npm run bench -- --against REF in a checkout');
    const [name = 'slice', ...more] = positionals;
    const measure = more.length === 0 && Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
    if (!measure) throw new UsageError(`${positionals.join(' ')}: one of ${Object.keys(BENCHES).join(', ')}`);
    await measure({
      root,
      portBase: portOf(values['port-base'] ?? String(BENCH_PORT_BASE), '--port-base'),
      downloadMs: Number(process.env.CUSTOS_DOWNLOAD_MS ?? 0),
      write: (line) => console.log(line),
    });
    return 0;
  },
};
