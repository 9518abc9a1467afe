import type { FastifyInstance } from 'fastify';
import { healthOf, type Readiness } from './health.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

/** Every answer by route, method and status: counted, and a line for who wants to see each. */
export function observeRequests(http: FastifyInstance, log: Log, metrics: Metrics | undefined): void {
  const seconds = metrics?.histogram('custos_http_request_seconds');
  http.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    // The pattern, not the path: a path may hold a serial number.
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    seconds?.observe({ route, method, status: String(statusCode) }, elapsedTime / 1000);
    log.debug('answered', { route, method, status: statusCode, ms: Math.round(elapsedTime) });
  });
}

/** Whether this process is ready, as `/health/ready` says it. */
export function observeReadiness(needs: readonly Readiness[], metrics: Metrics): void {
  metrics.gauge('custos_ready', async () => Number((await healthOf(needs)).status === 'ok'));
}

/** Returns the counters of lanes, for `countedLanes` of shell/lanes. */
export function observeLanes(metrics: Metrics) {
  const published = metrics.counter('custos_lanes_published_messages_total');
  const publishedBytes = metrics.counter('custos_lanes_published_bytes_total');
  const read = metrics.counter('custos_lanes_read_messages_total');
  const readBytes = metrics.counter('custos_lanes_read_bytes_total');
  let unacknowledged = 0;
  metrics.gauge('custos_lanes_unacknowledged_messages', () => unacknowledged);
  return {
    handedOver: (messages: number) => void (unacknowledged += messages),
    ended: (messages: number) => void (unacknowledged -= messages),
    published(kind: string, messages: number, bytes: number) {
      published.inc({ kind }, messages);
      publishedBytes.inc({ kind }, bytes);
    },
    read(kind: string, messages: number, bytes: number) {
      read.inc({ kind }, messages);
      readBytes.inc({ kind }, bytes);
    },
  };
}

/** The pool of a database, read when somebody asks. */
export function observePostgres(
  pool: { connections(): { readonly idle: number; readonly busy: number; readonly waiting: number } },
  metrics: Metrics,
): void {
  metrics.gauge('custos_postgres_connections', () => {
    const { idle, busy } = pool.connections();
    return { idle, busy };
  });
  metrics.gauge('custos_postgres_waiting_requests', () => pool.connections().waiting);
}
