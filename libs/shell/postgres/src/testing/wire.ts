import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A relay between a pool and the server that can cut every connection. */
export interface Wire {
  readonly url: string;
  cut(): void;
  close(): void;
}

/** Opens a relay to the server of this address, which may be cut and closed. */
export async function wireTo(url: string): Promise<Wire> {
  const target = new URL(url);
  const { hostname, port } = target;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as AddressInfo).port);
  const close = (): void => {
    cut();
    server.close();
  };
  return { url: target.href, cut, close };
}
