import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientErrorHandler } from '../http/framework-problems.js';

/** Requests of the watch listeners. An address would not do: any proxy on this machine has one of this machine. */
const watching = new WeakSet<IncomingMessage>();

/** Reports whether a request came in at the watch listener (absence 10). */
export function isWatching({ raw }: Pick<FastifyRequest, 'raw'>): boolean {
  return watching.has(raw);
}

/** The second listener of a service, for metrics and state. */
export interface WatchListener {
  readonly port: number;
  /** Closes it with all of its connections: call it when every request has its answer. */
  close(): Promise<void>;
}

/** The address of a watch listener, and the time in which a request must have come in. */
export interface WatchAddress {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly requestTimeoutMs: number;
}

/** Opens a second listener on the routes and hooks of a server that listens already. */
export async function openWatchListener(
  http: FastifyInstance,
  { host, port, requestTimeoutMs }: WatchAddress,
): Promise<WatchListener> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    watching.add(request);
    http.routing(request, response);
  });
  server.on('clientError', clientErrorHandler);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
