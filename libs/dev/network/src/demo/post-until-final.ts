import { pause } from '../child.js';
import type { Answer, Client } from '../http.js';

/** How long a task may be pending: above what a network on a busy machine ever took. */
const PENDING_LIMIT_MS = 120_000;
/** Between two requests when the answer does not say. */
const AGAIN_MS = 500;

/**
 * Posts a task and returns its final answer. While it is pending (202: the network is slow, or away) the request is sent
 * again under the same Idempotency-Key, which is answered with what became of the first. `took` is the time of all.
 * Returns the last 202 when the task is still pending after {@link PENDING_LIMIT_MS}.
 */
export async function postUntilFinal(service: Client, path: string, body: unknown): Promise<Answer> {
  const idempotencyKey = crypto.randomUUID();
  const started = performance.now();
  for (;;) {
    const answer = await service.post(path, body, { idempotencyKey });
    const took = performance.now() - started;
    if (answer.status !== 202 || took > PENDING_LIMIT_MS) return { ...answer, took };
    await pause(Number(answer.headers.get('retry-after')) * 1_000 || AGAIN_MS);
  }
}
