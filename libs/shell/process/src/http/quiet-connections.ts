import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds that the rest of a half sent request may take once the server closes. */
const HALF_SENT_MS = 2_000;

/** The connections of a server that have no request under way. */
export interface QuietConnections {
  /** Ends those that are silent, and after {@link HALF_SENT_MS} those of a half sent request too. */
  end(): void;
}

/**
 * Watches the connections of a server. Closing a server waits for those that never sent a request, which a browser and a
 * load balancer open ahead: it would wait until the other side gives up.
 */
export function quietConnectionsOf(server: Server): QuietConnections {
  /** The bytes that each had sent when it became quiet. */
  const quiet = new Map<Socket, number>();
  const keep = (socket: Socket): void => {
    if (!socket.destroyed) quiet.set(socket, socket.bytesRead);
  };
  server.on('connection', (socket: Socket) => {
    socket.once('close', () => quiet.delete(socket));
    keep(socket);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    quiet.delete(socket);
    response.once('close', () => keep(socket));
  });
  return {
    end() {
      for (const [socket, sent] of quiet) if (socket.bytesRead === sent) socket.destroy();
      setTimeout(() => {
        for (const socket of quiet.keys()) socket.destroy();
      }, HALF_SENT_MS).unref();
    },
  };
}
