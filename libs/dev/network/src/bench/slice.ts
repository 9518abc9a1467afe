import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pause } from '../child.js';
import { newGoods, serialOf } from '../demo/goods.js';
import { expectStatus, table } from '../demo/narration.js';
import { playLife } from '../demo/story.js';
import { startNetwork, type Network } from '../network.js';
import { demoTopology } from '../topology.js';
import { percentile, rounded, saveResults, type Metric } from './results.js';

/** The first blocks run in cold code, in ten processes: they are not measured. One by one, as at rest. */
const WARM_UP = 400;
const AT_REST = 400;
const UNDER_LOAD = 3_000;
/** Requests in flight under load: enough that batches form while one is being agreed on. */
const IN_FLIGHT = 128;
const POLL_MS = 20;

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
    await single(cold.value, WARM_UP, 2);
    const rest = await single(cold.value, AT_REST, 1);
    measured('finality_p50_ms', percentile(rest.latencies, 0.5), 'ms');
    measured('finality_p99_ms', percentile(rest.latencies, 0.99), 'ms');
    const load = await single(cold.value, UNDER_LOAD, IN_FLIGHT);
    measured('single_event_tx_per_s', UNDER_LOAD / (load.took / 1000), '1/s');
    measured('finality_under_load_p50_ms', percentile(load.latencies, 0.5), 'ms');
    measured('finality_under_load_p99_ms', percentile(load.latencies, 0.99), 'ms');
  } finally {
    await cold.value.stop();
  }
  const warm = await timed(() => begin(false));
  measured('boot_warm_s', warm.took / 1000, 's');
  await warm.value.stop();
  if (options.downloadMs > 0) measured('download_s', options.downloadMs / 1000, 's');
  for (const row of table(metrics.map(({ name, value, unit }) => [name, String(value), unit]))) write(row);
  write(saveResults(root, 'slice', metrics));
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly took: number }> {
  const begun = performance.now();
  return { value: await work(), took: performance.now() - begun };
}

interface Sample {
  readonly latencies: readonly number[];
  /** Until the last one was final and trace had projected it. */
  readonly took: number;
}

/** `count` commissionings of one pack each, `inFlight` at a time; every one must be accepted and final. */
async function single(network: Network, count: number, inFlight: number): Promise<Sample> {
  const { expiry, packs } = newGoods(new Date());
  const prefix = serialOf(packs[0]!).slice(0, '(01)04012345123456(21)'.length);
  const lot = `B${randomBytes(3).toString('hex').toUpperCase()}`;
  const run = randomBytes(4).toString('hex').toUpperCase();
  const service = network.service('manufacturer');
  const latencies: number[] = [];
  let next = 0;
  let height = 0;
  const worker = async () => {
    while (next < count) {
      const body = { codes: [`${prefix}${run}${next++}`], lot, expiry };
      const answer = await service.post('/commissionings', body);
      height = Math.max(height, expectStatus(answer, 201, 'a commissioning').height as number);
      latencies.push(answer.took);
    }
  };
  const { took } = await timed(async () => {
    await Promise.all(Array.from({ length: inFlight }, worker));
    while ((await traceHeight(network)) < height) await pause(POLL_MS);
  });
  return { latencies, took };
}

async function traceHeight(network: Network): Promise<number> {
  const { body } = await network.traceAs('regulator').get('/blocks?limit=1');
  return (body as { asOf: { height: number } }).asOf.height;
}
