import { connect } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { route, type Caller, type Route as Contract } from '@custos/formats-api';
import { from } from 'rxjs';
import { z } from 'zod';
import { openLog, Problem, Route, serve, type Asked, type Served } from '../index.js';

const PARTY = '4012345000009';
const LIMIT = 2_000;

const THING = { method: 'GET', access: 'public', input: z.object({}), output: z.json(), success: 200 } as const;
const EXAMPLE = {
  put: route({
    ...{ name: 'put', method: 'POST', path: '/things/{thing}', summary: 'Put a thing', access: 'operate' },
    ...{ params: { thing: z.string() }, input: z.strictObject({ size: z.number() }), output: z.json(), success: 201 },
    maxBytes: LIMIT,
  }),
  look: route({ ...THING, name: 'look', path: '/things/{thing}', summary: 'Look', access: 'open' }),
  find: route({
    ...{ ...THING, name: 'find', path: '/things', summary: 'Find things', access: 'read' },
    input: z.strictObject({ limit: z.coerce.number().int().min(1).default(10) }),
  }),
  raw: route({ ...THING, name: 'raw', path: '/raw', summary: 'As sent', judgedBy: 'core', input: z.strictObject({}) }),
  upload: route({
    ...{ ...THING, name: 'upload', method: 'POST', path: '/uploads', summary: 'Upload a table', input: z.unknown() },
    ...{ judgedBy: 'core', bodyMedia: ['text/csv'] },
  }),
  peers: route({ ...THING, name: 'peers', path: '/peers', summary: 'For members', access: 'member' }),
  near: route({ ...THING, name: 'near', path: '/near', summary: 'For neighbours', access: 'member or watch' }),
  watch: route({ ...THING, name: 'watch', path: '/watch', summary: 'For who watches', access: 'watch' }),
  moved: route({
    ...{ ...THING, name: 'moved', path: '/old/{rest*}', summary: 'Moved', params: { rest: z.string() } },
    ...{ success: 308, output: z.void() },
  }),
  file: route({ ...THING, name: 'file', path: '/file', summary: 'A file', media: 'application/pdf' }),
  events: route({ ...THING, name: 'events', path: '/events', summary: 'Events', media: 'text/event-stream' }),
} as const;
const ELSEWHERE = route({ ...THING, name: 'elsewhere', path: '/elsewhere', summary: 'Not mounted' });

@Controller()
class ExampleController {
  @Route(EXAMPLE.put)
  put({ params, input, caller }: Asked<typeof EXAMPLE.put>) {
    return { thing: params.thing, size: input.size, by: caller.name };
  }

  @Route(EXAMPLE.look)
  look({ caller }: Asked<typeof EXAMPLE.look>) {
    return { by: caller?.name ?? 'no one' };
  }

  @Route(EXAMPLE.find)
  find({ input }: Asked<typeof EXAMPLE.find>) {
    return { limit: input.limit };
  }

  @Route(EXAMPLE.raw)
  raw({ input }: Asked<typeof EXAMPLE.raw>) {
    return input;
  }

  @Route(EXAMPLE.upload)
  upload({ input }: Asked<typeof EXAMPLE.upload>) {
    return { text: (input as Buffer).toString() };
  }

  @Route(EXAMPLE.peers)
  peers() {
    return {};
  }

  @Route(EXAMPLE.near)
  near() {
    return {};
  }

  @Route(EXAMPLE.watch)
  watch() {
    return {};
  }

  @Route(EXAMPLE.moved)
  moved({ params, reply }: Asked<typeof EXAMPLE.moved>) {
    void reply.header('location', `/new/${params.rest}`);
  }

  @Route(EXAMPLE.file)
  file() {
    return Buffer.from('%PDF');
  }

  @Route(EXAMPLE.events)
  events() {
    return from([{ data: { n: 1 } }, { data: { n: 2 } }]);
  }
}

@Controller()
class StrayController {
  @Get('stray')
  stray() {
    return {};
  }
}

class ExampleModule {}

const serveExample = (contracts: readonly Contract[], controllers = [ExampleController] as (new () => object)[]) =>
  serve({
    ...{ module: { module: ExampleModule, controllers }, host: '127.0.0.1', port: 0 },
    ...{ log: openLog('mount', 'silent'), contracts },
    callerOf: (authorization): Caller | undefined => {
      const [, access] = (authorization ?? '').split(' ');
      return access === 'read' || access === 'operate'
        ? { name: access, access, party: PARTY, hash: access }
        : undefined;
    },
    async checkMember({ headers }) {
      if (headers['custos-key'] === 'member') return;
      throw new Problem({ status: 401, code: 'UNAUTHENTICATED', title: 'Members only' });
    },
  });

