import { pause } from '../child.js';
import { expectStatus } from '../demo/narration.js';
import type { Answer } from '../http.js';
import type { Network } from '../network.js';

const POLL_MS = 20;

/** What many tasks took, from outside. */
export interface Sample {
  /** Milliseconds from each request to its final answer. */
  readonly latencies: readonly number[];
  /** Milliseconds until the last one was final and trace had projected it. */
  readonly took: number;
}

/** `count` tasks, `inFlight` at a time; every one must be accepted and final. */
export async function runTasks(
  network: Network,
  count: number,
  inFlight: number,
  task: (index: number) => Promise<Answer>,
): Promise<Sample> {
  const latencies: number[] = [];
  let next = 0;
  let height = 0;
  const worker = async () => {
    while (next < count) {
      const answer = await task(next++);
      height = Math.max(height, expectStatus(answer, 201, 'a task of the bench').height as number);
      latencies.push(answer.took);
    }
  };
  const { took } = await timed(async () => {
    await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
    while ((await traceHeight(network)) < height) await pause(POLL_MS);
  });
  return { latencies, took };
}

export async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly took: number }> {
  const begun = performance.now();
  return { value: await work(), took: performance.now() - begun };
}

async function traceHeight(network: Network): Promise<number> {
  const { body } = await network.traceAs('regulator').get('/blocks?limit=1');
  return (body as { asOf: { height: number } }).asOf.height;
}
