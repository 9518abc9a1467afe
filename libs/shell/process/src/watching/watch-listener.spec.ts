import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Controller } from '@nestjs/common';
import { route } from '@custos/formats-api';
import { z } from 'zod';
import { openLog, openMetrics, Route, serve, systemModule, type Served } from '../index.js';
import { sendRaw } from '../testing/index.js';

const OPEN_RATE = 3;
const ADDRESS_RATE = 5;

const OPEN = route({
  ...{ name: 'open', method: 'GET', path: '/open', summary: 'For anybody', access: 'open', success: 200 },
  ...{ input: z.object({}), output: z.json() },
});
const STATE = route({ ...OPEN, name: 'state', path: '/state', access: 'member or watch' });

@Controller()
class SampleController {
  @Route(OPEN)
  open() {
    return {};
  }

  @Route(STATE)
  state() {
    return {};
  }
}

class SampleModule {}

/** A TCP proxy on this machine, as a tunnel or a load balancer is: it adds nothing to what it passes on. */
async function forwarderTo(port: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const service = connect(port, '127.0.0.1');
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.pipe(service).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('SR12: a stranger behind a TCP proxy of this machine', () => {
  let served: Served;
  let forwarder: Awaited<ReturnType<typeof forwarderTo>>;

  beforeEach(async () => {
    const metrics = openMetrics('sample');
    const module = {
      module: SampleModule,
      imports: [systemModule({ needs: [], metrics, document: {} })],
      controllers: [SampleController],
    };
    served = await serve({
      ...{ module, host: '127.0.0.1', port: 0, log: openLog('sample', 'silent'), metrics },
      ...{ rateOpen: OPEN_RATE, rateAddress: ADDRESS_RATE, checkMember: async () => undefined },
    });
    forwarder = await forwarderTo(served.port);
  });
  afterEach(async () => {
    await forwarder.close();
    await served.close();
  });

  const ask = async (port: number, target: string, headers: Record<string, string> = {}): Promise<number> => {
    const asked = { method: 'GET', target, headers: { host: 'trace.example.org', ...headers } };
    return (await sendRaw(port, asked)).status;
  };
  const times = async (count: number, send: () => Promise<number>): Promise<readonly number[]> => {
    const statuses: number[] = [];
    for (let i = 0; i < count; i++) statuses.push(await send());
    return statuses;
  };

  it('gets no metrics', async () => {
    expect(await ask(forwarder.port, '/metrics')).toBe(404);
    expect(await ask(served.port, '/metrics')).toBe(404);
    expect(await ask(served.watchPort, '/metrics')).toBe(200);
  });

  it('is counted as the public is', async () => {
    expect(await times(OPEN_RATE + 1, () => ask(forwarder.port, '/open'))).toEqual([200, 200, 200, 429]);
  });

  it('may guess no more tokens than anyone else', async () => {
    const guess = () => ask(forwarder.port, '/nothing', { authorization: 'Bearer guess' });
    expect((await times(ADDRESS_RATE + 1, guess)).at(-1)).toBe(429);
  });

  it('leaves the watch listener free: no one is counted there', async () => {
    await times(ADDRESS_RATE + 1, () => ask(forwarder.port, '/nothing'));
    const watched = await times(ADDRESS_RATE + 1, () => ask(served.watchPort, '/state'));
    expect(new Set(watched)).toEqual(new Set([200]));
  });
});

test('a watch port that is taken ends the start, and frees the public one', async () => {
  const options = { module: SampleModule, host: '127.0.0.1', log: openLog('sample', 'silent') };
  const taken = await serve({ ...options, port: 0 });
  const free = await serve({ ...options, port: 0 });
  await free.close();
  await expect(serve({ ...options, port: free.port, watchPort: taken.watchPort })).rejects.toThrow('EADDRINUSE');
  const again = await serve({ ...options, port: free.port });
  await again.close();
  await taken.close();
});
