import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../demo/narration.js';
import { playLife } from '../demo/story.js';
import { startNetwork } from '../network.js';
import { demoTopology } from '../demo/demo-topology.js';
import { benchBulk } from './bulk.js';
import { timed } from './load.js';
import { percentile, rounded, saveResults, type Metric } from './results.js';
import { commissionOneByOne } from './single.js';
import { usageOf, type Usage } from './usage.js';

/** The first blocks run in cold code, in ten processes: they are not measured. One by one, as at rest. */
const WARM_UP = 400;
/** Full blocks take other paths through the same code. */
const WARM_UP_LOAD = 1_000;
const AT_REST = 400;
const UNDER_LOAD = 4_000;
/** Requests in flight under load: enough that batches form while one is being agreed on. */
const IN_FLIGHT = 256;

export interface BenchOptions {
  readonly root: string;
  readonly portBase: number;
  /** What set-up had to fetch, milliseconds; 0 when all was there. */
  readonly downloadMs: number;
  readonly write: (line: string) => void;
}

/** The whole way, measured from outside: an HTTP request to one service until its final answer. */
export async function benchSlice(options: BenchOptions): Promise<void> {
  const { root, write } = options;
  const directory = join(root, '.custos', 'bench');
  const begin = (reset: boolean) =>
    startNetwork({ topology: demoTopology(options.portBase, 'custos-bench'), directory, root, reset, log: write });
  const metrics: Metric[] = [];
  const measured = (name: string, value: number, unit: string) => metrics.push({ name, value: rounded(value), unit });

  const cold = await timed(() => begin(true));
  measured('boot_s', cold.took / 1000, 's');
  try {
    // Registers the product and warms every process that the life touches.
    await playLife(cold.value, { step: () => undefined, line: () => undefined });
    await commissionOneByOne(cold.value, WARM_UP, 2);
    const rest = await commissionOneByOne(cold.value, AT_REST, 1);
    measured('finality_p50_ms', percentile(rest.latencies, 0.5), 'ms');
    measured('finality_p99_ms', percentile(rest.latencies, 0.99), 'ms');
    await commissionOneByOne(cold.value, WARM_UP_LOAD, IN_FLIGHT);
    const before = usageOf(cold.value);
    const load = await commissionOneByOne(cold.value, UNDER_LOAD, IN_FLIGHT);
    measured('single_event_tx_per_s', UNDER_LOAD / (load.took / 1000), '1/s');
    measured('finality_under_load_p50_ms', percentile(load.latencies, 0.5), 'ms');
    measured('finality_under_load_p99_ms', percentile(load.latencies, 0.99), 'ms');
    for (const { name, value, unit } of usageMetrics(before, usageOf(cold.value))) measured(name, value, unit);
    // Once in cold code: the validators' and the followers' paths for events of 200 packs.
    await benchBulk(cold.value);
    const bulk = await benchBulk(cold.value);
    measured('packs_touched_per_s', bulk.packsTouchedPerSecond, '1/s');
    measured('packs_moved_per_s', bulk.packsMovedPerSecond, '1/s');
  } finally {
    await cold.value.stop();
  }
  const warm = await timed(() => begin(false));
  measured('boot_warm_s', warm.took / 1000, 's');
  await warm.value.stop();
  if (options.downloadMs > 0) measured('download_s', options.downloadMs / 1000, 's');
  const tested = lastTest(root);
  if (tested !== undefined) measured('test_s', tested, 's');
  for (const row of table(metrics.map(({ name, value, unit }) => [name, String(value), unit]))) write(row);
  write(saveResults(root, 'slice', metrics));
}

/** Seconds of the last whole `npm test` of this checkout that passed, set-up included. */
function lastTest(root: string): number | undefined {
  const file = join(root, '.custos', 'test_s');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** Processor time of one event under load, of every process, and the memory that each then holds. */
function usageMetrics(before: readonly Usage[], after: readonly Usage[]): readonly Metric[] {
  const spent = after.map(({ name, cpuMs }) => ({
    name: `cpu_ms_per_event.${name}`,
    value: (cpuMs - (before.find((each) => each.name === name)?.cpuMs ?? 0)) / UNDER_LOAD,
    unit: 'ms',
  }));
  const total = spent.reduce((sum, { value }) => sum + value, 0);
  const held = after.map(({ name, rssMb }) => ({ name: `rss_mb.${name}`, value: rssMb, unit: 'MB' }));
  return [{ name: 'cpu_ms_per_event', value: total, unit: 'ms' }, ...spent, ...held];
}
