import type { FastifyInstance } from 'fastify';
import { PROBLEM_MEDIA_TYPE } from './problem.js';

/** Requests that are under way when a process gets the signal to stop have this long to be answered. */
const DRAIN_MS = 5_000;
/** Seconds after which whoever was sent away finds this process's successor, or another one. */
const RETRY_AFTER_S = 5;
/** Still answered while it stops: who watches may see it turn, and count it. */
const WATCHED: readonly string[] = ['/health', '/health/live', '/metrics'];

const STOPPING = JSON.stringify({
  type: 'urn:custos:problem:STOPPING',
  title: 'This process is stopping; nothing was kept',
  status: 503,
  code: 'STOPPING',
  missing: ['this process is stopping'],
  fix: 'send it again in a moment',
});

/** The door of a service: requests that came in may end after it is shut, new ones are sent away. */
export interface Gate {
  /** Requests that wait for their answer. */
  open(): number;
  /** From now on 503 with Retry-After and Connection: close. Resolves when the last request has its answer, or in time. */
  shut(): Promise<void>;
}

/** Before any other hook: who is sent away costs nothing else. */
export function gateOf(http: FastifyInstance): Gate {
  let open = 0;
  let isShut = false;
  let lastEnded = (): void => undefined;
  http.addHook('onRequest', async (request, reply) => {
    if (isShut && !WATCHED.includes(request.routeOptions.url ?? '')) {
      return reply
        .code(503)
        .headers({ 'retry-after': String(RETRY_AFTER_S), connection: 'close', 'content-type': PROBLEM_MEDIA_TYPE })
        .send(STOPPING);
    }
    open++;
    // Also when the client has gone meanwhile.
    reply.raw.once('close', () => {
      if (--open === 0) lastEnded();
    });
    return undefined;
  });
  // A client that keeps its connection would meet a closed one with its next request.
  http.addHook('onSend', async (_request, reply) => {
    if (isShut) void reply.header('connection', 'close');
  });
  return {
    open: () => open,
    async shut() {
      isShut = true;
      if (open === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        lastEnded = resolve;
        timer = setTimeout(resolve, DRAIN_MS);
      });
      clearTimeout(timer);
    },
  };
}
