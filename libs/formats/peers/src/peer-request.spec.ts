import fc from 'fast-check';
import {
  keyIdOf,
  referenceHasher,
  referencePublicKey,
  referenceSign,
  referenceVerify,
  ZERO_DIGEST,
  type Digest,
  type Signer,
} from '@custos/core-crypto';
import { decodeFrames, encodeFrames } from './frames.js';
import { parsePeerRequest, peerCheck, peerHeaders, REQUEST_LIFE_MS } from './peer-request.js';

const privateKey = new Uint8Array(32).fill(7);
const publicKey = referencePublicKey(privateKey);
const signer: Signer = {
  publicKey,
  keyId: keyIdOf(referenceHasher, publicKey),
  sign: async (message) => referenceSign(message, privateKey),
};
const request = { method: 'GET', path: '/runs?from=7', at: 1_000_000 };

describe('requests between members', () => {
  it('carry a signature over method, path, time and network', async () => {
    const headers = await peerHeaders(signer, ZERO_DIGEST, request);
    const accepted = async (changed: Partial<typeof request>, network: Digest = ZERO_DIGEST): Promise<boolean> => {
      const { method, path, at } = { ...request, ...changed };
      const read = parsePeerRequest({ method, path }, { ...headers, 'custos-time': String(at) }, at);
      return read.ok && referenceVerify(peerCheck(network, signer.publicKey, read.value));
    };
    expect(await accepted({})).toBe(true);
    expect(await accepted({ method: 'POST' })).toBe(false);
    expect(await accepted({ path: '/runs?from=8' })).toBe(false);
    expect(await accepted({ at: 1_000_001 })).toBe(false);
    expect(await accepted({}, '11'.repeat(32) as Digest)).toBe(false);
  });

  it('expire after a minute', async () => {
    const headers = await peerHeaders(signer, ZERO_DIGEST, request);
    expect(parsePeerRequest(request, headers, request.at + REQUEST_LIFE_MS)).toMatchObject({ ok: true });
    expect(parsePeerRequest(request, headers, request.at + REQUEST_LIFE_MS + 1)).toMatchObject({ ok: false });
  });

  it('are refused without an exception when their headers are malformed', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('custos-key', 'custos-time', 'custos-signature'), fc.anything()),
        (h) => {
          expect(parsePeerRequest(request, h, 0).ok).toBe(false);
        },
      ),
    );
  });
});

describe('frames', () => {
  it('round-trip, and arbitrary bytes are decoded or refused without throwing', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.uint8Array({ maxLength: 50 }), (messages, garbage) => {
        expect(decodeFrames(encodeFrames(messages))).toEqual({ ok: true, value: messages });
        decodeFrames(garbage);
      }),
    );
  });
});
