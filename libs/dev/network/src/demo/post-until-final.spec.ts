import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { client } from '../http.js';
import { postUntilFinal } from './post-until-final.js';

it('a pending task is asked for again under one key until it is final, and the time of all is counted', async () => {
  const keys: unknown[] = [];
  const answers: readonly [number, object][] = [
    [202, { status: 'pending', job: 'one' }],
    [202, { status: 'pending', job: 'one' }],
    [201, { status: 'final', height: 7 }],
  ];
  const server = createServer((request: IncomingMessage, response) => {
    const [status, body] = answers[keys.length]!;
    keys.push(request.headers['idempotency-key']);
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await postUntilFinal(client(`http://127.0.0.1:${port}`), '/shipments', {});
    expect([answer.status, answer.body]).toEqual([201, { status: 'final', height: 7 }]);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
