import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { route } from '@custos/formats-api';
import { z } from 'zod';
import { openLog, openMetrics, Problem, Route, serve, systemModule, type Asked, type Served } from '../index.js';

let ready = false;

const LARGE = route({
  ...{ name: 'large', method: 'POST', path: '/large', summary: 'A large body', access: 'public', success: 201 },
  ...{ input: z.string(), output: z.json(), maxBytes: 5_000 },
});

@Controller()
class SampleController {
  @Get('refused')
  refused(): never {
    throw new Problem({ status: 409, code: 'ALREADY_DISPENSED', title: 'It was dispensed', facts: { by: 'x' } });
  }

  @Get('away')
  away(): never {
    throw Object.assign(new Error('secret connection string'), { name: 'PostgresAway' });
  }

  @Get('broken')
  broken(): never {
    throw new Error('secret detail');
  }

  @Route(LARGE)
  large({ input }: Asked<typeof LARGE>): { readonly length: number } {
    return { length: input.length };
  }

  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

/** Requests of `/slow` are answered when the test says so. */
let answerSlow = (): void => undefined;

@Controller()
class SlowController {
  @Get('slow')
  async slow(): Promise<{ readonly done: true }> {
    await new Promise<void>((resolve) => (answerSlow = resolve));
    return { done: true };
  }
}

class SampleModule {}

const metrics = openMetrics('sample');

/** All but setTimeout and clearTimeout. */
const NOT_FAKED = [
  ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval'] as const),
];

describe('a served module', () => {
  let served: Served;
  let origin: string;

  beforeAll(async () => {
    const module = {
      module: SampleModule,
      imports: [systemModule({ needs: [{ name: 'follower', check: () => ready }], metrics, document: {} })],
      controllers: [SampleController],
    };
    served = await serve({
      ...{ module, host: '127.0.0.1', port: 0, log: openLog('sample', 'silent'), metrics },
      bodyLimit: 1_000,
    });
    origin = `http://127.0.0.1:${served.port}`;
  });
  afterAll(() => served.close());

  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(origin + path, init);
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  };
  const post = (body: string, type = 'application/json') =>
    get('/echo', { method: 'POST', body, headers: { 'content-type': type } });

  it('answers a refusal as a problem with its code and facts', async () => {
    const { status, headers, body } = await get('/refused');
    expect(status).toBe(409);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({
      type: 'urn:custos:problem:ALREADY_DISPENSED',
      code: 'ALREADY_DISPENSED',
      facts: { by: 'x' },
    });
  });

  it('names what is away and when to come back, without its secrets', async () => {
    const { status, headers, body } = await get('/away');
    expect([status, headers.get('retry-after'), body.away]).toEqual([503, '2', 'Postgres']);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('keeps what no one expected in the log', async () => {
    const { status, body } = await get('/broken');
    expect([status, body.code]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each([
    ['malformed JSON', '{', 'application/json', 400],
    ['JSON that is nested too deep', '['.repeat(40) + ']'.repeat(40), 'application/json', 400],
    ['a body over the limit', JSON.stringify('x'.repeat(2_000)), 'application/json', 413],
    ['another media type', '<a/>', 'application/xml', 415],
  ])('refuses %s with a typed problem', async (_what, body, type, status) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.code).toEqual(expect.any(String));
  });

  it('says where JSON is wrong, and reads JSON-LD as JSON', async () => {
    expect((await post('{"a":"\\ud800"}')).body).toMatchObject({ code: 'TEXT_INVALID', field: '/a' });
    expect((await post('{"a":1}', 'application/ld+json')).body).toEqual({ a: 1 });
  });

  it('lets a route take more than the others', async () => {
    const send = (path: string) =>
      get(path, {
        method: 'POST',
        body: JSON.stringify('x'.repeat(3_000)),
        headers: { 'content-type': 'application/json' },
      });
    expect(await send('/large')).toMatchObject({ status: 201, body: { length: 3_000 } });
    expect((await send('/echo')).status).toBe(413);
  });

  it('answers an unknown route with a problem', async () => {
    expect(await get('/nothing')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('is alive before it is ready', async () => {
    expect((await get('/health/live')).status).toBe(200);
    const waiting = await get('/health/ready');
    expect(waiting).toMatchObject({ status: 503, body: { missing: ['follower'] } });
    expect(waiting.headers.get('retry-after')).toBe('2');
    expect(await get('/health')).toMatchObject({ status: 200, body: { status: 'waiting', missing: ['follower'] } });
    ready = true;
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('shows metrics at the watch listener, by route and never by path', async () => {
    for (const path of ['/refused', '/nothing/secret']) await get(path);
    const watched = `http://127.0.0.1:${served.watchPort}`;
    const text = await (await fetch(`${watched}/metrics`)).text();
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toContain('route="/refused",method="GET",status="409"');
    expect(text).not.toContain('secret');
    expect((await fetch(`${watched}/health/live`)).status).toBe(200);
  });
});

test('a stop: what came in is answered, what comes now is 503 with Retry-After and Connection: close', async () => {
  const counted = openMetrics('slow');
  const module = {
    module: SampleModule,
    imports: [systemModule({ needs: [], metrics: counted, document: {} })],
    controllers: [SlowController],
  };
  const served = await serve({
    ...{ module, host: '127.0.0.1', port: 0, log: openLog('slow', 'silent'), metrics: counted },
  });
  const url = (path: string): string => `http://127.0.0.1:${served.port}${path}`;
  const began = new Promise<void>((resolve) => {
    const before = answerSlow;
    const look = (): unknown => (answerSlow === before ? setImmediate(look) : resolve());
    look();
  });
  const slow = fetch(url('/slow'));
  await began;
  const metricsUrl = `http://127.0.0.1:${served.watchPort}/metrics`;
  expect(await (await fetch(metricsUrl)).text()).toMatch(/custos_http_open_requests\{service="slow"\} 2/);

  // The drain ends with the last answer, never by its time: that stands still.
  jest.useFakeTimers({ doNotFake: NOT_FAKED });
  const closed = served.close();
  jest.useRealTimers();
  const late = await fetch(url('/slow'));
  expect([late.status, late.headers.get('retry-after'), late.headers.get('connection')]).toEqual([503, '5', 'close']);
  expect(await late.json()).toMatchObject({ code: 'STOPPING', fix: expect.any(String) });
  expect((await fetch(url('/health/live'))).status).toBe(200);
  expect((await fetch(url('/health/ready'))).status).toBe(503);
  expect((await fetch(metricsUrl)).status).toBe(200);

  answerSlow();
  const answer = await slow;
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  await closed;
  await expect(fetch(url('/health/live'))).rejects.toThrow();
  await expect(fetch(metricsUrl)).rejects.toThrow();
});

test('a stop: a request that was half sent before the server closed gets the time to come again too', async () => {
  const served = await serve({
    module: { module: SampleModule, controllers: [SlowController] },
    host: '127.0.0.1',
    port: 0,
    log: openLog('slow', 'silent'),
  });
  const url = `http://127.0.0.1:${served.port}/nothing`;
  const socket = connect(served.port, '127.0.0.1');
  await new Promise<void>((resolve) => socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n', () => resolve()));
  // What has come is read before later connections are answered.
  for (let i = 0; i < 3; i++) await fetch(url, { headers: { connection: 'close' } });
  const closed = served.close();
  while (await fetch(url).catch(() => undefined));
  socket.write('\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
  expect(answer.toLowerCase()).toContain('\r\nretry-after: 5\r\n');
  expect(answer).toContain('"code":"STOPPING"');
  await closed;
});

test.each([
  ['never sent a byte', ''],
  ['sends half a request and no more', 'GET /slow HTTP/1.1\r\nHost: x\r\n'],
])('a stop waits for no connection that %s', async (_what, sent) => {
  const served = await serve({
    module: { module: SampleModule, controllers: [SlowController] },
    host: '127.0.0.1',
    port: 0,
    log: openLog('slow', 'silent'),
  });
  const socket = connect(served.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  if (sent !== '') socket.write(sent);
  // What has come is read before later connections are answered.
  for (let i = 0; i < 3; i++)
    await fetch(`http://127.0.0.1:${served.port}/nothing`, { headers: { connection: 'close' } });
  const ended = once(socket, 'close');
  await served.close();
  await ended;
});
