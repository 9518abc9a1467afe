import { connect } from 'node:net';
import { Controller, Get, Param } from '@nestjs/common';
import { route } from '@custos/formats-api';
import { z } from 'zod';
import { DEFAULT_RATES, openLog, openMetrics, Route, serve, systemModule, type Served } from '../index.js';

const OPEN = route({
  ...{ name: 'open', method: 'GET', path: '/open', summary: 'For anybody', access: 'open', success: 200 },
  ...{ input: z.object({}), output: z.json() },
});

@Controller()
class DoorController {
  @Route(OPEN)
  open() {
    return {};
  }

  @Get('things/:thing')
  thing(@Param('thing') thing: string) {
    return { thing };
  }
}

class DoorModule {}

const OPEN_RATE = 3;
const TOKEN_RATE = 5;
const PROBE = 7;

describe('what comes before a route', () => {
  let served: Served;
  let origin: string;

  beforeAll(async () => {
    const metrics = openMetrics('door');
    const module = {
      module: DoorModule,
      imports: [systemModule({ needs: [], metrics, document: {} })],
      controllers: [DoorController],
    };
    served = await serve({
      ...{ module, host: '127.0.0.1', port: 0, log: openLog('door', 'silent'), metrics },
      ...{ rateToken: TOKEN_RATE, rateOpen: OPEN_RATE, rateAddress: PROBE },
      // Tests stand where a reverse proxy stands, and state the address of the client as it does.
      proxies: ['127.0.0.1'],
      rateExempt: ['203.0.113.0/24', '2001:db8:1::1'],
      callerOf: (authorization) =>
        authorization?.startsWith('Bearer known')
          ? { name: authorization, access: 'read', party: '4012345000009', hash: authorization }
          : undefined,
    });
    origin = `http://127.0.0.1:${served.port}`;
  });
  afterAll(() => served.close());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(origin + path, { headers });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  };
  const statuses = async (times: number, path: string, headers: Record<string, string>) => {
    const seen: number[] = [];
    for (let i = 0; i < times; i++) seen.push((await get(path, headers)).status);
    return seen;
  };
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it.each(['/open', '/nothing', '/things/%zz', '/health/live'])(
    '%s states to browsers what an answer is not',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it.each([
    ['a parameter that is too long', `/things/${'x'.repeat(513)}`, 414, 'URI_TOO_LONG'],
    ['a wrong percent-encoding', '/things/%zz', 400, 'URI_INVALID'],
    ['UTF-8 that is cut off', '/things/%c3', 400, 'URI_INVALID'],
  ])('%s is a problem like any other', async (_what, path, status, code) => {
    const answer = await get(path);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([answer.status, answer.body]).toEqual([
      status,
      expect.objectContaining({ type: `urn:custos:problem:${code}`, code, field: 'path', fix: expect.any(String) }),
    ]);
    expect((await get(`/things/${'x'.repeat(512)}`)).status).toBe(200);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
  ])('%s is a problem too, and the connection ends', async (_what, bytes, status) => {
    const said = await exchange(served.port, bytes);
    const [head = '', body = ''] = said.split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('content-type: application/problem+json');
    expect(head).toContain('x-content-type-options: nosniff');
    expect(JSON.parse(body)).toMatchObject({ status, code: expect.any(String), fix: expect.any(String) });
  });

  it('an open route takes so many requests of one address, and no other address waits for it', async () => {
    expect(await statuses(OPEN_RATE + 1, '/open', from('192.0.2.1'))).toEqual([200, 200, 200, 429]);
    const { headers, body } = await get('/open', from('192.0.2.1'));
    expect(body).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      limit: OPEN_RATE,
      fix: expect.stringContaining('come back'),
    });
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`))).toEqual([
      String(OPEN_RATE),
      '0',
      String(seconds),
    ]);
    expect((await get('/open', from('192.0.2.2'))).headers.get('ratelimit-remaining')).toBe(String(OPEN_RATE - 1));
  });

  it('a token counts for itself, wherever it comes from; other routes have the limit of an address', async () => {
    const known = { authorization: 'Bearer known' };
    const seen = await statuses(TOKEN_RATE, '/open', { ...known, ...from('192.0.2.3') });
    expect(seen).toEqual(Array(TOKEN_RATE).fill(200));
    expect((await get('/open', { ...known, ...from('192.0.2.4') })).status).toBe(429);
    expect((await get('/open', { authorization: 'Bearer known too', ...from('192.0.2.3') })).status).toBe(200);
    const guesses = await statuses(PROBE + 1, '/nothing', { authorization: 'Bearer guess', ...from('192.0.2.5') });
    expect(guesses).toEqual([...Array(PROBE).fill(404), 429]);
  });

  it('an IPv6 network of /64 is one address; addresses that the setting names are not counted', async () => {
    const hosts = Array.from({ length: OPEN_RATE + 1 }, (_, i) => from(`2001:db8::${i + 1}`));
    const seen: number[] = [];
    for (const headers of hosts) seen.push((await get('/open', headers)).status);
    expect(seen.at(-1)).toBe(429);
    for (const exempt of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8:1::1'])
      expect(await statuses(OPEN_RATE + PROBE, '/open', from(exempt))).not.toContain(429);
    for (const other of ['203.0.114.7', '127.0.0.1', 'unknown'])
      expect((await statuses(OPEN_RATE + 1, '/open', from(other))).at(-1)).toBe(429);
  });

  it('the defaults leave a packing line, a probe and a ward alone', () => {
    const { rateToken, rateAddress, rateOpen } = DEFAULT_RATES;
    expect(rateToken / 60).toBeGreaterThanOrEqual(400);
    expect(rateAddress / 60).toBeGreaterThanOrEqual(1);
    expect(rateOpen).toBeLessThan(rateAddress);
  });
});

/** Sends bytes as they are, and gives back what came until the other side closed. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.on('close', () => resolve(said));
    // A server that closes while bytes are on their way resets the connection: its answer before that counts.
    socket.on('error', () => undefined);
  });
}
