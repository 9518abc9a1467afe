import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  keyIdOf,
  referenceHasher,
  referencePublicKey,
  referenceSign,
  referenceVerify,
  type Digest,
  type Signer,
} from '@custos/core-crypto';
import { encodeFrames, parsePeerRequest, peerCheck } from '@custos/formats-peers';
import { getBounded, memberClient } from './index.js';

const NETWORK = '12'.repeat(32) as Digest;
const NOW = 1_790_000_000_000;
const key = new Uint8Array(32).fill(7);
const publicKey = referencePublicKey(key);
const signer: Signer = {
  keyId: keyIdOf(referenceHasher, publicKey),
  publicKey,
  sign: (message) => Promise.resolve(referenceSign(message, key)),
};
const identity = { networkId: NETWORK, signer, now: () => NOW };
const LIMITS = { maxBytes: 1_000, timeoutMs: 60_000 };

const servers: Server[] = [];

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a client of a member', () => {
  it('signs each request for its network, path and time', async () => {
    const seen: boolean[] = [];
    const url = await serve((request, response) => {
      const { method = '', url: path = '', headers } = request;
      const parsed = parsePeerRequest({ method, path }, headers, NOW);
      const valid = parsed.ok && referenceVerify(peerCheck(NETWORK, publicKey, parsed.value));
      seen.push(valid && parsed.value.keyId === signer.keyId);
      response.end(encodeFrames([Uint8Array.of(1), Uint8Array.of(2, 3)]));
    });
    const client = memberClient(url, identity, 60_000);
    expect((await client.runs(7)).map((frame) => [...frame])).toEqual([[1], [2, 3]]);
    expect(await client.certificates(0, 5)).toHaveLength(2);
    expect(await client.block(NETWORK)).toBeDefined();
    expect(await client.pieces(0)).toBeDefined();
    expect(await client.leaves(['unit/01/04012345000016/21/A B'])).toMatchObject({ ok: false });
    expect(seen).toEqual([true, true, true, true, true]);
  });

  it.each(['', '/', '/validator', '/validator/'])(
    'signs what the validator sees behind a proxy: base %j',
    async (base) => {
      const seen: string[] = [];
      const url = await serve(({ method = '', url: path = '', headers }, response) => {
        const inner = path.startsWith('/validator/') ? path.slice('/validator'.length) : path;
        const parsed = parsePeerRequest({ method, path: inner }, headers, NOW);
        const valid = parsed.ok && referenceVerify(peerCheck(NETWORK, publicKey, parsed.value));
        seen.push(`${valid} ${path}`);
        response.end(encodeFrames([]));
      });
      const client = memberClient(url + base, identity, 60_000);
      await client.runs(7);
      // A serial may hold an apostrophe (GS1 General Specifications, 7.11), which a URL writes otherwise.
      await client.leaves(["unit/01/04012345000016/21/A'B"]);
      const prefix = base.startsWith('/v') ? '/validator' : '';
      expect(seen).toEqual([
        `true ${prefix}/runs?from=7`,
        `true ${prefix}/leaves?proof=true&key=unit%2F01%2F04012345000016%2F21%2FA%27B`,
      ]);
    },
  );

  it('takes 404 as no such block, and as a failure everywhere else', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end('{}'));
    const client = memberClient(url, identity, 60_000);
    expect(await client.block(NETWORK)).toBeUndefined();
    await expect(client.runs(1)).rejects.toThrow('HTTP 404');
  });

  it('refuses frames that are none, and states where', async () => {
    const url = await serve((_request, response) => response.end(Buffer.from('ffffffff00', 'hex')));
    await expect(memberClient(url, identity, 60_000).runs(1)).rejects.toThrow('/runs?from=1: @');
  });

  it('rejects when no one listens', async () => {
    const url = await serve(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    await expect(memberClient(url, identity, 60_000).runs(1)).rejects.toThrow();
  });
});

describe('SR13: the answer of a lying member', () => {
  it('cannot send the signed request to another address', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked++;
      response.end();
    });
    const url = await serve((_request, response) => response.writeHead(302, { location: other }).end());
    await expect(memberClient(url, identity, 60_000).runs(1)).rejects.toThrow();
    expect(asked).toBe(0);
  });

  it('ends at the limit when it has no end', async () => {
    const url = await serve((request, response) => {
      const more = (): void => {
        if (response.write(Buffer.alloc(500))) setImmediate(more);
        else response.once('drain', more);
      };
      request.once('close', () => response.destroy());
      more();
    });
    await expect(getBounded(url, {}, LIMITS)).rejects.toThrow('more than 1000 bytes');
  });

  it('is not read at all when it states more than the limit', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': 1_001 }).flushHeaders(),
    );
    await expect(getBounded(url, {}, LIMITS)).rejects.toThrow('more than 1000 bytes');
  });

  it.each(['gzip', 'deflate', 'br'])('is refused when it is encoded: %s', async (encoding) => {
    const body = gzipSync(Buffer.alloc(100_000));
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    await expect(getBounded(url, {}, LIMITS)).rejects.toThrow(`encoded as ${encoding}`);
  });

  it('may be as long as the limit', async () => {
    const url = await serve((_request, response) => response.end(Buffer.alloc(1_000)));
    expect(await getBounded(url, {}, LIMITS)).toHaveLength(1_000);
  });

  it('is given up after the timeout', async () => {
    const url = await serve(() => undefined);
    await expect(getBounded(url, {}, { ...LIMITS, timeoutMs: 20 })).rejects.toThrow();
  });

  it('states the status of a failure', async () => {
    const url = await serve((_request, response) => response.writeHead(503).end('away'));
    await expect(getBounded(url, {}, LIMITS)).rejects.toThrow('HTTP 503');
  });
});