describe('a contract that is mounted', () => {
  let served: Served;
  beforeAll(async () => (served = await serveExample(Object.values(EXAMPLE))));
  afterAll(() => served.close());

  const ask = async (path: string, { token, ...init }: RequestInit & { readonly token?: string } = {}) => {
    const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...init.headers };
    const url = `http://127.0.0.1:${served.port}${path}`;
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
  const post = (body: unknown, token?: string) => {
    const headers = { 'content-type': 'application/json' };
    return ask('/things/a%2Fb', { method: 'POST', body: JSON.stringify(body), token, headers });
  };

  it('gives path, method, status and parsed input to its method', async () => {
    const { status, body } = await post({ size: 3 }, 'operate');
    expect([status, body]).toEqual([201, { thing: 'a/b', size: 3, by: 'operate' }]);
    expect((await ask('/things', { token: 'read' })).body).toEqual({ limit: 10 });
    expect((await ask('/raw?a=1&a=2')).body).toEqual({ a: ['1', '2'] });
  });

  it('refuses what its schema does not take, by the place', async () => {
    expect((await post({ size: 'x' }, 'operate')).body).toMatchObject({
      status: 400,
      code: 'TYPE_WRONG',
      field: '/size',
    });
    const refused = await ask('/things?limit=0', { token: 'read' });
    expect(refused.body).toMatchObject({ status: 400, code: 'TOO_LITTLE', field: 'limit' });
  });

  it('refuses a body over its limit', async () => {
    expect((await post({ size: 1, more: 'x'.repeat(LIMIT) }, 'operate')).status).toBe(413);
  });

  it('takes the media types that it states, and no other', async () => {
    const upload = (path: string, type: string, body: string) =>
      ask(path, { method: 'POST', body, token: 'operate', headers: { 'content-type': type } });
    expect(await upload('/uploads', 'text/csv; charset=utf-8', 'a,b')).toMatchObject({
      status: 200,
      body: { text: 'a,b' },
    });
    for (const [path, type] of [
      ['/uploads', 'application/json'],
      ['/things/a', 'text/csv'],
    ] as const)
      expect((await upload(path, type, '{}')).body).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNKNOWN' });
  });

  it.each([
    ['no token', undefined, 401, 'UNAUTHENTICATED'],
    ['a wrong token', 'guess', 401, 'UNAUTHENTICATED'],
    ['a token that may only read', 'read', 403, 'ACCESS_MISSING'],
  ])('answers %s before the body is read', async (_who, token, status, code) => {
    const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
    const head = `POST /things/a HTTP/1.1\r\nhost: x\r\n${authorization}content-type: application/json\r\n`;
    const answer = await answerToHead(served.port, `${head}content-length: 1999\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer.includes('www-authenticate: Bearer')).toBe(status === 401);
  });

  it('open: works without a token, and refuses a wrong one', async () => {
    expect((await ask('/things/a')).body).toEqual({ by: 'no one' });
    expect((await ask('/things/a', { token: 'read' })).body).toEqual({ by: 'read' });
    expect((await ask('/things/a', { token: 'guess' })).status).toBe(401);
    expect((await ask('/things', { method: 'HEAD' })).status).toBe(401);
  });

  it.each([
    ['/peers', { 'custos-key': 'member' }, 200],
    ['/peers', {}, 401],
    ['/near', {}, 401],
    ['/near', { 'custos-key': 'member' }, 200],
    ['/watch', {}, 404],
    ['/watch', { 'custos-key': 'member', authorization: 'Bearer operate' }, 404],
  ])('%s with %o: %i', async (path, headers, status) => {
    expect((await ask(path, { headers: headers as Record<string, string> })).status).toBe(status);
  });

  it.each([
    ['/near', 200],
    ['/watch', 200],
    ['/raw', 200],
    ['/peers', 404],
    ['/things', 404],
    ['/nothing', 404],
  ])('at the watch listener, without token and signature: %s %i', async (path, status) => {
    expect((await fetch(`http://127.0.0.1:${served.watchPort}${path}`)).status).toBe(status);
  });

  it('may redirect whatever is below a path, or answer with a file or a stream of events', async () => {
    const moved = await ask('/old/a/b?c=1');
    expect([moved.status, moved.headers.get('location')]).toEqual([308, '/new/a/b']);
    const file = await ask('/file');
    expect([file.status, file.headers.get('content-type'), file.body]).toEqual([200, 'application/pdf', '%PDF']);
    const events = await ask('/events');
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    expect(events.body).toContain('data: {"n":2}');
  });
});

describe('what a service documents', () => {
  it.each<[string, readonly Contract[], (new () => object)[], string]>([
    ['a route without a contract', Object.values(EXAMPLE), [ExampleController, StrayController], 'GET /stray has no'],
    ['a route that is not documented', [EXAMPLE.look], [ExampleController], 'POST /things/:thing has no'],
    ['a contract without a route', [ELSEWHERE], [], 'elsewhere is documented and not mounted'],
  ])('%s ends the start', async (_what, contracts, controllers, fault) => {
    await expect(serveExample(contracts, controllers)).rejects.toThrow(fault);
  });
});

/** Sends a head whose body never comes, and returns what is answered meanwhile. */
function answerToHead(port: number, head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (!answer.includes('"code"')) return;
      resolve(answer);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
